"""What the events of one case add up to. The source's own balance always wins; this is to check it, to split it
into parts, and to refuse writing a document that contradicts itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from claims.events import (
    CaseTransferred,
    Event,
    ObligationCorrected,
    ObligationImposed,
    ObligationRemitted,
    PaymentProcessed,
    UnrecognisedEvent,
)
from claims.money import ZERO, Money


@dataclass(frozen=True, slots=True)
class CaseTotals:
    """Sums at one moment. `is_known` False: an amount is missing, or an event that we do not know may count too;
    the sums are then of the known amounts only, and prove nothing.

    `handed_over` is the balance that went to somebody else; a remission settles, unless it was told to lower what
    is obliged (the standard does not say which; the balance is the same)."""

    imposed: Money
    corrected: Money
    paid: Money
    remitted: Money
    handed_over: Money
    is_known: bool
    remission_lowers_obliged: bool = False

    @property
    def obliged(self) -> Money:
        total = self.imposed + self.corrected
        return total - self.remitted if self.remission_lowers_obliged else total

    @property
    def settled(self) -> Money:
        total = self.paid + self.handed_over
        return total if self.remission_lowers_obliged else total + self.remitted

    @property
    def balance(self) -> Money:
        """Negative: too much was paid. Payment obligations never count: they only say when and how to pay."""
        return self.obliged - self.settled


def add_up_case(
    events: Iterable[Event], at: datetime | None = None, *, remission_lowers_obliged: bool = False
) -> CaseTotals:
    """Fold the events that were registered at `at` or before (None: all of them; an event without a moment always
    counts). The order of the events does not matter."""
    counted = [e for e in events if at is None or e.registered_at is None or e.registered_at <= at]
    amounts = {event_type: _sum(counted, event_type) for event_type in _AMOUNT}
    unknown = any(isinstance(event, UnrecognisedEvent) for event in counted)
    return CaseTotals(
        imposed=amounts[ObligationImposed][0],
        corrected=amounts[ObligationCorrected][0],
        paid=amounts[PaymentProcessed][0],
        remitted=amounts[ObligationRemitted][0],
        handed_over=amounts[CaseTransferred][0],
        is_known=not unknown and all(is_known for _, is_known in amounts.values()),
        remission_lowers_obliged=remission_lowers_obliged,
    )


_AMOUNT = {
    ObligationImposed: "amount",
    ObligationCorrected: "difference",
    PaymentProcessed: "amount",
    ObligationRemitted: "amount",
    CaseTransferred: "balance",
}


def _sum(events: Iterable[Event], event_type: type[Event]) -> tuple[Money, bool]:
    parts: list[Money | None] = [
        getattr(event, _AMOUNT[event_type]) for event in events if type(event) is event_type
    ]
    known = [part for part in parts if part is not None]
    return sum(known, ZERO), len(known) == len(parts)
