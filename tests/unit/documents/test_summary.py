"""The files of a summary: order, neutralised cells, gaps in every row, and the same bytes for the same summary."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree

import pikepdf
import pytest

from app.documents import summary_csv, summary_json, summary_pdf, summary_xlsx, xlsx
from app.documents.json import NotOurPayload
from app.documents.schuldenknooppunt import COLUMNS
from app.documents.summary_json import Summary
from app.documents.summary_rows import all_earlier, earlier
from claims.merge import merge
from claims.merged import GivenOverview, Merged, MergedFile
from claims.money import Money
from claims.outcome import FailureCause, SourceAnswer, SourceFailure, SourceOutcome
from claims.overview import Overview
from claims.strict_json import canonical_json, loads_strict
from signing.sealing.pdf import PdfSeal
from tests.support.pdf_reading import plain_text
from tests.support.sealing import ConstantSeal
from tests.support.seals import Town
from tests.support.snapshots import BSN, ISSUER, NOW, full_outcomes, parking_claim

_CELLS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def given(number: int, *outcomes: SourceOutcome) -> GivenOverview:
    at = NOW + timedelta(hours=number)
    file = MergedFile(
        f"BK-2026-{number:010}", "Gemeente X", f"code {number}", at, ("ab" * 32,), remarks=("archived",)
    )
    dated = tuple(replace(one, answered_at=at) if isinstance(one, SourceAnswer) else one for one in outcomes)
    return GivenOverview(file, BSN, Overview(at, dated))


@pytest.fixture(scope="module")
def merged() -> Merged:
    first, second, *rest = full_outcomes()
    assert isinstance(first, SourceAnswer)
    gone = replace(
        parking_claim(),
        reference="=1+1",
        title="@SUM(A1)\r\n;=cmd",
        creditor=first.claims[0].creditor,
        joint=True,
    )
    old = replace(first, claims=(*first.claims, gone))
    down = SourceFailure(
        source=second.source, failed_at=NOW + timedelta(hours=9), cause=FailureCause.TOO_SLOW
    )
    return merge([given(1, old, second, *rest), given(2, first, down, *rest)])


@pytest.fixture(scope="module")
def summary(merged: Merged) -> Summary:
    return Summary("BS-2026-0123456789", "0" * 32, NOW, merged)


def rows(summary: Summary) -> list[dict[str, str]]:
    text = summary_csv.write(summary).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def test_the_record_says_what_it_is_and_reads_back(summary: Summary) -> None:
    payload = summary_json.write_payload(summary, ISSUER)
    assert summary_json.read_payload(payload) == summary
    document = loads_strict(payload, 1_000_000, 64)
    assert isinstance(document, dict)
    assert document["soort"] == "schuldensamenvatting"
    assert document["bestanden"][0]["sha256"] == ["ab" * 32]


@pytest.mark.parametrize(
    "change",
    [
        {"soort": "schuldenoverzicht"},
        {"versie": 2},
        {"versie": True},
        {"documentnummer": "BK-2026-0123456789"},
        {"bestanden": []},
        {"betrokkene": {}},
        {"overzicht": None},
    ],
)
def test_another_record_is_not_read(summary: Summary, change: dict[str, object]) -> None:
    document = loads_strict(summary_json.write_payload(summary, ISSUER), 1_000_000, 64)
    assert isinstance(document, dict)
    with pytest.raises(NotOurPayload):
        summary_json.read_payload(canonical_json({**document, **change}))


def test_the_csv_begins_in_the_order_of_the_schuldenknooppunt(summary: Summary) -> None:
    head = summary_csv.write(summary).decode("utf-8-sig").splitlines()[0].split(";")
    assert tuple(head[: len(COLUMNS)]) == COLUMNS
    tax = rows(summary)[0]
    assert tax["FactuurnummerSE"] == "2026-GB-0048213"
    assert tax["openstaand.Orginele vordering"] == "643,12"
    assert tax["openstaand.Ontstaansdatum"] == "28-02-2026"
    assert tax["Schuldtype"] == "openstaande schuld"
    assert tax["nog_te_betalen"] == "461,12"


@pytest.mark.threat("T-48")
def test_a_case_reference_stands_with_its_file_in_every_format(summary: Summary, tmp_path: Path) -> None:
    first, *rest = summary.merged.files
    merged = replace(summary.merged, files=(replace(first, case="Z-2026-17"), *rest))
    with_case = replace(summary, merged=merged)
    payload = summary_json.write_payload(with_case, ISSUER)
    assert summary_json.read_payload(payload) == with_case
    record = json.loads(payload)
    assert record["bestanden"][0]["zaak"] == {"nummer": "Z-2026-17", "opgegeven_door": "verwijzende_site"}
    assert "zaak" not in record["bestanden"][1]
    assert {row["zaaknummers_niet_gecontroleerd"] for row in rows(with_case)} == {
        f"Z-2026-17 ({first.number})"
    }
    assert {row["zaaknummers_niet_gecontroleerd"] for row in rows(summary)} == {""}
    file = tmp_path / "s.pdf"
    file.write_bytes(summary_pdf.write(with_case, payload, ISSUER, ConstantSeal()))
    words = " ".join(plain_text(file).split())
    assert "Z-2026-17, opgegeven door de site waar" in words
    assert "Niet gecontroleerd." in words
    files = sheets(summary_xlsx.write(with_case))["Bestanden"]
    assert files[0][-1][1] == "zaaknummer_niet_gecontroleerd"
    assert files[1][-1][1] == "Z-2026-17"


@pytest.mark.parametrize(
    "stated", [{"nummer": "Z-1"}, {"nummer": "geen", "opgegeven_door": "verwijzende_site"}, "Z-1"]
)
def test_a_case_reference_that_is_not_understood_is_no_summary_of_ours(
    summary: Summary, stated: object
) -> None:
    record = json.loads(summary_json.write_payload(summary, ISSUER))
    record["bestanden"][0]["zaak"] = stated
    with pytest.raises(NotOurPayload):
        summary_json.read_payload(canonical_json(record))


def test_no_cell_of_the_csv_is_a_formula(summary: Summary) -> None:
    cells = [cell for row in rows(summary) for cell in row.values()]
    assert not [cell for cell in cells if cell.lstrip().startswith(("=", "+", "@", "\t", "\r"))]
    (gone,) = [row for row in rows(summary) if row["niet_meer_genoemd"] == "ja"]
    assert gone["FactuurnummerSE"] == "'=1+1"
    assert gone["gezamenlijk_met_partner"] == "ja"


def test_every_row_says_that_not_everybody_answered(summary: Summary, merged: Merged) -> None:
    found = rows(summary)
    assert len(found) == len(merged.overview.claims) + len(merged.gone)
    assert {row["alles_volledig_beantwoord"] for row in found} == {"nee"}
    assert all("Parkeren" in row["bronnen_zonder_volledig_antwoord"] for row in found)


def sheets(content: bytes) -> dict[str, list[list[tuple[str, str]]]]:
    """Per sheet its rows; of a cell its type and its text."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        book = ElementTree.fromstring(package.read("xl/workbook.xml"))
        names = [sheet.attrib["name"] for sheet in book.iter(f"{_CELLS}sheet")]
        return {
            name: [
                [(cell.get("t", "n"), "".join(cell.itertext())) for cell in row]
                for row in ElementTree.fromstring(package.read(f"xl/worksheets/sheet{number}.xml")).iter(
                    f"{_CELLS}row"
                )
            ]
            for number, name in enumerate(names, 1)
        }


