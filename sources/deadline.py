"""A moment at which something must have ended, on the clock that never jumps."""

from __future__ import annotations

import time
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Deadline:
    """`at` is a reading of `time.monotonic()`, in seconds."""

    at: float

    @classmethod
    def after(cls, seconds: float) -> Deadline:
        """A deadline `seconds` from now."""
        return cls(time.monotonic() + seconds)

    def within(self, seconds: float) -> Deadline:
        """This deadline, or `seconds` from now when that comes first."""
        return min(self, Deadline.after(seconds), key=lambda deadline: deadline.at)

    @property
    def remaining(self) -> float:
        """Seconds that are left; never negative."""
        return max(0.0, self.at - time.monotonic())

    @property
    def passed(self) -> bool:
        return self.remaining == 0.0
