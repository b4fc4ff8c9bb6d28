"""Counting how often something was tried, to stop who tries too often."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class RateCounter(Protocol):
    """Safe to share between threads."""

    def hit(self, key: str, ends_at: datetime) -> int:
        """Count one more under `key`, of at most 64 characters, and return how many there are now. After `ends_at`
        the count may be forgotten. Raises StorageUnavailable."""
