"""Ask every source at once and report each outcome as soon as it is there.

The promise: exactly one outcome per source, always, before the end of the collection. A source that is late, or whose
adapter fails in a way that nobody foresaw, is a failure that the citizen sees; it is never left out.
"""

from __future__ import annotations

import secrets
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from threading import Event

import structlog
from structlog.contextvars import bound_contextvars

from claims.identity import Bsn
from claims.outcome import FailureCause, NotConnected, Source, SourceAnswer, SourceFailure, SourceOutcome
from sources.adapter import SourceAdapter
from sources.deadline import Deadline
from sources.errors import CircuitOpen, SourceError, TooSlow, WrongPerson, cause_of
from sources.events import AskResult
from sources.guarded import GuardedSource
from sources.pace import Pace
from sources.ports import Clock
from sources.reporting import Question
from sources.spans import Fact, Span
from sources.tracing import asked
from sources.workers import SourcePools

log = structlog.get_logger(__name__)
_process_pools = SourcePools()
_AT_ONCE, _BREATH_SECONDS = 8, 0.0025  # about what a handshake with client certificate costs both sides
_LOOK_UP_SECONDS = 1.0  # how often to ask whether anybody still waits
# Pages look twice a second: who stores outcomes need not be told more often.
_TOGETHER_SECONDS = 0.15


@dataclass(frozen=True, slots=True)
class GatherTimes:
    """Seconds. One source gets `source_seconds` from the moment it is really asked (its own limit may be shorter);
    `total_seconds` is the hard end of the whole collection."""

    source_seconds: float = 10
    total_seconds: float = 30


@dataclass(frozen=True)
class _Round:
    """One citizen's collection, shared by the threads that ask. `abandoned`, which cancels `end` too: nobody waits for
    the answers any more."""

    bsn: Bsn
    times: GatherTimes
    clock: Clock
    wanted: Callable[[], bool]
    end: Deadline
    abandoned: Event
    arrived: SimpleQueue[tuple[int, SourceOutcome]] = field(default_factory=SimpleQueue)

    @classmethod
    def begin(cls, bsn: Bsn, times: GatherTimes, clock: Clock, wanted: Callable[[], bool]) -> _Round:
        abandoned = Event()
        return cls(bsn, times, clock, wanted, Deadline.after(times.total_seconds, abandoned), abandoned)


def gather(
    sources: Sequence[SourceAdapter],
    bsn: Bsn,
    times: GatherTimes,
    clock: Clock,
    pools: SourcePools | None = None,
) -> Iterator[SourceOutcome]:
    """Yield one outcome per source, as they arrive. Raises nothing but what `clock` raises.

    Nothing is asked before the first outcome is taken; whoever stops taking outcomes ends the collection: threads that
    still ask stop within a second.
    `pools` are shared by the whole process unless given. When a source's pool has no room left, that source ends as
    INTERNAL (it was not asked at all); when it is only busy, waiting counts against `total_seconds`: TOO_SLOW.
    """
    this_round = _Round.begin(bsn, times, clock, lambda: True)
    for outcomes in _outcomes(sources, this_round, pools or _process_pools, 0):
        yield from outcomes


def gather_while(
    wanted: Callable[[], bool], sources: Sequence[SourceAdapter], bsn: Bsn, times: GatherTimes, clock: Clock
) -> Iterator[tuple[SourceOutcome, ...]]:
    """As `gather`, until `wanted` says that nobody waits any more: then it ends at once, without the missing outcomes.
    `wanted` is asked about once a second and must not raise.

    Outcomes that arrive shortly after one another come together, the last one at once."""
    yield from _outcomes(sources, _Round.begin(bsn, times, clock, wanted), _process_pools, _TOGETHER_SECONDS)


def _outcomes(
    sources: Sequence[SourceAdapter], this_round: _Round, pools: SourcePools, together_seconds: float
) -> Iterator[tuple[SourceOutcome, ...]]:
    waiting: dict[int, Question] = {}
    for number, adapter in enumerate(sources):
        waiting[number] = Question(number, adapter, this_round.clock.now())
    _begin_all(this_round, list(waiting.values()), pools)
    try:
        while waiting:
            arrived = _next(this_round, waiting)
            if arrived is None:
                log.info("collection_given_up", sources=len(waiting))
                return
            outcomes, soon = _taken(waiting, arrived), this_round.end.within(together_seconds)
            while waiting and not soon.passed:
                with suppress(Empty):
                    outcomes += _taken(waiting, this_round.arrived.get(timeout=soon.remaining))
            if outcomes:
                yield outcomes
    finally:
        this_round.abandoned.set()
        for question in waiting.values():
            question.ended_as(AskResult.CANCELLED)


def _taken(waiting: dict[int, Question], arrived: tuple[int, SourceOutcome]) -> tuple[SourceOutcome, ...]:
    """Nothing when it came after we had called it too slow."""
    number, outcome = arrived
    return (outcome,) if waiting.pop(number, None) else ()


def _begin_all(this_round: _Round, questions: Sequence[Question], pools: SourcePools) -> None:
    """The slowest first, and from the ninth on with a breath between two: handshakes that all begin at once all end at the
    same late moment, that of the slowest source too."""
    for place, question in enumerate(pools.pace.slowest_first(questions, lambda one: one.source.source_id)):
        if place >= _AT_ONCE:
            time.sleep(_BREATH_SECONDS)
        _begin(this_round, question, pools)


