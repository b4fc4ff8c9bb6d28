"""Every stream of server-sent events holds a thread of its worker, so their number is limited."""

from __future__ import annotations

import threading
import time

LONGEST_SECONDS = 45  # longer than any collection


class StreamPlaces:
    """At most `limit` streams in this process, and of these at most `each` for one who takes them. A place that is never given
    back is free again when no stream can have lasted so long: a lost one must not take a place for ever."""

    def __init__(self, limit: int, each: int | None = None) -> None:
        self._limit = limit
        self._each = limit if each is None else each
        self._lock = threading.Lock()
        self._taken: dict[object, tuple[str, float]] = {}

    def take(self, who: str = "") -> object | None:
        """A place to give back; None when all are taken, or too many by the same."""
        now = time.monotonic()
        with self._lock:
            self._taken = {place: taken for place, taken in self._taken.items() if now < taken[1]}
            by_the_same = sum(taker == who for taker, _ in self._taken.values())
            if len(self._taken) >= self._limit or by_the_same >= self._each:
                return None
            place = object()
            self._taken[place] = (who, now + 2 * LONGEST_SECONDS)
            return place

    def give_back(self, place: object) -> None:
        """Twice does no harm."""
        with self._lock:
            self._taken.pop(place, None)
