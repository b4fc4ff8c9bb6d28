"""Bars beside the amounts of a table. The numbers stand in the cells; a bar only shows them, and is nothing to read."""

from __future__ import annotations

from dataclasses import dataclass

from claims.money import ZERO, Money

WHOLE = 100


@dataclass(frozen=True, slots=True)
class Bar:
    """Lengths in hundredths of the longest bar. `open_end`: it may be longer than is known."""

    first: int
    rest: int
    open_end: bool = False


def bar(part: Money | None, whole: Money | None, longest: Money, *, open_end: bool = False) -> Bar | None:
    """`part` of `whole`; None when there is nothing to draw. A part that is not known is not drawn apart."""
    if whole is None or whole <= ZERO or longest <= ZERO:
        return None
    length = max(1, round(WHOLE * whole.cents / longest.cents))
    known = ZERO if part is None else min(max(part, ZERO), whole)
    first = round(length * known.cents / whole.cents)
    if known > ZERO:
        first = max(1, first)
    return Bar(first, length - first, open_end)
