from __future__ import annotations

import threading
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from reportlab.pdfbase.pdfdoc import PDFStream
from reportlab.pdfgen.canvas import Canvas

from app.documents import pdf, pdf_fonts, pdf_objects
from app.documents.json import write_payload
from app.documents.pdf_file import OneRevisionDocument
from app.documents.pdf_layout import BODY, wrap
from signing.control_code import control_code
from tests.support import snapshots
from tests.support.pdf_reading import plain_text
from tests.support.sealing import ConstantSeal
from tests.support.waiting import PATIENCE_S


@pytest.mark.parametrize("content", [b"abc", b"abc\n", b"abc\r\n"])
def test_an_end_of_line_stands_between_the_data_of_a_stream_and_its_end(content: bytes) -> None:
    """PDF/A-3, 6.1.7.1: also when the data itself happens to end with a line feed."""
    pdf_fonts.register()
    canvas = Canvas(BytesIO(), initialFontName=pdf_fonts.REGULAR)
    canvas._doc = OneRevisionDocument()
    canvas._doc._digiSigs = []
    canvas._doc._ID = b"[<00> <00>]"
    canvas._doc.Reference(PDFStream(content=content))
    canvas.showPage()
    data = canvas.getpdfdata()
    assert b"/Length %d" % len(content) in data
    assert b"stream\n" + content + b"\nendstream\n" in data


@pytest.mark.parametrize(
    ("value", "written"),
    [("a(b)\\c", b"(a\\(b\\)\\\\c)"), ("é", b"<FEFF00E9>"), ("a\nb", b"<FEFF0061000A0062>"), ("", b"()")],
)
def test_a_text_string_cannot_end_early(value: str, written: bytes) -> None:
    assert pdf_objects.text(value) == written


def test_lines_fit_and_lose_nothing() -> None:
    text = "Een gewone zin met een " + "lang" * 60 + " woord en € 1.234,56 erbij"
    lines = wrap(text, BODY, 120.0)
    assert "".join(lines).replace("\xa0", " ") == text
    assert all(pdf_fonts.width(line.rstrip(" "), BODY.face, BODY.size) <= 120.0 for line in lines)
    assert not any(line.endswith("€ ") or line.endswith("€") for line in lines)


def test_white_space_and_invisible_characters_are_tidied_and_letters_composed() -> None:
    assert pdf_fonts.clean("  a\n\tb\u200b\u202e  c ") == "a b c"
    assert pdf_fonts.clean("Z\u030c") == "Ž"


def test_two_threads_at_once_write_the_same_as_one() -> None:
    snapshot = snapshots.snapshot(snapshots.full_outcomes())
    payload = write_payload(snapshot)
    expected = pdf.write(snapshot, payload, ConstantSeal())
    results: list[bytes] = []
    threads = [
        threading.Thread(target=lambda: results.append(pdf.write(snapshot, payload, ConstantSeal())))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=PATIENCE_S)
    assert results == [expected] * 8


def test_the_catalog_says_language_tags_permission_attachment_and_bookmarks() -> None:
    snapshot = snapshots.snapshot(snapshots.full_outcomes())
    data = pdf.write(snapshot, write_payload(snapshot), ConstantSeal())
    with pikepdf.open(BytesIO(data)) as opened:
        root = opened.Root
        assert str(root.Lang) == "nl-NL"
        assert bool(root.MarkInfo.Marked)
        assert bool(root.ViewerPreferences.DisplayDocTitle)
        assert root.AF[0].AFRelationship == "/Source"
        [field] = root.AcroForm.Fields
        assert (str(field.T), str(field.FT), int(field.F)) == ("Zegel", "/Sig", 132)
        assert field.V.SubFilter == "/ETSI.CAdES.detached"
        [reference] = field.V.Reference
        assert (str(reference.TransformMethod), int(reference.TransformParams.P)) == ("/DocMDP", 1)
        assert root.Perms.DocMDP.objgen == field.V.objgen
        assert field.P.objgen == opened.pages[-1].objgen
        assert str(field.V.M) == "D:20261122130500+00'00'"
        assert str(opened.docinfo["/Controlecode"]) == control_code(write_payload(snapshot))
        titles = [item.title for item in opened.open_outline().root]
        assert titles[:5] == [
            "Wat kunt u nu doen?",
            "Is dit overzicht echt?",
            "Per organisatie",
            "Wanneer u moet betalen",
            "Alle rekeningen",
        ]
        metadata = opened.open_metadata()
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"], metadata["pdfuaid:part"]) == (
            "3",
            "A",
            "1",
        )


def test_every_font_is_embedded_and_one_of_ours() -> None:
    snapshot = snapshots.snapshot(snapshots.full_outcomes())
    data = pdf.write(snapshot, write_payload(snapshot), ConstantSeal())
    with pikepdf.open(BytesIO(data)) as opened:
        fonts = [
            item
            for item in opened.objects
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/Font"
        ]
        assert fonts
        assert all("NotoSans" in str(font.BaseFont) and "/FontFile2" in font.FontDescriptor for font in fonts)


def test_the_pdf_promises_what_the_installation_does_with_paper(tmp_path: Path) -> None:
    snapshot, words = snapshots.snapshot(snapshots.full_outcomes()), []
    for days in (None, 30):
        stated = replace(snapshot, issuer=replace(snapshot.issuer, paper_days=days))
        file = tmp_path / "o.pdf"
        file.write_bytes(pdf.write(stated, write_payload(stated), ConstantSeal()))
        words.append(plain_text(file))
    without, on = words
    assert "Van papier kan niemand dat zeker weten." in without
    assert "Typ dan tot" not in without
    assert "Typ dan tot 22 december 2026 de controlecode op dat adres" in on
    assert "Van papier kan niemand" not in on
