"""A moment at which something must have ended, on the clock that never jumps; or earlier, when nobody waits any more."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from threading import Event


@dataclass(frozen=True, slots=True)
class Deadline:
    """`at` is a reading of `time.monotonic()`, in seconds. Once `cancelled` is set, nothing is left."""

    at: float
    cancelled: Event | None = field(default=None, compare=False, repr=False)

    @classmethod
    def after(cls, seconds: float, cancelled: Event | None = None) -> Deadline:
        """A deadline `seconds` from now."""
        return cls(time.monotonic() + seconds, cancelled)

    def within(self, seconds: float) -> Deadline:
        """This deadline, or `seconds` from now when that comes first. It is cancelled together with this one."""
        return replace(self, at=min(self.at, time.monotonic() + seconds))

    @property
    def remaining(self) -> float:
        """Seconds that are left; never negative."""
        if self.cancelled is not None and self.cancelled.is_set():
            return 0.0
        return max(0.0, self.at - time.monotonic())

    @property
    def passed(self) -> bool:
        return self.remaining == 0.0

    @property
    def was_cancelled(self) -> bool:
        """It ended before its time, so that says nothing about the other side."""
        return self.cancelled is not None and self.cancelled.is_set() and time.monotonic() < self.at
