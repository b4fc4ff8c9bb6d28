"""One claim (vordering) that an organisation has on a citizen, as one source states it. Nothing is made up here:
what the source does not say is None, and None is never shown or added as zero."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from claims.events import Event
from claims.money import Money
from claims.organisation import ContactOption, Organisation, PaymentDetails
from claims.partial_date import PartialDate
from claims.visible import is_visible


class ClaimStatus(StrEnum):
    """Who must do what now. The Dutch wire values stand in `claims.record.names`."""

    OPEN = "open"
    OVERDUE = "overdue"
    ARRANGEMENT = "arrangement"
    ARRANGEMENT_BROKEN = "arrangement_broken"
    PAUSED = "paused"
    DISPUTED = "disputed"
    TRANSFERRED = "transferred"
    PAID = "paid"
    REMITTED = "remitted"
    UNKNOWN = "unknown"


class UrgencyKind(StrEnum):
    EVICTION = "eviction"
    CUT_OFF = "cut_off"
    SEIZURE = "seizure"
    OTHER = "other"


class Preference(StrEnum):
    """Rank of the creditor, only as the source supplies it."""

    PREFERENT = "preferent"
    CONCURRENT = "concurrent"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something odd about the data. `code` is a fixed word for programs; `detail` never holds personal data."""

    code: str
    detail: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """The build-up of a claim, each part only when the source states it: opening + costs + interest - paid
    - remitted = balance. `as_of` is the reference moment of the balance."""

    opening: Money | None = None
    costs: Money | None = None
    interest: Money | None = None
    paid: Money | None = None
    remitted: Money | None = None
    balance: Money | None = None
    as_of: datetime | PartialDate | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrears:
    """How much is late, as the source states it. `amount` None: something is late, how much is not known.

    No arrears at all is `Arrears(amount=ZERO)`; a claim whose source says nothing about arrears has `arrears=None`.
    """

    amount: Money | None
    is_at_least: bool = False
    obligation_keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentPlan:
    """An agreement to pay in parts. `period` is the source's word, for instance "maand"."""

    instalment: Money | None = None
    period: str | None = None
    next_due_on: PartialDate | None = None
    ends_on: PartialDate | None = None
    agreed_on: PartialDate | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Collector:
    """The bailiff or collection agency where the citizen must now pay and call."""

    name: str
    reference: str | None = None
    handed_over_on: PartialDate | None = None
    contact: tuple[ContactOption, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Urgency:
    """Something that threatens soon, as the source states it."""

    kind: UrgencyKind
    on: PartialDate | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FinancialClaim:
    """`reference` is the case key of the creditor (zaakkenmerk); with the creditor it identifies the claim.
    `extra` holds what else the source said and we do not know, as canonical JSON text of an object."""

    reference: str
    creditor: Organisation
    amounts: Amounts
    title: str | None = None
    kind_id: str | None = None
    legal_ground: str | None = None
    decision_numbers: tuple[str, ...] = ()
    customer_number: str | None = None
    originated_on: PartialDate | None = None
    period_from: PartialDate | None = None
    period_until: PartialDate | None = None
    status: ClaimStatus = ClaimStatus.UNKNOWN
    status_since_on: PartialDate | None = None
    arrears: Arrears | None = None
    due_on: PartialDate | None = None
    due_amount: Money | None = None
    payment_plan: PaymentPlan | None = None
    collector: Collector | None = None
    urgencies: tuple[Urgency, ...] = ()
    preference: Preference | None = None
    objection_until_on: PartialDate | None = None
    joint: bool | None = None
    payment: PaymentDetails | None = None
    contact: tuple[ContactOption, ...] = ()
    events: tuple[Event, ...] = ()
    findings: tuple[Finding, ...] = ()
    extra: str | None = None

    def __post_init__(self) -> None:
        if not is_visible(self.reference):
            raise ValueError("a claim has a reference")

    @property
    def is_overpaid(self) -> bool:
        """The citizen gets money back. An unknown balance is not overpaid."""
        return self.amounts.balance is not None and self.amounts.balance.cents < 0
