"""Sums that know whether they are "at least"."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from claims.money import ZERO, Money


@dataclass(frozen=True, slots=True)
class Total:
    """`amount` None: nothing is known. `is_at_least`: something is missing, the true sum may be higher."""

    amount: Money | None
    is_at_least: bool
    unknown_count: int = 0


def add_up(parts: Iterable[Money | None], *, has_gaps: bool) -> Total:
    """Add known parts. An unknown part or a gap (a source that did not answer fully) makes the sum "at least";
    with gaps or unknowns and not one known part, the sum is unknown."""
    known: list[Money] = []
    unknown_count = 0
    for part in parts:
        if part is None:
            unknown_count += 1
        else:
            known.append(part)
    is_at_least = has_gaps or unknown_count > 0
    if is_at_least and not known:
        return Total(None, True, unknown_count)
    return Total(sum(known, ZERO), is_at_least, unknown_count)
