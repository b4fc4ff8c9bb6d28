"""How long each source took lately, so that the slowest is asked first: the whole ends when the last answer is there, and a
slow source that also has to wait for the others' handshakes would be later still."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterable
from typing import TypeVar

_WEIGHT_OF_THE_LAST = 0.3  # the mean forgets: after seven answers an old one counts for less than a tenth

Asked = TypeVar("Asked")


class Pace:
    """Of one process; two processes find out separately, which costs nothing but some milliseconds. Safe to share between
    threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seconds: dict[str, float] = {}

    def note(self, source_id: str, seconds: float) -> None:
        """Any end counts, also a failure: what matters is how long it holds up the citizen."""
        with self._lock:
            before = self._seconds.get(source_id, seconds)
            self._seconds[source_id] = before + _WEIGHT_OF_THE_LAST * (seconds - before)

    def slowest_first(self, all_asked: Iterable[Asked], source_id: Callable[[Asked], str]) -> list[Asked]:
        """Sources that were never asked come first; equals keep their order."""
        with self._lock:
            seconds = dict(self._seconds)
        return sorted(all_asked, key=lambda one: -seconds.get(source_id(one), math.inf))
