"""The PDF in another language: its words, the Dutch terms beside them, and the same numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest

from app.documents import labels, pdf, pdf_words
from app.documents.json import write_payload
from app.documents.pdf_fonts import GlyphMissing, clean
from app.documents.pdf_layout import Sheet, Style
from app.language import DUTCH, LANGUAGES, _, speaking
from tests.support import snapshots
from tests.support.pdf_reading import plain_text
from tests.support.sealing import ConstantSeal

TRANSLATED = tuple(code for code in LANGUAGES if code != DUTCH)
_DIRECTION = dict.fromkeys(map(ord, "\u202a\u202b\u202c\u200e\u200f\u2066\u2068\u2069"))
TERMS = (labels.BALANCE, labels.ARREARS, "Per organisatie", "Hulp en contact", "Betalingsregeling", "Status")


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    snapshot = snapshots.snapshot(snapshots.full_outcomes())
    payload, folder = write_payload(snapshot), tmp_path_factory.mktemp("talen")
    for code in LANGUAGES:
        with speaking(code):
            (folder / f"{code}.pdf").write_bytes(pdf.write(snapshot, payload, ConstantSeal()))
    return {code: folder / f"{code}.pdf" for code in LANGUAGES}


def words(file: Path) -> str:
    return " ".join(plain_text(file).translate(_DIRECTION).split())


@pytest.mark.parametrize("code", TRANSLATED)
def test_fixed_words_stand_there_in_both_languages(written: dict[str, Path], code: str) -> None:
    text = words(written[code])
    for dutch in TERMS:
        assert dutch in text
        with speaking(code):
            assert all(word in text for word in _(dutch).split())


@pytest.mark.parametrize("code", TRANSLATED)
def test_the_numbers_are_those_of_the_dutch_pages(written: dict[str, Path], code: str) -> None:
    amounts = re.compile(r"-?[\d.]+,\d\d")
    assert set(amounts.findall(words(written[code]))) == set(amounts.findall(words(written[DUTCH])))


@pytest.mark.parametrize("code", TRANSLATED)
def test_the_first_page_tells_a_dutch_reader_what_this_is(written: dict[str, Path], code: str) -> None:
    with speaking(code):
        assert pdf_words.what_this_is() in words(written[code])


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_document_says_its_language_and_where_it_is_dutch(written: dict[str, Path], code: str) -> None:
    with pikepdf.open(written[code]) as file:
        assert str(file.Root.Lang) == ("nl-NL" if code == DUTCH else code)
        content = b"".join(page.Contents.read_bytes() for page in file.pages)
    assert (b"/Span <</Lang (nl-NL)>> BDC" in content) is (code != DUTCH)
    assert (b"/ReversedChars BMC" in content) is (code == "ar")


@pytest.mark.parametrize("code", LANGUAGES)
def test_pictures_have_words(written: dict[str, Path], code: str) -> None:
    with pikepdf.open(written[code]) as file:
        figures = [o for o in file.objects if isinstance(o, pikepdf.Dictionary) and o.get("/S") == "/Figure"]
        told = [str(figure.Alt) for figure in figures]
    assert len(told) > 4
    assert all(told)
    assert not any("\u2068" in text for text in told)


@pytest.mark.parametrize("code", TRANSLATED)
def test_the_tags_tell_the_same_story_in_every_language(written: dict[str, Path], code: str) -> None:
    """Only paragraphs may differ in number: the line for Dutch readers."""
    assert structure(written[code]) == structure(written[DUTCH])


def structure(file: Path) -> list[str]:
    with pikepdf.open(file) as opened:
        return [kind for kind in kinds(opened.Root.StructTreeRoot.K[0]) if kind != "/P"]


def kinds(element: pikepdf.Object) -> Iterator[str]:
    yield str(element.S)
    for kid in element.K:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield from kinds(kid)


def test_arabic_is_copied_as_it_was_written(written: dict[str, Path]) -> None:
    """Each word by itself: where lines break differs."""
    with speaking("ar"):
        said = clean_words(_(labels.NOT_INCLUDED[1]))
    text = words(written["ar"])
    assert said
    assert all(word in text for word in said)


def test_letters_of_the_warning_on_every_page_are_joined(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []
    line = Sheet.line

    def noted(self: Sheet, value: str, x: float, baseline: float, style: Style) -> None:
        drawn.append(value)
        line(self, value, x, baseline, style)

    monkeypatch.setattr(Sheet, "line", noted)
    snapshot = snapshots.snapshot(snapshots.partial_outcomes())
    with speaking("ar"):
        pdf.write(snapshot, write_payload(snapshot), ConstantSeal())
        joined = clean(_(labels.WARNING_SHORT))
        assert joined != _(labels.WARNING_SHORT)
    assert drawn.count(joined) > 1


def clean_words(text: str) -> list[str]:
    return [word for word in re.findall(r"[\u0621-\u064a]+", text) if len(word) > 2]


def test_what_shows_nothing_is_never_taken_for_a_letter() -> None:
    for code in ("nl", "ar"):
        with speaking(code), pytest.raises(GlyphMissing):
            clean("\ue000")