def test_the_workbook_holds_text_and_numbers_and_no_formula(summary: Summary) -> None:
    content = summary_xlsx.write(summary)
    found = sheets(content)
    assert list(found) == ["Lees eerst", "Rekeningen", "Per organisatie", "Bronnen", "Bestanden"]
    assert ("n", "461.12") in found["Rekeningen"][1]
    texts = [text for rows_ in found.values() for row in rows_ for kind, text in row if kind == "inlineStr"]
    assert not [text for text in texts if text.startswith(("=", "+", "@"))]
    assert "'=1+1" in texts
    assert any("geen overzicht" in text for text in texts)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert not [
            name for name in package.namelist() if "vba" in name.lower() or "external" in name.lower()
        ]
        assert b"<f>" not in b"".join(map(package.read, package.namelist()))


def test_a_workbook_survives_what_xml_cannot_hold_and_texts_without_end() -> None:
    rows_ = [("\ufffe\x00<&>\ud7ff", Money(-5), None), ("x" * 40_000, Money(100), None)]
    (found,) = sheets(xlsx.write((xlsx.Sheet("Een & twee", ("a", "b", "c"), rows_),))).values()
    assert found[1] == [("inlineStr", "\ufffd<&>\ud7ff"), ("n", "-0.05")]
    assert len(found[2][0][1]) == 32_767
    assert found[2][0][1].endswith("(ingekort; alles staat in de JSON)")


