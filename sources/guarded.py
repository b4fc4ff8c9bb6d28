"""A source behind its circuit breaker: one that keeps failing is left alone for a while, and citizens hear at once that
it gives no answer instead of waiting for it."""

from __future__ import annotations

from dataclasses import dataclass, field

import structlog

from claims.identity import Bsn
from claims.outcome import Source, SourceAnswer
from sources.adapter import SourceAdapter
from sources.breaker import Change, CircuitBreaker, Permit, Result
from sources.deadline import Deadline
from sources.errors import (
    CircuitOpen,
    SourceError,
    SourceMalformed,
    SourceRefused,
    SourceReportedError,
    SourceUnavailable,
    SourceUntrusted,
    TooLarge,
    TooSlow,
    WrongPerson,
)
from sources.ports import NoEvents, SourceEvents

log = structlog.get_logger(__name__)

# Only a source that is down or overloaded is helped by a pause. A refused, unreadable or wrong answer is an answer: it is
# about one citizen, and must not shut out the next. Mistakes and bugs of ours say nothing about the source.
_RESULTS: dict[type[SourceError], Result] = {
    SourceUnavailable: Result.FAILED,
    TooSlow: Result.FAILED,
    SourceRefused: Result.ANSWERED,
    SourceReportedError: Result.ANSWERED,
    SourceMalformed: Result.ANSWERED,
    SourceUntrusted: Result.ANSWERED,
    TooLarge: Result.ANSWERED,
    WrongPerson: Result.ANSWERED,
}


@dataclass(frozen=True)
class GuardedSource:
    """Is a SourceAdapter itself."""

    adapter: SourceAdapter
    breaker: CircuitBreaker = field(repr=False)
    events: SourceEvents = field(default_factory=NoEvents, repr=False)

    @property
    def source(self) -> Source:
        return self.adapter.source

    @property
    def connected(self) -> bool:
        return self.adapter.connected

    def ask(self, bsn: Bsn, deadline: Deadline) -> SourceAnswer:
        """As the adapter; raises CircuitOpen without asking while the circuit is open."""
        permit = self.breaker.permit()
        if permit is None:
            raise CircuitOpen("not asked: it failed several times just now")
        result = Result.NEITHER
        try:
            answer = self.adapter.ask(bsn, deadline)
            result = Result.ANSWERED
        except SourceError as error:
            result = _RESULTS.get(type(error), Result.NEITHER)
            raise
        finally:
            self._report(permit, Result.NEITHER if deadline.was_cancelled else result)
        return answer

    def _report(self, permit: Permit, result: Result) -> None:
        change, source_id = self.breaker.report(permit, result), self.source.source_id
        open_seconds = self.breaker.open_seconds
        if change is not None or open_seconds is not None:
            self.events.circuit(source_id, open_seconds)
        if change is Change.OPENED:
            log.error("source_circuit_opened", source=source_id)
        elif change is Change.CLOSED:
            log.info("source_circuit_closed", source=source_id)
