"""Time, as a port: tests freeze it."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

from app.ports.storage import StorageUnavailable

# Between this machine and the database: more than the first, and no job runs; more than the second, and nothing is sealed.
# That is half of what a verifier allows (signing.verifying.judgement).
CLOCKS_MAY_DIFFER = timedelta(seconds=60)
SEALING_CLOCKS_MAY_DIFFER = timedelta(minutes=5)
_A_JUMP_S = 1.0  # of the time of day, beside the clock that measures durations


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


class SharedClock:
    """The same time on every machine: that of `clock`, less what it is ahead of `moment` (the clock of the database). That is
    asked again after so many seconds, and when `clock` was put right or wrong since, not at every look; while it cannot be
    asked, the last answer holds."""

    def __init__(
        self, moment: Callable[[], datetime | None], clock: Clock, known_seconds: float = 10
    ) -> None:
        self._moment = moment
        self._clock = clock
        self._known_seconds = known_seconds
        self._ahead = timedelta(0)
        self._asked: tuple[datetime, float] | None = None

    def now(self) -> datetime:
        if not self._is_known():
            with contextlib.suppress(StorageUnavailable):
                self._ahead = clocks_apart(self._moment, self._clock)
                self._asked = (self._clock.now(), time.monotonic())
        return self._clock.now() - self._ahead

    def _is_known(self) -> bool:
        if self._asked is None:
            return False
        at, tick = self._asked
        passed = time.monotonic() - tick
        jumped = abs((self._clock.now() - at).total_seconds() - passed) > _A_JUMP_S
        return passed < self._known_seconds and not jumped
