"""Time, as a port: tests freeze it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime:
        """The aware instant now, in UTC."""


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)
