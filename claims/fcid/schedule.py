"""What must be paid when, as far as payment obligations and payments tell it without doubt.

The source decides what is in arrears: only it knows deferrals, plans and objections. We never compute arrears; we
only look up how much the listed obligations still are, and say so when that cannot be told.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from claims.events import (
    Event,
    ObligationImposed,
    PaymentObligationImposed,
    PaymentObligationWithdrawn,
    PaymentProcessed,
)
from claims.financial_claim import Arrears
from claims.instant import Moment
from claims.money import ZERO, Money, believable

_DUTCH = ZoneInfo("Europe/Amsterdam")
_PLAIN = (ObligationImposed, PaymentObligationImposed, PaymentObligationWithdrawn, PaymentProcessed)


def dutch_day(moment: Moment) -> date:
    """The calendar day in the Netherlands; of a partial date the first day that it can be. At the very end of the
    calendar ("9999-12-31T23:59:59Z" as "never") the day stays as it is."""
    if not isinstance(moment, datetime):
        return moment.earliest
    try:
        return moment.astimezone(_DUTCH).date()
    except OverflowError:
        return moment.date()


@dataclass(frozen=True, slots=True)
class Schedule:
    """`obligations` without the withdrawn ones. `is_plain`: no remission, correction, transfer or unknown event
    that may have changed what is still to be paid."""

    obligations: tuple[PaymentObligationImposed, ...]
    payments: tuple[PaymentProcessed, ...]
    is_plain: bool

    @classmethod
    def of(cls, events: Iterable[Event], at: datetime | None) -> Schedule:
        """From the events that were registered at `at` or before."""
        known = [e for e in events if at is None or e.registered_at is None or e.registered_at <= at]
        withdrawn = {e.withdrawn_key for e in known if isinstance(e, PaymentObligationWithdrawn)}
        imposed = (e for e in known if isinstance(e, PaymentObligationImposed) and e.key not in withdrawn)
        return cls(
            tuple(sorted(imposed, key=_by_due)),
            tuple(e for e in known if isinstance(e, PaymentProcessed)),
            all(isinstance(event, _PLAIN) for event in known),
        )

    def rest(self, obligation: PaymentObligationImposed) -> Money | None:
        """What is still to be paid on it; None when payments or amounts leave any doubt."""
        if obligation.amount is None or not self.is_plain or not self._stands_alone(obligation):
            return None
        references = {other.reference for other in self.obligations}
        paid = ZERO
        for payment in _after(self.payments, obligation):
            if payment.amount is None or payment.reference is None or payment.reference not in references:
                return None  # it may have been for this obligation
            if payment.reference == obligation.reference:
                paid += payment.amount
        rest = obligation.amount - paid
        return believable(rest) if rest.cents > 0 else None

    def _stands_alone(self, obligation: PaymentObligationImposed) -> bool:
        """No other obligation can be about the same money (a reminder, or a term with the same reference)."""
        others = [other for other in self.obligations if other is not obligation]
        if obligation.reference is None:
            return not others
        return all(other.reference not in (None, obligation.reference) for other in others)

    def is_covered(self, obligation: PaymentObligationImposed) -> bool:
        """Payments with the same reference are enough for it and for everything with that reference before it."""
        if obligation.reference is None:
            return False
        same = [other for other in self.obligations if other.reference == obligation.reference]
        needed = [other.amount for other in same[: same.index(obligation) + 1]]
        first = min(same, key=_registered)
        paid = [p.amount for p in _after(self.payments, first) if p.reference == obligation.reference]
        if None in needed:
            return False
        return _known_sum(paid) >= _known_sum(needed)

    def arrears(self, listed_keys: tuple[str, ...], balance: Money | None) -> Arrears:
        """The amount of the obligations that the source lists: exact, at least, or not known."""
        if not listed_keys:
            return Arrears(amount=ZERO)
        by_key = {obligation.key: obligation for obligation in self.obligations}
        listed = [by_key.get(key) for key in dict.fromkeys(listed_keys)]
        rests = [None if obligation is None else self.rest(obligation) for obligation in listed]
        known = [rest for rest in rests if rest is not None]
        amount = sum(known, ZERO)
        if not known or believable(amount) is None or (balance is not None and amount > balance):
            return Arrears(amount=None, obligation_keys=listed_keys)
        return Arrears(amount=amount, is_at_least=len(known) < len(rests), obligation_keys=listed_keys)

    def next_due(self, at: datetime | None, arrears: Arrears | None) -> PaymentObligationImposed | None:
        """The first one that the source lists as late or that is not covered. One whose day has passed counts only
        when the source lists it (or gives no list): otherwise it has been deferred, or was paid in a way that we
        cannot see."""
        today = None if at is None or arrears is None else dutch_day(at)
        late = set() if arrears is None else set(arrears.obligation_keys)
        for obligation in self.obligations:
            if obligation.due is None:
                continue
            may_be_due = today is None or dutch_day(obligation.due) >= today
            if obligation.key in late or (may_be_due and not self.is_covered(obligation)):
                return obligation
        return None


def _after(
    payments: Iterable[PaymentProcessed], obligation: PaymentObligationImposed
) -> list[PaymentProcessed]:
    """Without the payments that the source knew before it imposed the obligation: those were not for it."""
    start = obligation.registered_at
    return [p for p in payments if start is None or p.registered_at is None or p.registered_at >= start]


def _known_sum(amounts: Iterable[Money | None]) -> Money:
    return sum((amount for amount in amounts if amount is not None), ZERO)


def _registered(obligation: PaymentObligationImposed) -> datetime:
    """An obligation without a moment counts as the oldest: then no payment is left out."""
    return obligation.registered_at or datetime.min.replace(tzinfo=UTC)


def _by_due(obligation: PaymentObligationImposed) -> tuple[date, str]:
    return (dutch_day(obligation.due) if obligation.due else date.max, obligation.key)
