"""What one card says."""

from dataclasses import replace
from datetime import date

import pytest

from app.documents.versions import Versions
from app.web.claim_card import ClaimCard, claim_card
from app.web.source_states import Tone
from claims.financial_claim import Amounts, Arrears, ClaimStatus, FinancialClaim, Finding
from claims.money import ZERO, Money
from claims.organisation import ContactKind, ContactOption, Organisation
from claims.outcome import Source
from claims.overview import Overview, ReportedClaim
from tests.support import web_claims as given

TODAY = date(2026, 11, 22)
TAXES = Source("brugstad-belastingen", Organisation("Gemeente Brugstad", department="Belastingen"))
PARTNERS = Source("samen-innen", Organisation("Samen Innen"))


def card_of(claim: FinancialClaim, *sources: Source) -> ClaimCard:
    return claim_card(ReportedClaim(claim, sources or (TAXES,)), 1, TODAY, Versions(Overview(given.NOW, ())))


def test_only_a_claim_of_several_sources_or_in_the_name_of_another_says_who_reports_it() -> None:
    shared = {fact.label: fact.value for fact in card_of(given.disputed(), TAXES, PARTNERS).facts}
    assert "Samen Innen" in shared["Gemeld door"]
    assert "Brugstad" in shared["Gemeld door"]
    own = replace(given.disputed(), creditor=TAXES.organisation)
    assert "Gemeld door" not in {fact.label for fact in card_of(own).facts}
    other = {fact.label: fact.value for fact in card_of(given.disputed()).facts}
    assert other["Gemeld door"] == "Gemeente Brugstad, Belastingen"


@pytest.mark.parametrize("status", list(ClaimStatus))
def test_every_status_has_words(status: ClaimStatus) -> None:
    card = card_of(given.in_status(status))
    assert card.status
    assert card.amount == "€ 1,00"


def test_a_claim_that_was_handed_over_is_not_shown_as_nothing_to_pay() -> None:
    moved = replace(given.in_status(ClaimStatus.TRANSFERRED), amounts=Amounts(balance=ZERO))
    card = card_of(moved)
    assert card.amount == card.build_up.result.amount == "niet bekend"
    assert "Het bedrag is niet bekend" in [note.heading for note in card.notes]


def test_an_assumed_reference_date_is_explained_and_is_no_warning() -> None:
    assumed = replace(given.in_status(ClaimStatus.OPEN), findings=(Finding("balance_date_assumed"),))
    [note] = [note for note in card_of(assumed).notes if "einde van de maand" in note.text]
    assert (note.tone, note.heading) == (Tone.NEUTRAL, "Goed om te weten")


def test_paid_beside_a_balance_is_not_shown_as_paid() -> None:
    card = card_of(given.in_status(ClaimStatus.PAID))
    assert (card.status, card.tone) == ("Status niet bekend", Tone.WARNING)
    assert any("kloppen niet" in note.text for note in card.notes)
    assert "Betalen voor" in [fact.label for fact in card.facts]


def test_money_back_beside_arrears_is_not_shown_as_money_back() -> None:
    odd = replace(
        given.property_tax(), amounts=Amounts(balance=Money(-100)), arrears=Arrears(amount=Money(5))
    )
    card = card_of(odd)
    assert (card.amount_label, card.amount) == ("Nog te betalen", "niet bekend")
    assert "hoeft niets" not in card.status_line
    assert "U hebt te veel betaald" not in [note.heading for note in card.notes]


def test_an_open_claim_whose_date_has_passed_does_not_ask_to_pay_before_that_date() -> None:
    claim = replace(given.property_tax(), status=ClaimStatus.OPEN, arrears=None)
    card = card_of(claim)
    assert card.status == "Datum voorbij"
    assert card.tone is Tone.DANGER
    assert card.status_line == "De datum was 31 oktober 2026. Bel als betalen niet lukt."


def test_a_date_in_a_month_of_which_the_day_is_unknown_has_not_passed_before_the_month_ends() -> None:
    claim = replace(given.disputed(), status=ClaimStatus.OPEN, due_on=given.day("2026-11"))
    assert card_of(claim).status == "Nog te betalen"


def test_a_part_that_is_late_before_the_date_is_named_without_calling_the_date_past() -> None:
    claim = replace(
        given.disputed(),
        status=ClaimStatus.OPEN,
        due_on=given.day("2026-11-27"),
        arrears=Arrears(amount=None),
    )
    card = card_of(claim)
    assert card.status == "Nog te betalen"
    assert card.tone is Tone.DANGER
    assert card.status_line == "Een deel is al te laat. Betaal voor 27 november 2026."


def test_arrears_within_a_plan_are_named() -> None:
    claim = replace(given.benefit_recovery(), arrears=Arrears(amount=Money(5_000), is_at_least=True))
    facts = {fact.label: fact.value for fact in card_of(claim).facts}
    assert facts["Waarvan te laat"] == "minstens € 50,00"


def test_arrears_that_the_source_does_not_state_are_unknown() -> None:
    facts = {fact.label: fact.value for fact in card_of(given.disputed()).facts}
    assert facts["Waarvan te laat"] == "niet bekend"


def test_the_sum_names_parts_that_are_not_known() -> None:
    card = card_of(given.disputed())
    assert [row.amount for row in card.build_up.rows] == ["niet bekend"] * 4
    assert card.build_up.remark.startswith("Niet elk deel")


def test_a_sum_that_does_not_add_up_says_so() -> None:
    amounts = replace(given.property_tax().amounts, balance=Money(1))
    card = card_of(replace(given.property_tax(), amounts=amounts))
    assert card.build_up.remark
    assert any("kloppen niet" in note.text for note in card.notes)


def test_remission_is_part_of_the_sum() -> None:
    amounts = Amounts(
        opening=Money(100),
        costs=Money(0),
        interest=Money(0),
        paid=Money(0),
        remitted=Money(40),
        balance=Money(60),
    )
    card = card_of(replace(given.disputed(), amounts=amounts))
    assert [row.label for row in card.build_up.rows][-1] == "Kwijtgescholden"
    assert card.build_up.remark == ""


def test_with_a_collector_the_collector_is_the_one_to_call() -> None:
    card = card_of(given.parking_fine())
    assert card.call is not None
    assert card.call.name == "Deurwaarderskantoor Jansen en De Boer"


def test_a_collector_without_telephone_does_not_make_us_send_people_to_the_creditor() -> None:
    collector = given.parking_fine().collector
    assert collector is not None
    mail = ContactOption(ContactKind.EMAIL, "post@deurwaarder.example")
    claim = replace(given.parking_fine(), collector=replace(collector, contact=(mail,)))
    assert card_of(claim).call is None


def test_the_catalogue_explains_a_kind_and_its_law() -> None:
    claim = replace(given.property_tax(), kind_id="gm_ozb_eigenaar_woning", legal_ground=None)
    explanation = " ".join(card_of(claim).explanation)
    assert "omdat u een huis bezit" in explanation
    assert "Gemeentewet art. 220" in explanation


def test_a_creditor_that_states_no_telephone_with_the_claim_is_reached_as_it_states_as_a_source() -> None:
    silent = replace(given.disputed(), creditor=TAXES.organisation, contact=())
    phone = ContactOption(ContactKind.PHONE, "14 0900")
    card = card_of(silent, replace(TAXES, contact=(phone,)))
    assert card.contact[0].options == (phone,)
    assert card.call is not None
    other = card_of(silent, replace(PARTNERS, contact=(phone,)))
    assert other.contact[0].options == (), "another organisation would not know"
