"""What a card tells people to do: never more than the source says, and never to pay what need not be paid."""

from dataclasses import replace
from datetime import date

import pytest

from app.web.next_steps import ContactBlock, Step, next_steps
from claims.financial_claim import Amounts, ClaimStatus, FinancialClaim
from claims.money import Money
from tests.support import web_claims as given

TODAY = date(2026, 11, 22)
CALL = ContactBlock(name="Belastingen", options=(given.PHONE,))


def steps_of(claim: FinancialClaim, call: ContactBlock | None = CALL) -> tuple[Step, ...]:
    return next_steps(claim, call, TODAY)


def test_a_late_claim_says_how_much_where_and_what_when_that_is_too_much() -> None:
    pay, parts = steps_of(given.property_tax())
    assert pay.what == "Betaal € 459,50."
    assert {fact.label: fact.value for fact in pay.payment} == {
        "Bedrag": "€ 459,50",
        "Rekeningnummer": "NL91 ABNA 0417 1643 00",
        "Op naam van": "Gemeente Voorbeeldstad",
        "Betaalkenmerk": "5000 0012 3456 7890",
    }
    assert parts.more == "Vraag of u in delen mag betalen."
    assert parts.call == CALL


def test_what_threatens_is_called_about_first() -> None:
    first = steps_of(given.parking_fine())[0]
    assert (first.what, first.call) == ("Bel vandaag.", CALL)


def test_in_a_plan_only_the_part_is_asked_and_nobody_is_told_to_ask_for_a_plan() -> None:
    claim = replace(given.benefit_recovery(), due_amount=None)
    steps = steps_of(claim)
    assert steps[0].what == "Betaal € 50,00 voor 1 december 2026."
    assert not any("delen" in step.more for step in steps)


@pytest.mark.parametrize("status", [ClaimStatus.PAUSED, ClaimStatus.DISPUTED])
def test_nobody_is_told_to_pay_what_waits(status: ClaimStatus) -> None:
    steps = steps_of(replace(given.property_tax(), status=status))
    assert not any(step.what.startswith("Betaal") for step in steps)
    assert steps[0].what == "Wilt u toch betalen?"


def test_an_amount_that_is_not_known_is_asked_and_never_zero() -> None:
    pay = steps_of(replace(given.property_tax(), amounts=Amounts()))[0]
    assert (pay.what, pay.more) == ("Betaal.", "Vraag eerst hoeveel u moet betalen.")
    assert pay.payment[0].value == "niet bekend"


def test_without_payment_details_there_is_nothing_to_copy() -> None:
    assert not any(step.payment for step in steps_of(replace(given.property_tax(), payment=None)))


@pytest.mark.parametrize(
    ("until", "said"), [("2026-11-22", "U kunt bezwaar maken"), ("2026-11-21", "kon tot")]
)
def test_objecting_stands_there_with_its_date_and_is_not_offered_afterwards(until: str, said: str) -> None:
    steps = steps_of(replace(given.property_tax(), objection_until_on=given.day(until)))
    assert any(said in f"{step.what} {step.more}" for step in steps)


def test_on_what_is_settled_there_is_nothing_to_do_but_to_ask_for_money_back() -> None:
    assert steps_of(given.paid()) == ()
    assert [step.what for step in steps_of(given.overpaid())] == ["Vraag wanneer u het geld krijgt."]
    assert steps_of(replace(given.paid(), status=ClaimStatus.REMITTED)) == ()


def test_due_amounts_go_before_the_whole_balance() -> None:
    claim = replace(given.property_tax(), due_amount=Money(1_000), due_on=given.day("2026-12-01"))
    assert steps_of(claim)[0].what == "Betaal € 10,00 voor 1 december 2026."
