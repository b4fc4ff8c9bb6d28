"""Which payments were for which payment obligation, as far as references and moments tell it.

Looked up instead of searched: a case may have tens of thousands of events, and a source decides how many.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from claims.events import PaymentObligationImposed, PaymentProcessed
from claims.money import ZERO, Money

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(slots=True)
class _Reference:
    """What has one reference. `needed`: per obligation the sum up to and with it, None once an amount is not known."""

    needed: dict[PaymentObligationImposed, Money | None] = field(default_factory=dict)
    count: int = 0
    total: Money | None = ZERO
    since: datetime | None = None
    payments: list[PaymentProcessed] = field(default_factory=list)
    paid: Money = ZERO

    def add(self, obligation: PaymentObligationImposed) -> None:
        known = None if self.total is None or obligation.amount is None else self.total + obligation.amount
        self.total, self.count = known, self.count + 1
        self.needed.setdefault(obligation, known)
        start = (
            obligation.registered_at or _LONG_AGO
        )  # without a moment: the oldest, so that no payment is left out
        self.since = start if self.since is None else min(self.since, start)


class Ledger:
    """Of one case. Linear in the number of events to build, and together to look everything up."""

    def __init__(
        self, obligations: Iterable[PaymentObligationImposed], payments: Iterable[PaymentProcessed]
    ) -> None:
        self._of: dict[str | None, _Reference] = defaultdict(_Reference)
        for obligation in obligations:
            self._of[obligation.reference].add(obligation)
        self._doubtful: datetime | None = None
        for payment in payments:
            self._add(payment)

    def _add(self, payment: PaymentProcessed) -> None:
        """A payment that may be for anything is in doubt until the moment at which the source knew it; without a moment
        for ever."""
        is_known = payment.reference is not None and payment.reference in self._of
        if is_known:
            same = self._of[payment.reference]
            same.payments.append(payment)
            if payment.amount is not None and _is_after(payment, same.since):
                same.paid += payment.amount
        if payment.amount is None or not is_known:
            until = payment.registered_at or datetime.max.replace(tzinfo=UTC)
            self._doubtful = until if self._doubtful is None else max(self._doubtful, until)

    def stands_alone(self, obligation: PaymentObligationImposed) -> bool:
        """No other obligation can be about the same money (a reminder, or a term with the same reference)."""
        if obligation.reference is None:
            return len(self._of) == 1 and self._of[None].count == 1
        return None not in self._of and self._of[obligation.reference].count == 1

    def paid_on(self, obligation: PaymentObligationImposed) -> Money | None:
        """What was paid on an obligation that stands alone; None when some payment may have been for it or not."""
        start = obligation.registered_at
        if self._doubtful is not None and (start is None or self._doubtful >= start):
            return None
        same = self._of[obligation.reference].payments if obligation.reference is not None else []
        return sum((p.amount for p in same if p.amount is not None and _is_after(p, start)), ZERO)

    def is_covered(self, obligation: PaymentObligationImposed) -> bool:
        """Payments with the same reference are enough for it and for everything with that reference before it."""
        if obligation.reference is None:
            return False
        same = self._of[obligation.reference]
        needed = same.needed[obligation]
        return needed is not None and same.paid >= needed


def _is_after(payment: PaymentProcessed, start: datetime | None) -> bool:
    """Not one that the source knew before it imposed the obligation: that was not for it."""
    return start is None or payment.registered_at is None or payment.registered_at >= start
