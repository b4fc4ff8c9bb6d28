"""One claim on a page of its own: all that the card has, unfolded; and an address that says nothing."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

import pytest

from claims.financial_claim import Amounts
from tests.support import web_claims as given
from tests.support.web_site import BSN, Browser
from tests.unit.web.conftest import MakeSite

ANSWER = given.answer("x", given.TAXES, given.property_tax(), given.parking_fine())
_LINK = re.compile(r'href="(/overzicht/rekening/[^"]+)"')


def links(browser: Browser) -> list[str]:
    return [unescape(link) for link in _LINK.findall(browser.get("/overzicht").text)]


def test_each_card_leads_to_a_page_with_all_of_it_unfolded(make: MakeSite) -> None:
    browser = make(ANSWER).browser()
    browser.log_in()
    pages = [browser.get(link).text for link in links(browser)]
    assert len(pages) == 2
    urgent = pages[0]
    assert re.search(r"<h1[^>]*>Naheffing parkeren, Marktplein</h1>", urgent)
    for words in ("Wat u nu kunt doen", "Hoe is dit bedrag ontstaan?", "Wat is er gebeurd?", "Terug naar"):
        assert words in urgent
    assert "<details" in urgent
    assert not re.findall(r'<details class="more[^"]*"(?! open)', urgent)


def test_the_address_of_a_claim_holds_nothing_of_the_person_or_the_claim(make: MakeSite) -> None:
    browser = make(ANSWER).browser()
    browser.log_in()
    for link in links(browser):
        assert re.fullmatch(r"/overzicht/rekening/[\w-]+/[0-9a-f]{32}", link)
        assert BSN not in link


@pytest.mark.threat("T-11")
def test_a_claim_of_somebody_else_is_not_there(make: MakeSite) -> None:
    web = make(ANSWER)
    mine, other = web.browser(), web.browser()
    mine.log_in()
    other.log_in("111111110")
    for link in links(mine):
        answer = other.get(link)
        assert answer.status_code == 404
        assert "Marktplein" not in answer.text


def test_a_claim_that_has_changed_since_leads_back_to_what_is_known_now(make: MakeSite) -> None:
    web = make(ANSWER)
    browser = web.browser()
    browser.log_in()
    old = links(browser)
    less = replace(given.parking_fine(), amounts=Amounts(balance=given.euro(1)))
    web.collections.outcomes[BSN] = (given.answer("x", given.TAXES, less),)
    answer = browser.get(old[0])
    assert answer.status_code == 404
    assert "staat hier niet meer" in answer.text
    assert 'href="/overzicht"' in answer.text


def test_a_card_says_once_whom_to_call_when_no_report_can_be_sent(make: MakeSite) -> None:
    """Nobody takes reports in this site, so the same telephone would stand at "Vragen?" and at "Klopt er iets niet?"."""
    web = make(given.answer("x", given.TAXES, given.disputed()))
    browser = web.browser()
    browser.log_in()
    page = browser.get(links(browser)[0]).text
    steps = page[page.index('class="steps"') : page.index('class="more"')]
    assert steps.count("tel:140123") == 1
    assert "Zeg het als u belt." in steps


def test_a_creditor_beside_a_collector_keeps_its_own_number(make: MakeSite) -> None:
    browser = make(given.answer("x", given.PARKING, given.parking_fine())).browser()
    browser.log_in()
    page = browser.get(links(browser)[0]).text
    assert "Klopt er iets niet? Bel Gemeente Voorbeeldstad, Parkeren" in page


def test_the_way_back_leads_to_the_place_where_one_was(make: MakeSite) -> None:
    browser = make(ANSWER).browser()
    browser.log_in()
    overview = browser.get("/overzicht").text
    for link in links(browser):
        page = browser.get(link).text
        [title] = re.findall(r"<h1[^>]*>([^<]+)</h1>", page)
        [anchor] = set(re.findall(r'href="/overzicht#([^"]+)"', page))
        assert re.search(rf'<h3[^>]* id="{anchor}-titel"[^>]*>{re.escape(title)}</h3>', overview)
