"""The shapes of the record: which attribute of our models is read and written in which way."""

from __future__ import annotations

from typing import Any

from claims import events as ev
from claims.financial_claim import (
    Amounts,
    Arrears,
    Collector,
    Finding,
    PaymentPlan,
    Preference,
    Urgency,
    UrgencyKind,
)
from claims.organisation import ContactKind, ContactOption, Organisation, PaymentDetails
from claims.outcome import Basis, Source
from claims.record import names
from claims.record.codec import (
    CENTS,
    FLAG,
    INSTANT,
    MOMENT,
    NAME,
    OIN,
    PARTIAL_DATE,
    TEXT,
    ListOf,
    OneOf,
)
from claims.record.shape import Shape, members

ORGANISATION = Shape(
    "organisatie",
    Organisation,
    members(names.ORGANISATION, {"name": NAME, "oin": OIN, "department": TEXT}, ["name"]),
)
CONTACT = Shape(
    "contactmogelijkheid",
    ContactOption,
    members(
        names.CONTACT,
        {
            "kind": OneOf(names.CONTACT_KIND, ContactKind.OTHER),
            "value": TEXT,
            "hours": TEXT,
            "description": TEXT,
        },
        ["kind", "value"],
    ),
)
FINDING = Shape("bevinding", Finding, members(names.FINDING, {"code": TEXT, "detail": TEXT}, ["code"]))
PAYMENT_DETAILS = Shape(
    "betaalgegevens",
    PaymentDetails,
    members(names.PAYMENT_DETAILS, {"iban": TEXT, "account_name": TEXT, "reference": TEXT}),
)
AMOUNTS = Shape(
    "bedragen",
    Amounts,
    members(
        names.AMOUNTS,
        {
            "opening": CENTS,
            "costs": CENTS,
            "interest": CENTS,
            "paid": CENTS,
            "remitted": CENTS,
            "balance": CENTS,
            "as_of": MOMENT,
        },
        known=["balance"],
    ),
)
ARREARS = Shape(
    "achterstand",
    Arrears,
    members(
        names.ARREARS,
        {"amount": CENTS, "is_at_least": FLAG, "obligation_keys": ListOf(TEXT)},
        known=["amount"],
    ),
)
PAYMENT_PLAN = Shape(
    "betalingsregeling",
    PaymentPlan,
    members(
        names.PAYMENT_PLAN,
        {
            "instalment": CENTS,
            "period": TEXT,
            "next_due_on": PARTIAL_DATE,
            "ends_on": PARTIAL_DATE,
            "agreed_on": PARTIAL_DATE,
        },
    ),
)
COLLECTOR = Shape(
    "incassopartij",
    Collector,
    members(
        names.COLLECTOR,
        {"name": TEXT, "reference": TEXT, "handed_over_on": PARTIAL_DATE, "contact": ListOf(CONTACT)},
        ["name"],
    ),
)
URGENCY = Shape(
    "dreiging",
    Urgency,
    members(
        names.URGENCY,
        {"kind": OneOf(names.URGENCY_KIND, UrgencyKind.OTHER), "on": PARTIAL_DATE, "description": TEXT},
        ["kind"],
    ),
)
PREFERENCE = OneOf(names.PREFERENCE, Preference.UNKNOWN)
SOURCE = Shape(
    "bron",
    Source,
    members(
        names.SOURCE,
        {"source_id": TEXT, "organisation": ORGANISATION, "contact": ListOf(CONTACT)},
        ["source_id", "organisation"],
    ),
)
BASIS = Shape(
    "grondslag_antwoord",
    Basis,
    members(names.BASIS, {"kind": OneOf(names.BASIS_KIND, strict=True), "at": INSTANT}, ["kind", "at"]),
)

_EVENT: dict[str, Any] = {"key": TEXT, "registered_at": INSTANT, "description": TEXT, "extra": TEXT}


def _event(word: str, make: type[Any], wire: dict[str, str], **codecs: Any) -> Shape[Any]:
    fixed = ((names.EVENT_TYPE, word),)
    return Shape(word, make, members(wire, _EVENT | codecs, ["key"]), fixed)


EVENTS: tuple[Shape[Any], ...] = (
    _event(
        "verplichting_opgelegd",
        ev.ObligationImposed,
        names.OBLIGATION_IMPOSED,
        amount=CENTS,
        imposed_at=MOMENT,
        decision_number=TEXT,
        primary=FLAG,
        kind_id=TEXT,
        category=TEXT,
        legal_ground=TEXT,
        legal_source=TEXT,
        imposed_by=TEXT,
        executed_by=TEXT,
    ),
    _event(
        "verplichting_gecorrigeerd",
        ev.ObligationCorrected,
        names.OBLIGATION_CORRECTED,
        difference=CENTS,
        corrected_key=TEXT,
    ),
    _event(
        "verplichting_kwijtgescholden",
        ev.ObligationRemitted,
        names.OBLIGATION_REMITTED,
        amount=CENTS,
        remitted_key=TEXT,
    ),
    _event(
        "betalingsverplichting_opgelegd",
        ev.PaymentObligationImposed,
        names.PAYMENT_OBLIGATION_IMPOSED,
        amount=CENTS,
        due=MOMENT,
        notice=OneOf(names.NOTICE),
        reference=TEXT,
        obligation_key=TEXT,
        imposed_at=MOMENT,
        pay_to=TEXT,
        method=TEXT,
        iban=TEXT,
        account_name=TEXT,
    ),
    _event(
        "betalingsverplichting_ingetrokken",
        ev.PaymentObligationWithdrawn,
        names.PAYMENT_OBLIGATION_WITHDRAWN,
        withdrawn_key=TEXT,
    ),
    _event(
        "betaling_verwerkt",
        ev.PaymentProcessed,
        names.PAYMENT_PROCESSED,
        amount=CENTS,
        received_at=MOMENT,
        processed_at=MOMENT,
        reference=TEXT,
        received_by=TEXT,
        processed_by=TEXT,
    ),
    _event(
        "zaak_overgedragen",
        ev.CaseTransferred,
        names.CASE_TRANSFERRED,
        transferred_to=TEXT,
        transferred_at=MOMENT,
        balance=CENTS,
    ),
    _event(names.UNRECOGNISED_TYPE, ev.UnrecognisedEvent, names.UNRECOGNISED, type_name=TEXT, content=TEXT),
)
