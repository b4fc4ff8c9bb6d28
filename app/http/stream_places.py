"""Every stream of server-sent events holds a thread of its worker, so their number is limited."""

from __future__ import annotations

import threading
import time

LONGEST_SECONDS = 45  # longer than any collection


class StreamPlaces:
    """At most `limit` streams in this process. A place that is never given back is free again when no stream can
    have lasted so long: a lost one must not take a place for ever."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._lock = threading.Lock()
        self._taken: dict[object, float] = {}

    def take(self) -> object | None:
        """A place to give back; None when all are taken."""
        now = time.monotonic()
        with self._lock:
            self._taken = {place: until for place, until in self._taken.items() if now < until}
            if len(self._taken) >= self._limit:
                return None
            place = object()
            self._taken[place] = now + 2 * LONGEST_SECONDS
            return place

    def give_back(self, place: object) -> None:
        """Twice does no harm."""
        with self._lock:
            self._taken.pop(place, None)
