"""Time, as a port: tests freeze it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

# Between this machine and the database: more than the first, and no job runs; more than the second, and nothing is sealed.
# That is half of what a verifier allows (signing.verifying.judgement).
CLOCKS_MAY_DIFFER = timedelta(seconds=60)
SEALING_CLOCKS_MAY_DIFFER = timedelta(minutes=5)


class Clock(Protocol):
    def now(self) -> datetime:
        """The aware instant now, in UTC."""


def clocks_apart(moment: Callable[[], datetime | None], clock: Clock) -> timedelta:
    """How far `clock` is ahead of what `moment` tells (negative: behind), at the least: the answer may have waited. Zero when
    there is no other clock. Raises what `moment` raises."""
    before = clock.now()
    theirs = moment()
    if theirs is None:
        return timedelta(0)
    return max(before - theirs, timedelta(0)) or min(clock.now() - theirs, timedelta(0))


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)
