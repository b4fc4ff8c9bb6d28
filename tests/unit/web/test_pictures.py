"""Pictures are bars beside the numbers of a table: the same numbers as elsewhere on the page, never more than is known."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from app.documents.payments import per_month
from app.web.bars import Bar
from app.web.dates import PASSED, coming_dates, month_rows
from claims.financial_claim import Amounts, ClaimStatus
from claims.money import Money
from tests.support import web_claims as given
from tests.unit.web.conftest import MakeSite

TODAY = date(2026, 11, 22)
CLAIMS = (given.property_tax(), given.parking_fine(), given.benefit_recovery(), given.paid())


def test_the_sums_of_the_months_are_those_of_the_list_of_dates() -> None:
    groups, _more = coming_dates([("", claim) for claim in CLAIMS], TODAY)
    rows = month_rows(CLAIMS, TODAY, has_gaps=False)
    asked = {
        group.heading: sum(_cents(date.what) for date in group.dates if date.what.startswith("€"))
        for group in groups
    }
    assert {row.month: _cents(row.amount) for row in rows} == asked


@pytest.mark.parametrize(
    ("status", "words"),
    [(ClaimStatus.PAUSED, "Even niet betalen: € 459,50"), (ClaimStatus.DISPUTED, "Bezwaar loopt: € 459,50")],
)
def test_a_date_of_what_waits_is_told_and_nobody_is_asked_to_pay_by_it(
    status: ClaimStatus, words: str
) -> None:
    waiting = replace(given.property_tax(), status=status)
    [group], _more = coming_dates([("", waiting)], TODAY)
    assert [date.what for date in group.dates] == [words]
    assert month_rows([waiting], TODAY, has_gaps=False) == ()
    months = month_rows([*CLAIMS[1:], waiting], TODAY, has_gaps=False)
    assert months == month_rows(CLAIMS[1:], TODAY, has_gaps=False)


def test_what_the_months_leave_out_is_said_below_them(make: MakeSite) -> None:
    waiting = replace(given.property_tax(), status=ClaimStatus.PAUSED)
    browser = make(given.answer("x", given.TAXES, given.benefit_recovery(), waiting)).browser()
    browser.log_in()
    page = browser.get("/overzicht").text
    assert "Niet meegeteld: rekeningen met ‘Even niet betalen’ of ‘Bezwaar loopt’." in page
    assert "31 oktober 2026 (even niet betalen)" in page
    assert "Deze datum is voorbij." not in page, "the first date to pay is the other one"
    other = make(given.answer("x", given.TAXES, *CLAIMS)).browser()
    other.log_in()
    assert "Niet meegeteld" not in other.get("/overzicht").text


def test_what_has_passed_is_full_and_what_comes_is_empty() -> None:
    rows = month_rows(CLAIMS, TODAY, has_gaps=False)
    assert [row.month for row in rows] == [PASSED, "December 2026"]
    assert rows[0].bar == Bar(100, 0)
    assert rows[1].bar is not None
    assert rows[1].bar.first == 0


def test_an_amount_that_is_not_known_makes_a_month_at_least() -> None:
    unknown = replace(given.property_tax(), amounts=Amounts(), due_on=given.day("2026-12-10"))
    [row] = month_rows([unknown], TODAY, has_gaps=False)
    assert (row.amount, row.bar) == ("niet bekend", None)
    months = per_month((*CLAIMS, unknown), TODAY, has_gaps=False)
    assert [one.total.is_at_least for one in months] == [False, True]


def test_with_a_source_that_is_missing_every_month_is_at_least() -> None:
    assert all(one.total.is_at_least for one in per_month(CLAIMS, TODAY, has_gaps=True))


def test_paid_stands_beside_what_is_left_with_the_numbers_of_the_card(make: MakeSite) -> None:
    unknown = replace(given.disputed(), amounts=Amounts(balance=Money(500)))
    browser = make(given.answer("x", given.TAXES, given.property_tax(), given.paid(), unknown)).browser()
    browser.log_in()
    page = browser.get("/overzicht").text
    [table] = re.findall(r'id="betaald".*?</table>', page, re.DOTALL)
    rows = re.findall(r"<tr>(<th scope=\"row\">.*?)</tr>", table, re.DOTALL)
    assert len(rows) == 2, "what is settled is not in it"
    taxes = next(row for row in rows if "Onroerendezaakbelasting" in row)
    assert re.findall(r"€ [\d.,]+", taxes) == ["€ 200,00", "€ 459,50"]
    assert 'class="bar__first" width="30"' in taxes
    other = next(row for row in rows if row is not taxes)
    assert "niet bekend" in other
    assert "<svg" not in other


def _cents(text: str) -> int:
    return int("".join(c for c in text.split("betalen")[0] if c.isdigit()))
