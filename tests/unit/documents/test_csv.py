from __future__ import annotations

import csv
from dataclasses import replace
from io import StringIO

import pytest

from app.documents.csv import safe_cell, write
from app.ports.case_reference import CaseReference
from claims.financial_claim import Amounts, ClaimStatus, FinancialClaim
from claims.money import ZERO, Money
from claims.organisation import Organisation
from claims.outcome import SourceOutcome
from claims.visible import one_line
from tests.support import snapshots


def rows(outcomes: tuple[SourceOutcome, ...]) -> list[dict[str, str]]:
    content = write(snapshots.snapshot(outcomes))
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def row(claim: FinancialClaim) -> dict[str, str]:
    [only] = rows((snapshots.answer(snapshots.TAXES, "belastingen", claim),))
    return only


@pytest.mark.threat("T-03")
def test_every_row_carries_number_moment_and_completeness() -> None:
    for one in rows(snapshots.partial_outcomes()):
        assert one["nummer"] == "BK-2026-7K3M9QX2TB"
        assert one["gemaakt_op"] == "22-11-2026 14:05"
        assert one["overzicht_volledig_beantwoord"] == "nee"
        assert one["ontbrekende_bronnen"] == "Gemeente Voorbeeldstad, Parkeren, Kredietbank Voorbeeldstreek"
    assert {one["overzicht_volledig_beantwoord"] for one in rows(snapshots.full_outcomes())} == {"ja"}


@pytest.mark.threat("T-48")
@pytest.mark.parametrize("outcomes", [snapshots.full_outcomes(), ()])
def test_a_case_reference_stands_in_every_row_as_not_verified(outcomes: tuple[SourceOutcome, ...]) -> None:
    snapshot = replace(snapshots.snapshot(outcomes), case_reference=CaseReference("Z-2026-17"))
    text = write(snapshot).decode("utf-8-sig")
    found = list(csv.DictReader(StringIO(text, newline=""), delimiter=";"))
    assert found
    assert {one["zaaknummer_niet_gecontroleerd"] for one in found} == {"Z-2026-17"}
    assert {one["zaaknummer_niet_gecontroleerd"] for one in rows(outcomes)} == {""}


def test_amounts_are_dutch_numbers_and_unknown_is_empty() -> None:
    one = row(snapshots.tax_claim())
    assert (one["nog_te_betalen"], one["rente"], one["betalen_voor"]) == ("461,12", "", "31-05-2026")
    back = replace(snapshots.tax_claim().amounts, balance=Money(-123456789))
    large = row(replace(snapshots.tax_claim(), amounts=back, arrears=None, status=ClaimStatus.PAID))
    assert large["nog_te_betalen"] == "-1234567,89"
    unknown = row(snapshots.unknown_claim())
    assert (unknown["nog_te_betalen"], unknown["te_laat"], unknown["te_laat_is_minimum"]) == ("", "", "")


def test_a_claim_that_was_handed_over_is_not_written_as_nothing_to_pay() -> None:
    moved = replace(snapshots.tax_claim(), status=ClaimStatus.TRANSFERRED, amounts=Amounts(balance=ZERO))
    assert row(moved)["nog_te_betalen"] == ""


def test_paid_beside_a_balance_is_not_written_as_paid() -> None:
    assert row(replace(snapshots.tax_claim(), status=ClaimStatus.PAID))["status"] == "Status niet bekend"


def test_a_claim_of_two_sources_is_one_row_that_names_both() -> None:
    claim = snapshots.tax_claim()
    both = (
        snapshots.answer(snapshots.TAXES, "belastingen", claim),
        snapshots.answer(Organisation("Samen Innen"), "samen", claim),
    )
    [one] = rows(both)
    assert one["gemeld_door"] == "Gemeente Voorbeeldstad, Belastingen en Samen Innen"
    assert one["nog_te_betalen"] == "461,12"


def test_no_claims_is_a_row_that_says_so() -> None:
    [one] = rows(snapshots.many_outcomes(0))
    assert one["schuldeiser"] == "Wij vonden geen rekeningen bij de bronnen die hebben geantwoord."
    [nobody] = rows(())
    assert nobody["overzicht_volledig_beantwoord"] == "nee"
    assert nobody["schuldeiser"].startswith("Wij kregen geen rekeningen te zien. Niet alle bronnen")


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+31 6",
        "-1+1",
        "@SUM(A1)",
        "\t=1",
        " =1+1",
        "\n=1",
        "\ufeff=1",
        "\u200b\u200e=1",
        "\x00=1",
        "\xa0=1",
        "＝1+1",
        "＠SUM(A1)",
        "﹦1",
        "−1",
        '=HYPERLINK("http://x")',
        "=cmd|'/C calc'!A0",
    ],
)
@pytest.mark.threat("T-13")
def test_a_formula_becomes_text(text: str) -> None:
    cell = row(replace(snapshots.tax_claim(), title=text))["waarvoor"]
    assert cell == "'" + one_line(text)


@pytest.mark.threat("T-13")
@pytest.mark.parametrize(
    "text", ["Bon,=1+1", "Bon;=1+1", 'Bon, "=1+1', "Bon,\n@x", "a|b,-1+cmd|' /C calc'!A0"]
)
def test_a_formula_stays_text_where_another_sign_ends_a_cell(text: str) -> None:
    """A spreadsheet that was set up in another country reads commas; then half of our cell begins a cell of its own."""
    content = write(snapshots.snapshot((snapshots.answer(snapshots.TAXES, "t", titled(text)),)))
    for between in ",;\t|":
        for line in csv.reader(StringIO(content.decode("utf-8-sig")), delimiter=between):
            assert [c for c in line if c.strip(' "').startswith(tuple("=+-@")) and not is_amount(c)] == []


@pytest.mark.threat("T-38")
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\v", "\f", "\x1c", "\x85", "\u2028", "\u2029"])
def test_no_text_begins_a_row_of_its_own(end: str) -> None:
    text = f"Bon{end}BK-2026-0000000000;22-11-2026 14:05;ja;;Gemeente;;;Niets;;;Betaald"
    content = write(snapshots.snapshot((snapshots.answer(snapshots.TAXES, "t", titled(text)),)))
    assert len(content.decode("utf-8-sig").splitlines()) == 2


@pytest.mark.threat("T-38")
def test_nothing_in_a_cell_turns_around_or_hides_in_the_row() -> None:
    hidden = "\u202e\u2067\u200f\u061c\u200b\u00ad\ufeff\x1b\U000e0041"
    assert row(titled(f"Bon{hidden} 2026"))["waarvoor"] == "Bon 2026"


def titled(text: str) -> FinancialClaim:
    return replace(snapshots.tax_claim(), title=text)


def is_amount(cell: str) -> bool:
    return cell.lstrip("-").replace(",", "").isdigit()


def test_ordinary_cells_stay_as_they_are() -> None:
    assert [safe_cell(v) for v in ("", "a=b", "-12,50", "NL91ABNA0417164300")] == [
        "",
        "a=b",
        "-12,50",
        "NL91ABNA0417164300",
    ]


def test_the_number_of_the_citizen_is_not_in_the_file() -> None:
    assert b"999993549" not in write(snapshots.snapshot(snapshots.full_outcomes()))
