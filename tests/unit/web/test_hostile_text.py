"""Text of a source is shown as text, whatever it holds, in every field that can hold text."""

import json
from dataclasses import replace

import pytest

from claims.events import CaseTransferred, ObligationImposed, PaymentObligationImposed, UnrecognisedEvent
from claims.financial_claim import (
    Amounts,
    ClaimStatus,
    Collector,
    FinancialClaim,
    PaymentPlan,
    Urgency,
    UrgencyKind,
)
from claims.organisation import ContactKind, ContactOption, Organisation, PaymentDetails
from claims.outcome import Basis, BasisKind, PartialReason, Source, SourceAnswer
from tests.support import web_claims as given
from tests.unit.web.conftest import MakeSite

FIELDS = (
    *("creditor", "department", "title", "reference", "decision", "customer", "plan_period", "legal"),
    *("collector", "collector_reference", "urgency", "iban", "account", "payment_reference"),
    *("value", "hours", "description", "event", "event_number", "transferred", "type", "content"),
    *("source", "stated"),
)


def hostile(field: str) -> str:
    return f"<img src=x onerror={field}>\"'"


CONTACT = tuple(
    ContactOption(kind, hostile("value"), hostile("hours"), hostile("description")) for kind in ContactKind
)


def hostile_claim() -> FinancialClaim:
    return FinancialClaim(
        reference=hostile("reference"),
        creditor=Organisation(hostile("creditor"), department=hostile("department")),
        title=hostile("title"),
        legal_ground=hostile("legal"),
        amounts=Amounts(balance=given.euro(1)),
        status=ClaimStatus.ARRANGEMENT,
        decision_numbers=(hostile("decision"),),
        customer_number=hostile("customer"),
        payment_plan=PaymentPlan(instalment=given.euro(1), period=hostile("plan_period")),
        collector=Collector(
            name=hostile("collector"), reference=hostile("collector_reference"), contact=CONTACT
        ),
        urgencies=(Urgency(kind=UrgencyKind.OTHER, description=hostile("urgency")),),
        payment=PaymentDetails(hostile("iban"), hostile("account"), hostile("payment_reference")),
        contact=CONTACT,
        events=(
            ObligationImposed(
                key="1", amount=None, description=hostile("event"), decision_number=hostile("event_number")
            ),
            PaymentObligationImposed(key="2", amount=None, reference=hostile("payment_reference")),
            CaseTransferred(key="3", transferred_to=hostile("transferred")),
            UnrecognisedEvent(
                key="4", type_name=hostile("type"), content=json.dumps({"omschrijving": hostile("content")})
            ),
        ),
    )


def hostile_answer() -> SourceAnswer:
    return SourceAnswer(
        source=Source("x", Organisation(hostile("source")), CONTACT),
        answered_at=given.NOW,
        basis=Basis(BasisKind.LIVE, given.NOW),
        claims=(hostile_claim(),),
        partial=(PartialReason.SOURCE_SAYS_SO,),
        stated_name=hostile("stated"),
    )


def test_no_field_of_a_source_becomes_markup(make: MakeSite) -> None:
    browser = make(hostile_answer()).browser()
    browser.log_in()
    for address in ("/overzicht", "/overzicht/pdf", "/bronnen", "/overzicht?taal=en", "/overzicht?taal=ar"):
        page = browser.get(address).text
        assert "<img" not in page
        assert "&lt;img src=x onerror=" in page


def test_each_field_is_really_on_the_page(make: MakeSite) -> None:
    browser = make(hostile_answer()).browser()
    browser.log_in()
    page = browser.get("/overzicht").text
    assert [field for field in FIELDS if f"onerror={field}&gt;" not in page.replace(" ", "")] == []


@pytest.mark.threat("T-38")
def test_no_text_of_a_source_turns_around_what_stands_beside_it(make: MakeSite) -> None:
    turning = "\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u200e\u200f\u061c\0\x1b"
    turning += "\u200b\u2060\ufeff\u00ad\U000e0041"  # these only hide
    contact = tuple(ContactOption(kind, f"14 {kind}{turning}.x@y", f"9{turning}-17") for kind in ContactKind)
    claim = replace(
        given.property_tax(), title=f"OZB{turning}2026", reference=f"R{turning}1", contact=contact
    )
    browser = make(given.answer("x", Organisation(f"Stad{turning}huis"), claim)).browser()
    browser.log_in()
    page = browser.get("/overzicht").text
    assert not set(turning) & set(page)
    for text in ("OZB2026", "R1", "Stadhuis", "9-17", f"14 {ContactKind.EMAIL}<wbr>.x<wbr>@y"):
        assert text in page


def test_a_telephone_link_holds_digits_only(make: MakeSite) -> None:
    phone = ContactOption(ContactKind.PHONE, '14 0123"><script>alert(1)</script>')
    answer = given.answer(
        "x", given.TAXES, source=Source("x", given.TAXES, (phone,)), partial=(PartialReason.STALE,)
    )
    browser = make(answer).browser()
    browser.log_in()
    page = browser.get("/overzicht").text
    assert 'href="tel:1401231"' in page
    assert "<script>" not in page
