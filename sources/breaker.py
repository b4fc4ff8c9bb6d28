"""Circuit breaker: after several failures in a row a source is left alone for a while, then one question tries again.

A state machine without threads, log or network of its own; safe to share between threads. One per source and process:
two workers each find out for themselves. (Pattern: M. Nygard, Release It!, 2nd ed., section 5.2.)
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from threading import Lock


class Result(Enum):
    """What one question tells about the source. NEITHER: nothing, for instance because we stopped waiting."""

    ANSWERED = auto()
    FAILED = auto()
    NEITHER = auto()


class Change(Enum):
    """What an operator wants to know at once."""

    OPENED = auto()
    CLOSED = auto()


@dataclass(frozen=True, slots=True)
class BreakerLimits:
    """Opens after `failures` in a row; `seconds` later one question may try."""

    failures: int = 5
    seconds: float = 20


@dataclass(frozen=True, slots=True)
class Permit:
    """Leave to ask once. `generation`: a result from before the last change of state says nothing any more."""

    generation: int


class CircuitBreaker:
    """`now` gives seconds on a clock that never jumps."""

    def __init__(self, limits: BreakerLimits, now: Callable[[], float] = time.monotonic) -> None:
        self._limits, self._now = limits, now
        self._lock = Lock()
        self._generation = 0
        self._failures = 0
        self._open_until: float | None = None  # None: closed circuit, everybody may ask

    @property
    def refuses(self) -> bool:
        """Somebody who asks now gets no permit."""
        with self._lock:
            return self._open_until is not None and self._now() < self._open_until

    @property
    def open_seconds(self) -> float | None:
        """How long from now nobody is asked; zero: the next one tries; None: the circuit is closed."""
        with self._lock:
            return None if self._open_until is None else max(0.0, self._open_until - self._now())

    def permit(self) -> Permit | None:
        """Leave to ask, or None. A probe that never reports back is followed by another one after the same pause."""
        with self._lock:
            if self._open_until is not None:
                if self._now() < self._open_until:
                    return None
                self._pause()
            return Permit(self._generation)

    def report(self, permit: Permit, result: Result) -> Change | None:
        """Tell how it went; returns the change of state, if any."""
        with self._lock:
            if permit.generation != self._generation:
                return None
            if result is Result.ANSWERED:
                return self._close()
            if result is Result.FAILED:
                return self._fail()
            self._free_the_probe()
            return None

    def _close(self) -> Change | None:
        self._failures = 0
        if self._open_until is None:
            return None
        self._open_until = None
        self._generation += 1
        return Change.CLOSED

    def _fail(self) -> Change | None:
        self._failures += 1
        if self._open_until is not None:  # the probe failed: it stays open
            self._pause()
            return None
        if self._failures < self._limits.failures:
            return None
        self._pause()
        return Change.OPENED

    def _free_the_probe(self) -> None:
        if self._open_until is not None:
            self._open_until = self._now()

    def _pause(self) -> None:
        self._open_until = self._now() + self._limits.seconds
        self._generation += 1
