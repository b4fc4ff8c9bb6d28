"""What this process has decrypted and decoded a moment ago: a page that looks twice a second must not read ten thousand
claims each time (that costs seconds).

Nothing can be asked of it by a number or a name. A look needs the encrypted row itself, just read from the database, and
the place it was read for, owner and run included: exactly what opening it needs. So a row that is gone with its session
finds nothing any more, and a row that was copied to another person is a miss, and then cannot be opened.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from app.persistence.cipher import Place
from claims.outcome import SourceOutcome

LARGEST_BYTES = 64 * 1024 * 1024  # of encrypted rows; decoded they take two to three times as much
KEEP_SECONDS = 60.0  # after the last look: a page looks more often, and a session that ended elsewhere is soon out of memory
_PER_ENTRY = 1024


@dataclass(slots=True)
class _Entry:
    outcome: SourceOutcome
    size: int
    looked_at: float


class OutcomeCache:
    """Safe to share between threads; outcomes never change. The least recently looked at go first."""

    def __init__(
        self,
        largest_bytes: int = LARGEST_BYTES,
        keep_seconds: float = KEEP_SECONDS,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._largest = largest_bytes
        self._keep = keep_seconds
        self._now = now
        self._lock = threading.Lock()
        self._entries: OrderedDict[tuple[Place, bytes], _Entry] = OrderedDict()
        self._size = 0
        self._broom: threading.Timer | None = None

    def __len__(self) -> int:
        """How many outcomes are in memory now."""
        with self._lock:
            return len(self._entries)

    def find(self, stored: bytes, place: Place) -> SourceOutcome | None:
        """What this very row at this very place says; None: not known here."""
        key = _key(stored, place)
        with self._lock:
            self._sweep()
            entry = self._entries.get(key)
            if entry is None:
                return None
            entry.looked_at = self._now()
            self._entries.move_to_end(key)
            return entry.outcome

    def keep(self, stored: bytes, place: Place, outcome: SourceOutcome) -> None:
        """Remember what opening this row gave."""
        key, size = _key(stored, place), len(stored) + _PER_ENTRY
        with self._lock:
            self._drop(key)
            self._entries[key] = _Entry(outcome, size, self._now())
            self._size += size
            while self._size > self._largest:
                self._drop(next(iter(self._entries)))
            self._sweep_later()

    def forget(self, owner_hash: str) -> None:
        """Drop everything of one owner."""
        with self._lock:
            for key in [key for key in self._entries if key[0].owner == owner_hash]:
                self._drop(key)

    def sweep(self) -> None:
        """Drop what nobody looked at any more."""
        with self._lock:
            self._broom = None
            self._sweep()
            self._sweep_later()

    def _sweep(self) -> None:
        oldest = self._now() - self._keep
        while self._entries:
            key, entry = next(iter(self._entries.items()))
            if entry.looked_at > oldest:
                return
            self._drop(key)

    def _sweep_later(self) -> None:
        """Also when nobody comes to this process any more."""
        if self._entries and self._broom is None:
            self._broom = threading.Timer(self._keep, self.sweep)
            self._broom.daemon = True
            self._broom.start()

    def _drop(self, key: tuple[Place, bytes]) -> None:
        entry = self._entries.pop(key, None)
        self._size -= entry.size if entry else 0


def _key(stored: bytes, place: Place) -> tuple[Place, bytes]:
    return place, hashlib.sha256(stored).digest()
