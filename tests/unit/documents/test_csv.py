from __future__ import annotations

import csv
from dataclasses import replace
from io import StringIO

import pytest

from app.documents.csv import safe_cell, write
from claims.financial_claim import Amounts, ClaimStatus, FinancialClaim
from claims.money import ZERO, Money
from claims.organisation import Organisation
from claims.outcome import SourceOutcome
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


def test_amounts_are_dutch_numbers_and_unknown_is_empty() -> None:
    one = row(snapshots.tax_claim())
    assert (one["nog_te_betalen"], one["rente"], one["betalen_voor"]) == ("461,12", "", "31-05-2026")
    back = replace(snapshots.tax_claim().amounts, balance=Money(-123456789))
    large = row(replace(snapshots.tax_claim(), amounts=back, arrears=None))
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
        "\tx",
        "\rx",
        "\n=1",
        "＝1+1",
        "＠SUM(A1)",
        '=HYPERLINK("http://x")',
    ],
)
@pytest.mark.threat("T-13")
def test_a_formula_becomes_text(text: str) -> None:
    assert row(replace(snapshots.tax_claim(), title=text))["waarvoor"] == "'" + text


def test_ordinary_cells_stay_as_they_are() -> None:
    assert [safe_cell(v) for v in ("", "a=b", "-12,50", "NL91ABNA0417164300")] == [
        "",
        "a=b",
        "-12,50",
        "NL91ABNA0417164300",
    ]


def test_the_number_of_the_citizen_is_not_in_the_file() -> None:
    assert b"999993549" not in write(snapshots.snapshot(snapshots.full_outcomes()))
