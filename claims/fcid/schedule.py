"""What must be paid when, as far as payment obligations and payments tell it without doubt.

The source decides what is in arrears: only it knows deferrals, plans and objections. We never compute arrears; we
only look up how much the listed obligations still are, and say so when that cannot be told.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from claims.events import (
    Event,
    ObligationImposed,
    PaymentObligationImposed,
    PaymentObligationWithdrawn,
    PaymentProcessed,
)
from claims.fcid.ledger import Ledger
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
        return self._rest(obligation, Ledger(self.obligations, self.payments))

    def _rest(self, obligation: PaymentObligationImposed, ledger: Ledger) -> Money | None:
        if obligation.amount is None or not self.is_plain or not ledger.stands_alone(obligation):
            return None
        paid = ledger.paid_on(obligation)
        rest = None if paid is None else obligation.amount - paid
        return believable(rest) if rest is not None and rest.cents > 0 else None

    def arrears(self, listed_keys: tuple[str, ...], balance: Money | None) -> Arrears:
        """The amount of the obligations that the source lists: exact, at least, or not known."""
        if not listed_keys:
            return Arrears(amount=ZERO)
        by_key = {obligation.key: obligation for obligation in self.obligations}
        listed = [by_key.get(key) for key in dict.fromkeys(listed_keys)]
        ledger = Ledger(self.obligations, self.payments)
        rests = [None if obligation is None else self._rest(obligation, ledger) for obligation in listed]
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
        ledger = Ledger(self.obligations, self.payments)
        late = set() if arrears is None else set(arrears.obligation_keys)
        for obligation in self.obligations:
            if obligation.due is None:
                continue
            may_be_due = today is None or dutch_day(obligation.due) >= today
            if obligation.key in late or (may_be_due and not ledger.is_covered(obligation)):
                return obligation
        return None


def _by_due(obligation: PaymentObligationImposed) -> tuple[date, str]:
    return (dutch_day(obligation.due) if obligation.due else date.max, obligation.key)
