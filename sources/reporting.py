"""Telling the operator's figures how questions went: each exactly once, and never at the cost of an answer."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from threading import Lock

import structlog

from claims.outcome import Source, SourceAnswer, SourceFailure
from sources.adapter import SourceAdapter
from sources.events import ANSWERS, FAILURES, AskedEvent, AskResult, CertificateRole, result_of, rules_broken
from sources.guarded import GuardedSource
from sources.indexed import IndexedSource
from sources.ports import NoEvents, SourceEvents

log = structlog.get_logger(__name__)


class QuietEvents:
    """Implements SourceEvents around another one: whatever that raises is logged, and nobody else notices."""

    def __init__(self, events: SourceEvents) -> None:
        self._events = events

    def asked(self, event: AskedEvent) -> None:
        _quietly(lambda: self._events.asked(event))

    def circuit(self, source_id: str, open_seconds: float | None) -> None:
        _quietly(lambda: self._events.circuit(source_id, open_seconds))

    def certificate(self, source_id: str, role: CertificateRole, expires_at: datetime) -> None:
        _quietly(lambda: self._events.certificate(source_id, role, expires_at))


def _quietly(tell: Callable[[], None]) -> None:
    try:
        tell()
    except Exception as error:  # noqa: BLE001  figures are not worth an answer
        log.error("source_event_lost", error=type(error).__name__)


class Question:
    """One question of a collection. The thread that asks tells how it ended; whoever waits for it may be first, at the
    hard end or when the collection is given up. What is told after that is not counted."""

    def __init__(self, number: int, adapter: SourceAdapter, asked_at: datetime) -> None:
        self.number, self.adapter = number, adapter
        self._asked_at = asked_at
        self._began: float | None = None
        self._told = Lock()

    @property
    def source(self) -> Source:
        return self.adapter.source

    def begin(self) -> None:
        """The source is really being asked from now on."""
        self._began = time.monotonic()

    @property
    def seconds(self) -> float:
        """Since it is really being asked; zero before that."""
        return 0.0 if self._began is None else time.monotonic() - self._began

    def ended(self, outcome: SourceAnswer | SourceFailure) -> None:
        rules = rules_broken(outcome) if isinstance(outcome, SourceAnswer) else frozenset[str]()
        self.ended_as(result_of(outcome), rules)

    def ended_as(self, result: AskResult, rules: frozenset[str] = frozenset()) -> bool:
        """False: somebody told already how it ended, and this does not count."""
        if not self._told.acquire(blocking=False):
            return False
        timed = self._began is not None and result in ANSWERS | FAILURES
        event = AskedEvent(
            self.source.source_id, self._asked_at, result, self.seconds if timed else None, rules
        )
        self._events.asked(event)
        return True

    @property
    def _events(self) -> SourceEvents:
        return self.adapter.events if isinstance(self.adapter, GuardedSource | IndexedSource) else NoEvents()
