"""What happened in a case, one immutable record per event (FCID v3/v4.1, dictionary "gebeurtenissen").

An event that we do not know is kept and shown as UnrecognisedEvent: it is never dropped.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from claims.money import Money
from claims.partial_date import PartialDate

_END_OF_TIME = datetime.max.replace(tzinfo=UTC)


class Notice(StrEnum):
    """How a payment obligation was announced (FCID v4.1, `type`)."""

    FIRST_NOTICE = "first_notice"
    REMINDER = "reminder"
    FORMAL_DEMAND = "formal_demand"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """`key` is unique and stable within the source; `registered_at` is when the source wrote the event down;
    `extra` holds what else the source said about it and we do not know, as canonical JSON text of an object."""

    key: str
    registered_at: datetime | None = None
    description: str | None = None
    extra: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ObligationImposed(Event):
    """An amount that the citizen owes by law from now on. `primary` marks the core of the case (not its costs)."""

    amount: Money | None
    imposed_at: datetime | PartialDate | None = None
    decision_number: str | None = None
    primary: bool | None = None
    kind_id: str | None = None
    category: str | None = None
    legal_ground: str | None = None
    legal_source: str | None = None
    imposed_by: str | None = None
    executed_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ObligationCorrected(Event):
    """A correction of an earlier obligation. `difference` is added to the total obliged; negative lowers it."""

    difference: Money | None
    corrected_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ObligationRemitted(Event):
    """The citizen need not pay (part of) an obligation any more (FCID v4.1)."""

    amount: Money | None
    remitted_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentObligationImposed(Event):
    """When and how to pay (part of) the balance. Never changes the balance."""

    amount: Money | None
    due: datetime | PartialDate | None = None
    notice: Notice | None = None
    reference: str | None = None
    obligation_key: str | None = None
    imposed_at: datetime | PartialDate | None = None
    pay_to: str | None = None
    method: str | None = None
    iban: str | None = None
    account_name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentObligationWithdrawn(Event):
    withdrawn_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentProcessed(Event):
    """A payment by the citizen; positive amount."""

    amount: Money | None
    received_at: datetime | PartialDate | None = None
    processed_at: datetime | PartialDate | None = None
    reference: str | None = None
    received_by: str | None = None
    processed_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseTransferred(Event):
    """The case was handed to somebody else, for instance a bailiff (FCID v4.1, fields unconfirmed)."""

    transferred_to: str | None = None
    transferred_at: datetime | PartialDate | None = None
    balance: Money | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnrecognisedEvent(Event):
    """An event of a type we do not know. `content` is the event as received, as canonical JSON text."""

    type_name: str
    content: str


def in_order(events: Iterable[Event]) -> tuple[Event, ...]:
    """By moment of registration, then by key; events without a moment last. Equal input in any order gives equal
    output."""
    return tuple(sorted(events, key=_order))


def _order(event: Event) -> tuple[datetime, str, str]:
    return (event.registered_at or _END_OF_TIME, event.key, repr(event))