def _begin(this_round: _Round, question: Question, pools: SourcePools) -> None:
    adapter, number = question.adapter, question.number
    if not adapter.connected:
        this_round.arrived.put((number, NotConnected(source=adapter.source, noted_at=this_round.clock.now())))
    elif isinstance(adapter, GuardedSource) and adapter.breaker.refuses:
        # Now, and not after waiting for a thread of its pool, which may all hang on this source.
        failure = _failure(adapter.source, FailureCause.UNREACHABLE, this_round.clock)
        _log_outcome(failure, 0.0)
        question.ended_as(AskResult.CIRCUIT_OPEN)
        this_round.arrived.put((number, failure))
    elif not pools.submit(adapter.source.source_id, lambda: _ask_in_thread(this_round, question, pools.pace)):
        log.error("source_pool_full", source=adapter.source.source_id)
        question.ended_as(AskResult.NO_ROOM)
        failure = _failure(adapter.source, FailureCause.INTERNAL, this_round.clock)
        this_round.arrived.put((number, failure))


def _next(this_round: _Round, waiting: dict[int, Question]) -> tuple[int, SourceOutcome] | None:
    """The next outcome that arrives; at the hard end the first source that is still waiting, as too slow; None when
    nobody waits any more."""
    while True:
        is_last_look = this_round.end.passed
        with suppress(Empty):
            return this_round.arrived.get(timeout=min(this_round.end.remaining, _LOOK_UP_SECONDS))
        if is_last_look:
            return _last_chance(this_round, next(iter(waiting.values())))
        if not this_round.wanted():
            return None


def _last_chance(this_round: _Round, question: Question) -> tuple[int, SourceOutcome]:
    """Too slow; unless its thread has told another end in this very moment: then that outcome is on its way, and the
    citizen sees what was counted."""
    if not question.ended_as(AskResult.TOO_SLOW):
        with suppress(Empty):
            return this_round.arrived.get(timeout=_LOOK_UP_SECONDS)
    source = question.source
    log.warning("source_asked", source=source.source_id, outcome="no_answer", cause="too_slow", late=True)
    return question.number, _failure(source, FailureCause.TOO_SLOW, this_round.clock)


def _ask_in_thread(this_round: _Round, question: Question, pace: Pace) -> None:
    if not this_round.abandoned.is_set():
        # The number ties the log lines of one question together.
        with bound_contextvars(question=secrets.token_hex(4)), asked(question.source.source_id) as span:
            outcome = _ask(this_round, question)
            _note_outcome(span, outcome)
        pace.note(question.source.source_id, question.seconds)
        this_round.arrived.put((question.number, outcome))


def _ask(this_round: _Round, question: Question) -> SourceOutcome:
    question.begin()
    try:
        outcome: SourceAnswer | SourceFailure = _answer(this_round, question.adapter)
    except SourceError as error:
        outcome = _failure(question.source, cause_of(error), this_round.clock)
        if this_round.abandoned.is_set() and isinstance(error, TooSlow):
            log.info("source_given_up", source=question.source.source_id)  # our doing, not the source's
            question.ended_as(AskResult.CANCELLED)
            return outcome
        _log_failure(question.source, error)
        if isinstance(error, CircuitOpen):
            question.ended_as(AskResult.CIRCUIT_OPEN)
    except Exception as error:  # noqa: BLE001  a bug of ours must not hide a source
        outcome = _failure(question.source, FailureCause.INTERNAL, this_round.clock)
        log.error("source_adapter_bug", source=question.source.source_id, **_whereabouts(error))
    _log_outcome(outcome, question.seconds)
    question.ended(outcome)
    return outcome


def _answer(this_round: _Round, adapter: SourceAdapter) -> SourceAnswer:
    answer = adapter.ask(this_round.bsn, this_round.end.within(this_round.times.source_seconds))
    if not isinstance(answer, SourceAnswer) or answer.source != adapter.source:
        raise TypeError("an adapter answers for its own source")
    return answer


def _failure(source: Source, cause: FailureCause, clock: Clock) -> SourceFailure:
    return SourceFailure(source=source, failed_at=clock.now(), cause=cause)


def _log_failure(source: Source, error: SourceError) -> None:
    if isinstance(error, WrongPerson):
        log.critical("source_answer_about_other_person", source=source.source_id)
    log.warning("source_failed", source=source.source_id, error=type(error).__name__, detail=str(error))


def _log_outcome(outcome: SourceOutcome, seconds: float) -> None:
    cause = {"cause": outcome.cause.value} if isinstance(outcome, SourceFailure) else {}
    milliseconds = round(seconds * 1000)
    source_id = outcome.source.source_id
    log.info("source_asked", source=source_id, outcome=_told(outcome), milliseconds=milliseconds, **cause)


def _note_outcome(span: Span, outcome: SourceOutcome) -> None:
    span.note(Fact.OUTCOME, _told(outcome))
    if isinstance(outcome, SourceFailure):
        span.note(Fact.CAUSE, outcome.cause.value)


def _told(outcome: SourceOutcome) -> str:
    """Whether it answered, never whether there were debts: logs and spans carry the trace of the audit log, which knows of
    whom it is, and are kept after the session has ended."""
    if isinstance(outcome, SourceFailure):
        return "no_answer"
    return "answered" if outcome.is_full else "partly"


def _whereabouts(error: Exception) -> dict[str, str]:
    """Type and place of an unexpected exception. Not its text: that may hold what the source sent."""
    frames = traceback.extract_tb(error.__traceback__)
    return {"error": type(error).__name__, "where": f"{frames[-1].filename}:{frames[-1].lineno}"}
