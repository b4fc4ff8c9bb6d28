"""The overview: who answered stands above every amount, and no answer never looks like no claims."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.documents import labels
from claims.financial_claim import Amounts
from claims.outcome import Basis, BasisKind, FailureCause, NotConnected, PartialReason, SourceFailure
from tests.support import web_claims as given
from tests.support.web_site import WebSite
from tests.unit.web.conftest import MakeSite

NOTHING_FOUND = "Wij vonden geen rekeningen"


def failure(cause: FailureCause = FailureCause.UNREACHABLE) -> SourceFailure:
    return SourceFailure(source=given.source("parkeren", given.PARKING), failed_at=given.NOW, cause=cause)


def overview(web: WebSite) -> str:
    browser = web.browser()
    browser.log_in()
    return browser.get("/overzicht").text


def test_all_answers_are_said_in_so_many_words(make: MakeSite) -> None:
    taxes = given.answer("belastingen", given.TAXES, given.property_tax())
    page = overview(make(taxes, given.answer("w", given.WATER)))
    assert "Alle 2 aangesloten bronnen hebben geantwoord." in page
    assert "€ 459,50" in page
    assert "minstens" not in page


@pytest.mark.parametrize("cause", list(FailureCause))
def test_a_failed_source_is_named_above_the_total_and_can_be_asked_again(
    make: MakeSite, cause: FailureCause
) -> None:
    page = overview(make(given.answer("belastingen", given.TAXES, given.property_tax()), failure(cause)))
    assert page.index("Gemeente Voorbeeldstad, Parkeren") < page.index("minstens € 459,50")
    assert "Er kunnen meer schulden zijn" in page
    assert 'action="/ophalen/ophaling-0/parkeren"' in page
    assert "Let op: 1 van de 2 aangesloten bronnen gaf een volledig antwoord." in page


@pytest.mark.threat("T-03")
def test_only_a_failed_source_never_reads_as_nothing_to_pay(make: MakeSite) -> None:
    page = overview(make(failure()))
    assert NOTHING_FOUND not in page
    assert "Dat betekent niet dat u niets hoeft te betalen" in page
    assert "€ 0,00" not in page
    assert "niet bekend" in page


def test_no_claims_needs_full_answers_of_everybody(make: MakeSite) -> None:
    assert NOTHING_FOUND in overview(make(given.answer("w", given.WATER)))


def test_a_source_that_was_not_asked_is_named_with_the_moment_of_its_list(make: MakeSite) -> None:
    basis = Basis(BasisKind.INDEX, given.NOW - timedelta(hours=12))
    page = overview(make(given.answer("w", given.WATER, basis=basis)))
    assert "Wij hoefden geen bron te vragen." in page
    assert "hebben wij niet gevraagd. Volgens de lijst van" in page
    assert "is er niets bekend. Daarom hebben wij het daar niet gevraagd." in page


def test_a_partial_answer_without_claims_is_no_answer(make: MakeSite) -> None:
    page = overview(make(given.answer("w", given.WATER, partial=(PartialReason.STALE,))))
    assert NOTHING_FOUND not in page
    assert "De gegevens van de bron zijn te oud." in page


def test_a_partial_answer_with_claims_says_that_there_may_be_more(make: MakeSite) -> None:
    more = (PartialReason.MORE_PAGES,)
    page = overview(make(given.answer("belastingen", given.TAXES, given.property_tax(), partial=more)))
    assert "minstens € 459,50" in page
    assert "niet volledig (1 rekening)" in page


def test_a_source_that_is_still_being_asked_counts_as_a_gap(make: MakeSite) -> None:
    web = make(given.answer("w", given.WATER))
    web.collections.pending = (given.source("belastingen", given.TAXES),)
    page = overview(web)
    assert NOTHING_FOUND not in page
    assert "Deze bron heeft nog niet geantwoord." in page
    assert "Bekijk of het klaar is" in page


def test_an_organisation_that_is_not_connected_is_named_but_is_no_failure(make: MakeSite) -> None:
    unconnected = NotConnected(source=given.source("bank", given.BANK), noted_at=given.NOW)
    page = overview(make(given.answer("w", given.WATER), unconnected))
    assert "Kredietbank Voorbeeldland is nog niet aangesloten." in page
    assert "De ene aangesloten bron heeft geantwoord." in page


def test_an_unknown_amount_is_not_zero(make: MakeSite) -> None:
    page = overview(make(given.answer("bank", given.BANK, given.unknown_amount())))
    assert "€ 0,00" not in page
    assert "Van 1 rekening is het bedrag niet bekend." in page
    assert "Dat is niet hetzelfde als nul." in page


@pytest.mark.threat("T-03")
def test_a_sum_of_nothing_with_a_gap_is_unknown_and_not_zero(make: MakeSite) -> None:
    page = overview(make(given.answer("p", given.PARKING, given.paid()), failure()))
    figures = page[page.index('class="figures"') : page.index("</dl>")]
    assert "niet bekend" in figures
    assert "0,00" not in figures


def test_money_back_does_not_lower_the_total(make: MakeSite) -> None:
    page = overview(make(given.answer("b", given.TAXES, given.overpaid(), given.disputed())))
    assert "€ 78,00" in page
    assert "U krijgt terug" in page
    assert "€ 20,00" in page
    assert "€ -" not in page


def test_what_is_urgent_stands_first(make: MakeSite) -> None:
    claims = (given.paid(), given.benefit_recovery(), given.parking_fine())
    page = overview(make(given.answer("x", given.TAXES, *claims)))
    titles = ["Naheffing parkeren, Marktplein", "Terugbetalen van bijstand", "Parkeervergunning 2026"]
    places = [page.index(title) for title in titles]
    assert places == sorted(places)


def test_each_special_claim_has_its_own_words(make: MakeSite) -> None:
    claims = (given.parking_fine(), given.benefit_recovery(), given.disputed(), given.property_tax())
    page = overview(make(given.answer("x", given.TAXES, *claims)))
    for words in (
        "Bel en betaal daar, niet bij Gemeente Voorbeeldstad",
        "Noem dossier 2026/55120",
        "Beslag op uw loon.",
        "Samen met uw partner",
        "Er loopt een bezwaar",
        "€ 50,00 per maand",
        "NL91 ABNA 0417 1643 00",
        "Er is iets gebeurd dat wij niet kennen",
        "De organisatie noemt dit: UitstelGevraagd.",
        "werkdagen van 8.30 tot 17.00 uur",
    ):
        assert words in page


def test_nobody_is_invited_to_pay_what_is_paid(make: MakeSite) -> None:
    page = overview(make(given.answer("x", given.PARKING, given.paid())))
    assert "Zo betaalt u" not in page
    assert "NL91" not in page


def test_differing_names_are_shown_with_their_source_and_never_merged(make: MakeSite) -> None:
    taxes = given.answer("x", given.TAXES, stated_name="J. de Vries")
    page = overview(make(taxes, given.answer("y", given.WATER, stated_name="Jan Vries")))
    assert "J. de Vries" in page
    assert "Jan Vries" in page
    assert labels.NAMES_DIFFER in page


def test_what_is_not_in_it_always_stands_there_and_complete_is_never_said(make: MakeSite) -> None:
    for outcomes in ((), (failure(),), (given.answer("x", given.TAXES, given.property_tax()),)):
        page = overview(make(*outcomes))
        assert "Huur en hypotheek." in page
        assert "compleet" not in page.lower()
        assert "0800-8115" in page


def test_without_a_collection_nothing_is_claimed(make: MakeSite) -> None:
    web = make(given.answer("x", given.TAXES))
    browser = web.browser()
    browser.log_in()
    web.collections.views.clear()
    page = browser.get("/overzicht").text
    assert "Wij weten nu niet wat u moet betalen" in page
    assert NOTHING_FOUND not in page
    assert browser.post("/ophalen", token_from="/overzicht").headers["Location"] == "/ophalen/ophaling-1"


@pytest.mark.threat("T-04")
def test_two_sources_that_contradict_each_other_are_shown_side_by_side_with_the_higher_total(
    make: MakeSite,
) -> None:
    """Perhaps these are two debts: nobody may have to guess that there is a second one."""
    one = given.property_tax()
    two = replace(one, title="Teruggevorderde bijstand", amounts=Amounts(balance=given.euro(10000)))
    page = overview(
        make(given.answer("belastingen", given.TAXES, one), given.answer("samen", given.BANK, two))
    )
    assert "Waarschijnlijk dezelfde rekening" in page
    assert page.count("Teruggevorderde bijstand") == 1
    assert "€ 100,00</td>" in page
    assert "Zijn het 2 verschillende rekeningen? Dan moet u € 100,00 meer betalen." in page
    assert "Dan is het totaal € 559,50." in page


def test_two_sources_that_say_the_same_leave_nobody_in_doubt(make: MakeSite) -> None:
    one = given.property_tax()
    page = overview(
        make(given.answer("belastingen", given.TAXES, one), given.answer("samen", given.BANK, one))
    )
    assert "Waarschijnlijk dezelfde" not in page
    assert "één keer geteld" in page
