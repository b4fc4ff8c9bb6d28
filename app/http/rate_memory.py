"""Counting in the memory of one process."""

from __future__ import annotations

import threading
from datetime import datetime

from app.ports.clock import Clock

_MOST_KEYS = 50_000


class MemoryRateCounter:
    """Implements app.ports.rates.RateCounter. Holds at most 50,000 counts (some 10 MB): beyond that the oldest goes,
    so that a flood from many addresses cannot fill the memory."""

    def __init__(self, clock: Clock, most_keys: int = _MOST_KEYS) -> None:
        self._clock = clock
        self._most_keys = most_keys
        self._lock = threading.Lock()
        self._counts: dict[str, tuple[int, datetime]] = {}

    def hit(self, key: str, ends_at: datetime) -> int:
        with self._lock:
            if key not in self._counts and len(self._counts) >= self._most_keys:
                self._make_room()
            count = self._counts.get(key, (0, ends_at))[0] + 1
            self._counts[key] = (count, ends_at)
            return count

    def hits(self, key: str) -> int:
        """How often `key` was hit until now."""
        with self._lock:
            return self._counts.get(key, (0, None))[0]

    def __len__(self) -> int:
        return len(self._counts)

    def _make_room(self) -> None:
        now = self._clock.now()
        self._counts = {key: one for key, one in self._counts.items() if one[1] > now}
        # A tenth at once: a flood from ever other addresses must not make each of its requests walk through all counts.
        while len(self._counts) >= self._most_keys - self._most_keys // 10:
            del self._counts[next(iter(self._counts))]
