"""What is to be paid when, of all claims together: the numbers below every list and picture of dates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from claims.financial_claim import ClaimStatus, FinancialClaim
from claims.money import Money
from claims.overview import balance_to_show, is_settled
from claims.partial_date import PartialDate
from claims.totals import Total, add_up

_WAITING = frozenset({ClaimStatus.PAUSED, ClaimStatus.DISPUTED})


@dataclass(frozen=True, slots=True)
class MonthSum:
    """`month` None: the dates that have passed; without a month of the year: dates of which only the year is known."""

    month: PartialDate | None
    total: Total


def to_pay(claim: FinancialClaim) -> tuple[Money | None, PartialDate | None]:
    """What is asked first, and when: as stated for that date, else the agreed part, else all that is left."""
    plan = claim.payment_plan
    if claim.due_amount is not None or plan is None:
        amount = claim.due_amount if claim.due_amount is not None else balance_to_show(claim)
        return amount, claim.due_on
    return plan.instalment, plan.next_due_on or claim.due_on


def payments(claim: FinancialClaim) -> Iterator[tuple[PartialDate, Money | None]]:
    """The dates on which something of this claim is to be paid, each with its amount; None where that is not known."""
    plan, due = claim.payment_plan, claim.due_on
    if due is not None:
        yield due, to_pay(claim)[0]
    if plan is not None and plan.next_due_on is not None and plan.next_due_on != due:
        yield plan.next_due_on, plan.instalment


def is_waiting(claim: FinancialClaim) -> bool:
    """Paused, or somebody objected: its dates are told, and nobody is asked to pay by them."""
    return claim.status in _WAITING and not is_settled(claim)


def is_to_pay(claim: FinancialClaim) -> bool:
    return not is_settled(claim) and not is_waiting(claim)


def some_wait(claims: Iterable[FinancialClaim]) -> bool:
    """Whether `per_month` leaves out a date, so that whoever shows it must say so."""
    return any(is_waiting(claim) and any(payments(claim)) for claim in claims)


def first_to_pay(claims: Iterable[FinancialClaim]) -> FinancialClaim | None:
    """The one with the earliest date to pay, also when that date has passed."""
    dated = [claim for claim in claims if claim.due_on is not None and is_to_pay(claim)]
    return min(dated, key=_due_key, default=None)


def _due_key(claim: FinancialClaim) -> tuple[date, str]:
    return (claim.due_on.earliest if claim.due_on else date.max, claim.reference)


def per_month(claims: Iterable[FinancialClaim], today: date, *, has_gaps: bool) -> tuple[MonthSum, ...]:
    """The sums of the dates that are known, in the order of time. `has_gaps`: a source may know more. What waits is not in
    it: see `some_wait`."""
    every = [paid for claim in claims if is_to_pay(claim) for paid in payments(claim)]
    every.sort(key=lambda paid: (paid[0].latest >= today, paid[0].earliest))
    return tuple(
        MonthSum(month, add_up((amount for _, amount in group), has_gaps=has_gaps))
        for month, group in groupby(every, key=lambda paid: _month(paid[0], today))
    )


def _month(on: PartialDate, today: date) -> PartialDate | None:
    return None if on.latest < today else PartialDate(on.year, on.month)
