"""What follows without doubt from a case of an FCID: amounts by kind, status, date to pay, account.

FCID has no status and gives sums only; everything here is our reading of the events. Where the events leave doubt,
the answer is "unknown", never a guess.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from claims.case_totals import CaseTotals, add_up_case
from claims.events import CaseTransferred, Event, ObligationImposed, ObligationRemitted
from claims.fcid.schedule import Schedule, dutch_day
from claims.financial_claim import Amounts, Arrears, ClaimStatus, Finding
from claims.money import ZERO, Money, believable
from claims.organisation import PaymentDetails
from claims.partial_date import PartialDate

# The category words are not confirmed. An extra obligation without one of these is not called "costs": on a tax bill
# every further tax is one too.
_INTEREST = frozenset({"rente", "gm_invorderingsrente", "gm_wettelijke_rente"})
_COSTS = frozenset({"administratiekosten", "verhoging", "gm_kosten_aanmaning", "gm_kosten_dwangbevel"})


@dataclass(frozen=True, slots=True)
class StatedTotals:
    """What the source says about the case: each in cents, None when it does not say."""

    obliged: Money | None
    settled: Money | None
    balance: Money | None
    as_of: datetime | None


@dataclass(frozen=True, slots=True)
class Case:
    """A case as read, before anything is derived. `late_keys` None: the source gives no list of arrears."""

    stated: StatedTotals
    events: tuple[Event, ...]
    late_keys: tuple[str, ...] | None

    @property
    def totals(self) -> CaseTotals:
        return add_up_case(self.events, self.stated.as_of)

    @property
    def schedule(self) -> Schedule:
        return Schedule.of(self.events, self.stated.as_of)


def arrears_of(case: Case) -> Arrears | None:
    return None if case.late_keys is None else case.schedule.arrears(case.late_keys, case.stated.balance)


def amounts_of(case: Case) -> Amounts:
    """The stated balance always wins. It is split into parts only when the events add up to the stated totals."""
    stated, totals = case.stated, case.totals
    if not totals_fit(stated, totals) or not _obligations(case.events):
        paid = None if _has(case.events, ObligationRemitted, CaseTransferred) else stated.settled
        return Amounts(opening=stated.obliged, paid=paid, balance=stated.balance, as_of=stated.as_of)
    extras = [event for event in _counted(case) if not event.primary]
    interest = [event for event in extras if _words(event) & _INTEREST]
    costs = [event for event in extras if _words(event) & _COSTS and not _words(event) & _INTEREST]
    return Amounts(
        opening=believable(totals.imposed + totals.corrected - _total(interest) - _total(costs)),
        costs=believable(_total(costs)) if costs else None,
        interest=believable(_total(interest)) if interest else None,
        paid=believable(totals.paid),
        remitted=believable(totals.remitted) if _has(case.events, ObligationRemitted) else None,
        balance=stated.balance,
        as_of=stated.as_of,
    )


def totals_fit(stated: StatedTotals, totals: CaseTotals) -> bool:
    """The events give the stated sums, in either reading of a remission (it lowers one sum or raises the other)."""
    if not totals.is_known:
        return False
    pairs = {
        (totals.obliged, totals.settled),
        (totals.obliged - totals.remitted, totals.settled - totals.remitted),
    }
    return any(
        stated.obliged in (None, obliged) and stated.settled in (None, settled) for obliged, settled in pairs
    )


def findings_of(case: Case, arrears: Arrears | None) -> tuple[Finding, ...]:
    """Contradictions within what the source says."""
    stated, totals = case.stated, case.totals
    found: list[Finding] = []
    if totals.is_known and stated.balance is not None and totals.balance != stated.balance:
        found.append(Finding("balance_differs_from_events"))
    if _stated_balance(stated) not in (None, stated.balance) and stated.balance is not None:
        found.append(Finding("balance_differs_from_totals"))
    if _is_late(arrears) and stated.balance is not None and stated.balance.cents <= 0:
        found.append(Finding("arrears_without_balance"))
    return tuple(found)


def _stated_balance(stated: StatedTotals) -> Money | None:
    if stated.obliged is None or stated.settled is None:
        return None
    return stated.obliged - stated.settled


def status_of(case: Case, arrears: Arrears | None) -> ClaimStatus:
    """In this order: handed over and not settled before that -> transferred; nothing left -> paid, or remitted when
    remissions cover everything; in arrears -> overdue; a balance -> open. A contradiction gives unknown."""
    balance, totals = case.stated.balance, case.totals
    # A balance of zero after a hand-over means "ask the other one", not "paid".
    settled_here = totals.is_known and totals.paid + totals.remitted >= totals.imposed + totals.corrected
    if _has(_before(case), CaseTransferred) and not settled_here:
        return ClaimStatus.TRANSFERRED
    if balance is not None and balance.cents <= 0:
        return ClaimStatus.UNKNOWN if _is_late(arrears) else _settled_status(totals)
    if _is_late(arrears):
        return ClaimStatus.OVERDUE
    return ClaimStatus.UNKNOWN if balance is None else ClaimStatus.OPEN


def _settled_status(totals: CaseTotals) -> ClaimStatus:
    owed = totals.imposed + totals.corrected
    by_remission = totals.is_known and totals.remitted.cents > 0 and totals.remitted >= owed
    return ClaimStatus.REMITTED if by_remission else ClaimStatus.PAID


@dataclass(frozen=True, slots=True)
class NextPayment:
    due_on: PartialDate | None = None
    amount: Money | None = None
    details: PaymentDetails | None = None


def next_payment(case: Case, arrears: Arrears | None, status: ClaimStatus) -> NextPayment:
    """When, how much and where to pay next. Nothing for a claim that is settled or handed over."""
    if status in {ClaimStatus.PAID, ClaimStatus.REMITTED, ClaimStatus.TRANSFERRED}:
        return NextPayment()
    schedule = case.schedule
    due = schedule.next_due(case.stated.as_of, arrears)
    if due is None:
        return NextPayment(details=_details(schedule))
    assert due.due is not None  # noqa: S101 - next_due gives only obligations with a date
    day = PartialDate.of(dutch_day(due.due))
    return NextPayment(day, schedule.rest(due), _details(Schedule((due,), (), True)))


def _details(schedule: Schedule) -> PaymentDetails | None:
    if not schedule.obligations:
        return None
    last = schedule.obligations[-1]
    details = PaymentDetails(last.iban, last.account_name, last.reference)
    return None if details == PaymentDetails() else details


def _before(case: Case) -> list[Event]:
    at = case.stated.as_of
    return [e for e in case.events if at is None or e.registered_at is None or e.registered_at <= at]


def _counted(case: Case) -> list[ObligationImposed]:
    return _obligations(_before(case))


def _obligations(events: Sequence[Event]) -> list[ObligationImposed]:
    return [event for event in events if isinstance(event, ObligationImposed)]


def _words(event: ObligationImposed) -> set[str]:
    return {(event.category or "").casefold(), (event.kind_id or "").lower()}


def _total(events: Sequence[ObligationImposed]) -> Money:
    return sum((event.amount for event in events if event.amount is not None), ZERO)


def _has(events: Sequence[Event], *kinds: type[Event]) -> bool:
    return any(isinstance(event, kinds) for event in events)


def _is_late(arrears: Arrears | None) -> bool:
    return arrears is not None and bool(arrears.obligation_keys)
