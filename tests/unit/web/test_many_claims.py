"""A source that names thousands of claims: nothing disappears, and the page stays one that a browser can show."""

from dataclasses import replace

import pytest

from app.web.overview_page import MOST_CARDS
from claims.financial_claim import Amounts, ClaimStatus, FinancialClaim
from claims.overview import is_settled
from tests.support import web_claims as given
from tests.unit.web.conftest import MakeSite


def numbered(count: int) -> list[FinancialClaim]:
    return [
        FinancialClaim(
            reference=f"R-{number:05}",
            creditor=given.TAXES,
            title=f"<b>Bon {number}",
            amounts=Amounts(balance=given.euro(number + 1)),
            status=ClaimStatus.OPEN,
        )
        for number in range(count)
    ]


@pytest.mark.threat("T-18")
def test_every_one_of_very_many_claims_is_on_the_page_and_the_urgent_ones_are_cards(make: MakeSite) -> None:
    urgent = replace(given.parking_fine(), reference="Z-99999")
    claims = [*numbered(3 * MOST_CARDS), urgent]
    assert not any(map(is_settled, claims))
    browser = make(given.answer("x", given.TAXES, *claims)).browser()
    browser.log_in()
    page = browser.get("/overzicht").text
    assert page.count('<article class="claim"') == MOST_CARDS
    assert page.index("Z-99999") < page.index("R-00000")
    assert [claim.reference for claim in claims if claim.reference not in page] == []
    assert f"Uw rekeningen ({len(claims)})" in page
    assert "&lt;b&gt;Bon 749" in page
    assert "€ 7,50" in page
    assert len(page) < MOST_CARDS * 6_000 + 3 * MOST_CARDS * 800


@pytest.mark.threat("T-04")
def test_where_sources_contradict_each_other_the_line_says_what_each_says(make: MakeSite) -> None:
    odd = FinancialClaim(reference="Z-1", creditor=given.TAXES, amounts=Amounts(balance=given.euro(77)))
    more = replace(odd, amounts=Amounts(balance=given.euro(99)))
    dated = [replace(claim, due_on=given.day("2027-01-01")) for claim in numbered(MOST_CARDS)]
    browser = make(
        given.answer("x", given.TAXES, *dated, odd), given.answer("y", given.PARKING, more)
    ).browser()
    browser.log_in()
    page = browser.get("/overzicht").text
    lines = page[page.index("Andere rekeningen (1)") :]
    assert "€ 0,99" in lines
    assert "€ 0,77" in lines
