"""Time, as a port: tests freeze it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol

# Between this machine and the database: more than the first, and no job runs; more than the second, and nothing is sealed.
# That is half of what a verifier allows (signing.verifying.judgement).
CLOCKS_MAY_DIFFER = timedelta(seconds=60)
SEALING_CLOCKS_MAY_DIFFER = timedelta(minutes=5)


class Clock(Protocol):
    def now(self) -> datetime:
        """The aware instant now, in UTC."""


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)
