"""A citizen reports that something about a claim is wrong, once, about a claim of their own, and sees what became of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select

from app.persistence.tables import error_reports
from app.ports.data_subject import Representative
from app.ports.error_reports import DueReport
from claims.financial_claim import Amounts
from claims.identity import Bsn
from claims.organisation import ContactKind, ContactOption
from claims.outcome import Source
from tests.support.audit import words_of
from tests.support.web_claims import BANK, NOW, TAXES, WATER, answer, euro, property_tax, unknown_amount
from tests.support.web_site import Browser, WebSite, make_web_site, report_store

LINK = re.compile(r'href="(/overzicht/melden/[^"]+)"')
KEY = re.compile(r'name="formulier" value="([0-9a-f]{32})"')
TEXT = "Ik betaalde op 3 juni <b>alles</b>.\nKijk het na."
HOURS = Source("waterschap", WATER, (ContactOption(ContactKind.PHONE, "010 555 04 70", "elke ochtend"),))
WEEK = timedelta(days=7)


@pytest.fixture
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebSite]:
    site = make_web_site(
        tmp_path_factory.mktemp("report"),
        answer("belastingen", TAXES, property_tax()),
        answer("kredietbank", BANK, unknown_amount(), source=HOURS),
        receivers={"belastingen": WEEK},
    )
    yield site
    site.site.database.close()


def open_form(web: WebSite) -> tuple[Browser, str, str]:
    """A logged-in citizen with the form: its address, and its key."""
    browser = web.browser()
    browser.log_in()
    address = unescape(LINK.findall(browser.get("/overzicht").text)[0])
    found = KEY.search(browser.get(address).text)
    assert found
    return browser, address, found[1]


def sent(web: WebSite, reason: str = "al_betaald", text: str = TEXT) -> tuple[Browser, str]:
    """The browser, and the address of the report."""
    browser, address, key = open_form(web)
    answered = browser.post(address, address, stap="versturen", formulier=key, reden=reason, toelichting=text)
    assert answered.status_code == 303, answered.text
    return browser, answered.headers["Location"]


def waiting(web: WebSite) -> list[DueReport]:
    store, found = report_store(web.site), list[DueReport]()
    while (due := store.take(NOW, NOW + WEEK, ())) is not None:
        found.append(due)
    return found


def test_from_the_card_to_a_reference_and_a_state_that_a_later_log_in_sees_too(web: WebSite) -> None:
    browser, address, key = open_form(web)
    assert "BEL-2026-0012345" in browser.get(address).text
    filled = {"formulier": key, "reden": "al_betaald", "toelichting": TEXT}
    review = browser.post(address, address, stap="nakijken", **filled)
    assert "Ik heb al betaald" in review.text
    assert "&lt;b&gt;alles&lt;/b&gt;" in review.text
    assert waiting(web) == []
    assert TEXT.splitlines()[1] in browser.post(address, address, stap="aanpassen", **filled).text
    place = browser.post(address, address, stap="versturen", **filled).headers["Location"]
    page = browser.get(place).text
    reference = re.findall(r"M-[0-9A-Z]{4}-[0-9A-Z]{4}", page)[0]
    assert "Wij bezorgen het nog" in page
    later = web.browser()
    later.log_in()
    for seen in ("/overzicht", "/mijn-gegevens", place):
        assert reference in later.get(seen).text, seen
    assert ("error_reported", reference, "") in words_of(web.book)


@pytest.mark.parametrize("place", ["form", "report"])
def test_it_says_that_a_report_is_no_objection_and_whom_to_call(web: WebSite, place: str) -> None:
    browser, address, _ = open_form(web)
    page = browser.get(address) if place == "form" else browser.get(sent(web)[1])
    assert "Een melding is geen bezwaar" in page.text
    assert 'href="tel:140123"' in page.text


def test_the_message_holds_what_the_organisation_needs_and_nothing_more(web: WebSite) -> None:
    sent(web)
    [due] = waiting(web)
    message = json.loads(due.content or b"")
    assert message.pop("melding_id") == due.report_id
    assert message.pop("referentie") == due.reference
    assert message == {
        "soort": "melding_onjuiste_vordering",
        "versie": "1.0",
        "gemeld_op": "2026-11-22T09:00:00+00:00",
        "bsn": "999993549",
        "kenmerk": "BEL-2026-0012345",
        "saldo": 45950,
        "opgehaald_op": "2026-11-22T09:00:00+00:00",
        "reden": "al_betaald",
        "toelichting": TEXT,
    }


@pytest.mark.threat("T-40")
def test_nothing_of_a_report_stands_in_plain_in_the_database_addresses_or_log(
    web: WebSite, capsys: pytest.CaptureFixture[str]
) -> None:
    _, place = sent(web)
    with web.site.database.read() as connection:
        [row] = connection.execute(select(error_reports)).all()
    said = capsys.readouterr()
    assert "rule=/overzicht/melden" in said.out  # it was written down at all
    for secret in ("999993549", "BEL-2026-0012345", "Kijk het na"):
        assert secret not in place + said.out + said.err
        assert not any(
            secret.encode() in bytes(str(value), "utf-8") for value in row if type(value) is not bytes
        )
        assert secret.encode() not in row.matter + row.content


def test_sending_the_same_form_twice_is_one_report(web: WebSite) -> None:
    browser, address, key = open_form(web)
    filled = {"stap": "versturen", "formulier": key, "reden": "niet_van_mij", "toelichting": ""}
    first, second = (browser.post(address, address, **filled).headers["Location"] for _ in range(2))
    assert first == second
    assert len(waiting(web)) == 1
    assert [event for event, _, _ in words_of(web.book)].count("error_reported") == 1


@pytest.mark.threat("T-01")
def test_nobody_reports_about_or_sees_what_is_of_somebody_else(web: WebSite) -> None:
    _, address, key = open_form(web)
    _, place = sent(web)
    assert len(waiting(web)) == 1
    stranger = web.browser()
    stranger.log_in("111111110")
    assert stranger.get(address).status_code == 404
    assert stranger.get(place).status_code == 404
    filled = {"stap": "versturen", "formulier": key, "reden": "al_betaald", "toelichting": ""}
    assert stranger.post(address, "/uitloggen", **filled).status_code == 404
    assert "M-" not in stranger.get("/mijn-gegevens").text
    assert waiting(web) == []


@pytest.mark.parametrize(
    "change",
    [
        {"reden": "verzonnen"},
        {"reden": ""},
        {"toelichting": "x" * 501},
        {"reden": "iets_anders", "toelichting": "  \n"},
        {"formulier": "kort"},
    ],
)
def test_a_form_that_is_not_whole_sends_nothing_and_keeps_what_was_written(
    web: WebSite, change: dict[str, str]
) -> None:
    browser, address, key = open_form(web)
    filled = {"stap": "versturen", "formulier": key, "reden": "al_betaald", "toelichting": "Weg is weg."}
    page = browser.post(address, address, **filled | change)
    assert page.status_code == 400
    assert "Er is nog niets gestuurd" in page.text
    assert (filled | change)["toelichting"].strip() in page.text
    assert waiting(web) == []


def test_what_is_wrong_in_the_form_is_an_alert_and_tied_to_its_field(web: WebSite) -> None:
    browser, address, key = open_form(web)
    page = browser.post(
        address, address, stap="nakijken", formulier=key, reden="iets_anders", toelichting=""
    ).text
    assert 'role="alert" id="fout"' in page
    assert 'aria-describedby="fout toelichting-uitleg" aria-invalid="true"' in page
    chosen_nothing = browser.post(
        address, address, stap="nakijken", formulier=key, reden="", toelichting=""
    ).text
    assert 'id="fout"' in chosen_nothing
    assert "aria-invalid" not in chosen_nothing


def test_what_cannot_be_seen_is_left_out_before_the_citizen_looks_it_over(web: WebSite) -> None:
    sent(web, text="Een\r\ntwee\u202edrie\x07")
    [due] = waiting(web)
    assert json.loads(due.content or b"")["toelichting"] == "Een\ntweedrie"


def test_without_a_way_the_card_says_whom_to_call(web: WebSite) -> None:
    browser = web.browser()
    browser.log_in()
    page = browser.get("/overzicht").text
    assert len(LINK.findall(page)) == 1
    said = re.sub(r"<[^>]+>", "", page)
    assert re.search(
        r"Klopt er iets niet\?\s+Bel Kredietbank Voorbeeldland: 010 555 04 70 \(elke ochtend\)", said
    )


def test_who_acts_for_another_is_told_to_call_and_cannot_report(web: WebSite) -> None:
    _, address, key = open_form(web)
    _, place = sent(web)
    web.login.representative = Representative(Bsn("111111110"))
    browser = web.browser()
    browser.log_in()
    page = browser.get("/overzicht").text
    assert LINK.findall(page) == []
    assert "M-" not in page + browser.get("/mijn-gegevens").text
    filled = {"stap": "versturen", "formulier": key, "reden": "al_betaald", "toelichting": ""}
    refused = [browser.get(address), browser.get(place), browser.post(address, "/uitloggen", **filled)]
    assert [one.status_code for one in refused] == [403] * 3


def test_after_twenty_on_one_day_it_is_enough(web: WebSite) -> None:
    browser, address, _ = open_form(web)
    filled = {"stap": "versturen", "reden": "al_betaald", "toelichting": ""}
    answers = [
        browser.post(address, "/uitloggen", formulier=f"{number:032x}", **filled) for number in range(21)
    ]
    assert [one.status_code for one in answers] == [303] * 20 + [409]
    assert len(waiting(web)) == 20


def test_what_became_of_it_is_told_in_words(web: WebSite) -> None:
    browser, place = sent(web)
    _, other = sent(web, "niet_van_mij", "")
    store = report_store(web.site)
    for due in waiting(web):
        settle = store.delivered if due.report_id in place else None
        assert settle(due, NOW) if settle else store.given_up(due, NOW, "unreachable")
    assert "De organisatie heeft uw melding sinds" in browser.get(place).text
    failed = browser.get(other).text
    assert "Niet gelukt" in failed
    assert "Vertel dan zelf wat er niet klopt" in failed


@pytest.mark.threat("T-40")
def test_of_two_claims_with_one_reference_the_one_is_reported_that_was_chosen(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """A system that numbers per kind of debt, or repeats a number: both are shown, so each must be reportable."""
    one = property_tax()
    other = replace(one, title="Hondenbelasting 2026", amounts=Amounts(balance=euro(9_900)))
    taxes = answer("belastingen", TAXES, one, other)
    web = make_web_site(tmp_path_factory.mktemp("same"), taxes, receivers={"belastingen": WEEK})
    browser = web.browser()
    browser.log_in()
    addresses = [unescape(link) for link in LINK.findall(browser.get("/overzicht").text)]
    forms = [browser.get(address).text for address in addresses]
    assert len(forms) == 2
    assert ["Hondenbelasting" in form for form in forms].count(True) == 1
    for address, form in zip(addresses, forms, strict=True):
        [key] = KEY.findall(form)
        browser.post(address, address, stap="versturen", formulier=key, reden="al_betaald", toelichting="")
    saldos = {json.loads(due.content or b"")["saldo"] for due in waiting(web)}
    web.site.database.close()
    assert saldos == {45_950, 9_900}


@pytest.mark.threat("T-41")
def test_a_report_stands_at_no_claim_of_another_creditor_with_the_same_reference(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """One system may have the claims of several creditors; who thinks that it was reported does not report it."""
    one = property_tax()
    other = replace(one, creditor=WATER, title="Zuiveringsheffing 2026")
    taxes = answer("belastingen", TAXES, one, other)
    web = make_web_site(tmp_path_factory.mktemp("creditors"), taxes, receivers={"belastingen": WEEK})
    sent(web)
    browser = web.browser()
    browser.log_in()
    page = browser.get("/overzicht").text
    web.site.database.close()
    assert page.count("gemeld dat er iets niet klopt") == 1