def test_columns_after_z_have_two_letters() -> None:
    assert [xlsx._place(3, column) for column in (0, 25, 26, 51, 52, 701, 702)] == [
        "A3", "Z3", "AA3", "AZ3", "BA3", "ZZ3", "AAA3",
    ]  # fmt: skip


@pytest.mark.parametrize("write", [summary_csv.write, summary_xlsx.write])
def test_the_same_summary_gives_the_same_bytes(summary: Summary, write: object) -> None:
    assert callable(write)
    assert write(summary) == write(summary)


def test_the_pdf_calls_itself_a_summary_everywhere(summary: Summary) -> None:
    town = Town.create()
    payload = summary_json.write_payload(summary, ISSUER)
    content = summary_pdf.write(summary, payload, ISSUER, PdfSeal(town.key))
    report = town.examine(content)
    assert report.payload == payload
    with pikepdf.open(io.BytesIO(content)) as file:
        assert list(file.attachments) == ["schuldensamenvatting.json"]
        assert str(file.docinfo["/Title"]) == f"Samenvatting van 2 gecontroleerde bestanden {summary.number}"
        assert "overzicht" not in str(file.docinfo["/Subject"])


@pytest.mark.threat("T-03")
def test_the_pdf_does_not_say_that_there_was_nothing_when_all_is_gone(tmp_path: Path) -> None:
    first = full_outcomes()[0]
    assert isinstance(first, SourceAnswer)
    summary = Summary(
        "BS-2026-0123456789", "0" * 32, NOW, merge([given(1, first), given(2, replace(first, claims=()))])
    )
    assert summary.merged.gone
    payload, file = summary_json.write_payload(summary, ISSUER), tmp_path / "all-gone.pdf"
    file.write_bytes(summary_pdf.write(summary, payload, ISSUER, PdfSeal(Town.create().key)))
    said = " ".join(plain_text(file).split())
    assert "Wij vonden geen rekeningen" not in said
    assert "noemen nu geen rekening meer" in said


def test_without_any_claim_a_row_says_why() -> None:
    alone = [one for one in full_outcomes() if isinstance(one, SourceAnswer) and not one.claims]
    (row,) = rows(Summary("BS-2026-0123456789", "0" * 32, NOW, merge([given(1, *alone)])))
    assert row["waarvoor"] == "Wij vonden geen rekeningen bij de bronnen die hebben geantwoord."
    assert row["nog_te_betalen"] == ""


def test_of_versions_that_say_the_same_only_the_change_is_shown() -> None:
    """Fourteen files of one client: thirteen times the same amount tells nothing."""
    first, *rest = full_outcomes()
    assert isinstance(first, SourceAnswer)
    claim, *others = first.claims
    assert claim.amounts.balance is not None
    higher = replace(claim, amounts=replace(claim.amounts, balance=claim.amounts.balance + Money(5000)))
    before = replace(first, claims=(higher, *others))
    named = replace(first, claims=(replace(claim, title="Een andere naam"), *others))
    together = merge([given(n, said, *rest) for n, said in enumerate((before, named, first))])
    assert len([one for one in together.earlier if one.claim.reference == claim.reference]) == 2
    shown = all_earlier(together)
    assert [(one.claim.reference, one.claim.amounts.balance) for one in shown] == [
        (claim.reference, higher.amounts.balance)
    ]
    (reported,) = [one for one in together.overview.reported if one.claim.reference == claim.reference]
    assert earlier(together, reported).startswith("22-11-2026 14:05: € ")
    assert ";" not in earlier(together, reported)
