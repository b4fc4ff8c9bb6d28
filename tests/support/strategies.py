"""Hypothesis strategies for our models, used by the tests of every room."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from hypothesis import strategies as st

from claims import events as ev
from claims.financial_claim import (
    Amounts,
    Arrears,
    ClaimStatus,
    Collector,
    FinancialClaim,
    Finding,
    PaymentPlan,
    Preference,
    Urgency,
    UrgencyKind,
)
from claims.identity import Oin
from claims.money import LARGEST_CENTS, Money
from claims.organisation import ContactKind, ContactOption, Organisation, PaymentDetails
from claims.outcome import (
    Basis,
    BasisKind,
    FailureCause,
    NotConnected,
    PartialReason,
    Source,
    SourceAnswer,
    SourceFailure,
    SourceOutcome,
)
from claims.overview import Overview
from claims.partial_date import PartialDate
from claims.visible import is_visible

# Far enough from the ends of the calendar to move between time zones.
_FIRST = datetime(2, 1, 1)  # noqa: DTZ001 - Hypothesis adds the zone
_LAST = datetime(9998, 12, 31)  # noqa: DTZ001


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


# Everything that UTF-8 can hold: also quotes, line ends, control characters and right-to-left text.
texts = st.text(st.characters(codec="utf-8"), max_size=12)
names = texts.filter(is_visible)
money = st.integers(-LARGEST_CENTS // 1000, LARGEST_CENTS // 1000).map(Money)
days = st.dates().map(PartialDate.of)
partial_dates = (
    days
    | st.builds(PartialDate, st.integers(1, 9999))
    | st.builds(PartialDate, st.integers(1, 9999), st.integers(1, 12))
)
zones = st.just(UTC) | st.integers(-14 * 60, 14 * 60).map(
    lambda minutes: timezone(timedelta(minutes=minutes))
)
instants = st.datetimes(_FIRST, _LAST, timezones=zones)
moments = instants | partial_dates
oins = st.text("0123456789", min_size=20, max_size=20).map(Oin)
organisations = st.builds(Organisation, names, maybe(oins), maybe(texts))
contacts = st.builds(ContactOption, st.sampled_from(ContactKind), texts, maybe(texts), maybe(texts))
findings = st.builds(Finding, texts, maybe(texts))
payment_details = st.builds(PaymentDetails, maybe(texts), maybe(texts), maybe(texts))


def several(strategy: st.SearchStrategy[Any], at_most: int = 2) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(strategy, max_size=at_most).map(tuple)


_common: dict[str, st.SearchStrategy[Any]] = {
    "key": texts,
    "registered_at": maybe(instants),
    "description": maybe(texts),
    "extra": maybe(texts),
}
obligations = st.builds(
    ev.ObligationImposed,
    **_common,
    amount=maybe(money),
    imposed_at=maybe(moments),
    decision_number=maybe(texts),
    primary=maybe(st.booleans()),
    kind_id=maybe(texts),
    category=maybe(texts),
    legal_ground=maybe(texts),
    legal_source=maybe(texts),
    imposed_by=maybe(texts),
    executed_by=maybe(texts),
)
corrections = st.builds(
    ev.ObligationCorrected, **_common, difference=maybe(money), corrected_key=maybe(texts)
)
remissions = st.builds(ev.ObligationRemitted, **_common, amount=maybe(money), remitted_key=maybe(texts))
payment_obligations = st.builds(
    ev.PaymentObligationImposed,
    **_common,
    amount=maybe(money),
    due=maybe(moments),
    notice=maybe(st.sampled_from(ev.Notice)),
    reference=maybe(texts),
    obligation_key=maybe(texts),
    imposed_at=maybe(moments),
    pay_to=maybe(texts),
    method=maybe(texts),
    iban=maybe(texts),
    account_name=maybe(texts),
)
withdrawals = st.builds(ev.PaymentObligationWithdrawn, **_common, withdrawn_key=maybe(texts))
payments = st.builds(
    ev.PaymentProcessed,
    **_common,
    amount=maybe(money),
    received_at=maybe(moments),
    processed_at=maybe(moments),
    reference=maybe(texts),
    received_by=maybe(texts),
    processed_by=maybe(texts),
)
transfers = st.builds(
    ev.CaseTransferred,
    **_common,
    transferred_to=maybe(texts),
    transferred_at=maybe(moments),
    balance=maybe(money),
)
unrecognised = st.builds(ev.UnrecognisedEvent, **_common, type_name=texts, content=texts)
events = st.one_of(
    obligations,
    corrections,
    remissions,
    payment_obligations,
    withdrawals,
    payments,
    transfers,
    unrecognised,
)

amounts = st.builds(
    Amounts,
    opening=maybe(money),
    costs=maybe(money),
    interest=maybe(money),
    paid=maybe(money),
    remitted=maybe(money),
    balance=maybe(money),
    as_of=maybe(moments),
)
arrears = st.builds(Arrears, amount=maybe(money), is_at_least=st.booleans(), obligation_keys=several(texts))
payment_plans = st.builds(
    PaymentPlan,
    instalment=maybe(money),
    period=maybe(texts),
    next_due_on=maybe(partial_dates),
    ends_on=maybe(partial_dates),
    agreed_on=maybe(partial_dates),
)
collectors = st.builds(
    Collector,
    name=texts,
    reference=maybe(texts),
    handed_over_on=maybe(partial_dates),
    contact=several(contacts),
)
urgencies = st.builds(
    Urgency, kind=st.sampled_from(UrgencyKind), on=maybe(partial_dates), description=maybe(texts)
)
claims = st.builds(
    FinancialClaim,
    reference=names,
    creditor=organisations,
    amounts=amounts,
    title=maybe(texts),
    kind_id=maybe(texts),
    legal_ground=maybe(texts),
    decision_numbers=several(texts),
    customer_number=maybe(texts),
    originated_on=maybe(partial_dates),
    period_from=maybe(partial_dates),
    period_until=maybe(partial_dates),
    status=st.sampled_from(ClaimStatus),
    status_since_on=maybe(partial_dates),
    arrears=maybe(arrears),
    due_on=maybe(partial_dates),
    due_amount=maybe(money),
    payment_plan=maybe(payment_plans),
    collector=maybe(collectors),
    urgencies=several(urgencies),
    preference=maybe(st.sampled_from(Preference)),
    objection_until_on=maybe(partial_dates),
    joint=maybe(st.booleans()),
    payment=maybe(payment_details),
    contact=several(contacts),
    events=several(events, 3),
    findings=several(findings),
    extra=maybe(texts),
)

sources = st.builds(Source, names, organisations, several(contacts))
answers = st.builds(
    SourceAnswer,
    source=sources,
    answered_at=instants,
    basis=st.builds(Basis, st.sampled_from(BasisKind), instants),
    claims=several(claims),
    partial=several(st.sampled_from(PartialReason)),
    stated_name=maybe(texts),
    findings=several(findings),
)
failures = st.builds(SourceFailure, source=sources, failed_at=instants, cause=st.sampled_from(FailureCause))
not_connected = st.builds(NotConnected, source=sources, noted_at=instants)
outcomes: st.SearchStrategy[SourceOutcome] = st.one_of(answers, failures, not_connected)
overviews = st.builds(Overview, instants, several(outcomes), several(findings))
