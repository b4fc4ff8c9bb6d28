"""Time, as a port: tests freeze it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol

CLOCKS_MAY_DIFFER = timedelta(seconds=60)


class Clock(Protocol):
    def now(self) -> datetime:
        """The aware instant now, in UTC."""


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)
