"""Every question is told to the figures exactly once, by class, and never at the cost of an answer."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from threading import Event

import pytest
from structlog.testing import capture_logs

from claims.financial_claim import Finding
from claims.outcome import Basis, BasisKind, FailureCause, PartialReason, Source, SourceAnswer
from sources.adapter import SourceAdapter, UnconnectedSource
from sources.breaker import BreakerLimits, CircuitBreaker
from sources.errors import CAUSES, SourceUnavailable
from sources.events import (
    ANSWERS,
    FAILURES,
    NOT_ASKED,
    OTHER_RULE,
    AskedEvent,
    AskResult,
    CertificateRole,
    rules_broken,
)
from sources.gather import GatherTimes, gather, gather_while
from sources.guarded import GuardedSource
from sources.reporting import QuietEvents
from sources.workers import SourcePools
from tests.unit.sources.fakes import (
    CITIZEN,
    NOON,
    FrozenClock,
    FunctionSource,
    a_claim,
    a_source,
    an_answer,
    answering,
    failing,
    waiting_for,
)

GENEROUS = GatherTimes(source_seconds=60, total_seconds=60)


@dataclass
class Notebook:
    """Implements SourceEvents."""

    events: list[AskedEvent] = field(default_factory=list)
    circuits: list[float | None] = field(default_factory=list)

    def asked(self, event: AskedEvent) -> None:
        self.events.append(event)

    def circuit(self, source_id: str, open_seconds: float | None) -> None:
        self.circuits.append(open_seconds)

    def certificate(self, source_id: str, role: CertificateRole, expires_at: datetime) -> None:
        raise AssertionError("no certificate in these tests")

    @property
    def results(self) -> list[tuple[str, AskResult]]:
        return sorted((event.source_id, event.result) for event in self.events)


@pytest.fixture
def notebook() -> Notebook:
    return Notebook()


@pytest.fixture
def released() -> Iterator[Event]:
    event = Event()
    yield event
    event.set()


def guarded(adapter: SourceAdapter, notebook: Notebook, failures: int = 1000) -> GuardedSource:
    return GuardedSource(adapter, CircuitBreaker(BreakerLimits(failures=failures)), notebook)


def ask(*sources: SourceAdapter, times: GatherTimes = GENEROUS, pools: SourcePools | None = None) -> None:
    list(gather(sources, CITIZEN, times, FrozenClock(), pools or SourcePools()))


def one_answer(name: str, answer: SourceAnswer) -> FunctionSource:
    return FunctionSource(name, lambda *_: answer)


def test_every_cause_of_failure_is_a_class_that_counts_as_a_failure() -> None:
    assert {AskResult(cause.value) for cause in FailureCause} <= FAILURES


def test_a_class_is_an_answer_a_failure_not_asked_or_cancelled() -> None:
    assert ANSWERS | FAILURES | NOT_ASKED | {AskResult.CANCELLED} == frozenset(AskResult)
    assert len(ANSWERS) + len(FAILURES) + len(NOT_ASKED) + 1 == len(AskResult)


def test_answers_are_told_by_what_they_are(notebook: Notebook) -> None:
    source = a_source("p")
    partial = replace(an_answer(source, a_claim("1")), partial=(PartialReason.STALE,))
    indexed = replace(an_answer(a_source("i")), basis=Basis(BasisKind.INDEX, NOON))
    adapters = (
        answering("c", a_claim("1")),
        answering("n"),
        one_answer("p", partial),
        one_answer("i", indexed),
    )
    ask(*(guarded(adapter, notebook) for adapter in adapters), UnconnectedSource(a_source("u")))
    assert notebook.results == [
        ("c", AskResult.CLAIMS),
        ("i", AskResult.NOT_IN_INDEX),
        ("n", AskResult.NO_CLAIMS),
        ("p", AskResult.PARTIAL),
    ]
    timed = {event.source_id: event.seconds is not None for event in notebook.events}
    assert timed == {"c": True, "n": True, "p": True, "i": False}
    assert {event.asked_at for event in notebook.events} == {NOON}


@pytest.mark.parametrize("kind", CAUSES)
def test_a_failure_is_told_by_its_cause_once(kind: type[Exception], notebook: Notebook) -> None:
    ask(guarded(failing("a", kind("fixed phrase")), notebook))
    [event] = notebook.events
    own = AskResult.CIRCUIT_OPEN if kind.__name__ == "CircuitOpen" else None
    assert event.result is (own or AskResult(CAUSES[kind].value))  # type: ignore[index]
    assert (event.seconds is None) == (event.result in NOT_ASKED)


def test_a_bug_is_told_as_internal(notebook: Notebook) -> None:
    ask(guarded(failing("a", KeyError("x")), notebook))
    assert notebook.results == [("a", AskResult.INTERNAL)]


def test_what_is_left_alone_is_told_apart_from_what_failed(notebook: Notebook) -> None:
    source = guarded(failing("a", SourceUnavailable("no connection")), notebook, failures=2)
    for _ in range(4):
        ask(source)
    assert [event.result for event in notebook.events] == [AskResult.UNREACHABLE] * 2 + [
        AskResult.CIRCUIT_OPEN
    ] * 2
    [open_seconds] = notebook.circuits
    assert open_seconds == pytest.approx(20, abs=15)


def test_a_closed_circuit_is_told_too(notebook: Notebook) -> None:
    answers: list[bool] = [False, True]

    def respond(source: Source, *_: object) -> SourceAnswer:
        if answers.pop(0):
            return an_answer(source)
        raise SourceUnavailable("no connection")

    breaker = CircuitBreaker(BreakerLimits(failures=1, seconds=0))
    source = GuardedSource(FunctionSource("a", respond), breaker, notebook)
    ask(source)
    ask(source)
    assert notebook.circuits == [0.0, None]


def test_too_slow_at_the_hard_end_is_told_once_and_the_late_answer_is_not(
    notebook: Notebook, released: Event
) -> None:
    pools, source = SourcePools(threads=1), guarded(waiting_for("stuck", released), notebook)
    ask(source, times=GatherTimes(1, 0.2), pools=pools)
    assert notebook.results == [("stuck", AskResult.TOO_SLOW)]
    released.set()
    ask(source, pools=pools)  # behind the late answer in the same thread
    assert notebook.results == [("stuck", AskResult.CLAIMS), ("stuck", AskResult.TOO_SLOW)]


def test_no_room_to_ask_is_not_a_failure_of_the_source(notebook: Notebook, released: Event) -> None:
    source = guarded(waiting_for("busy", released), notebook)
    ask(*[source] * 6, times=GatherTimes(1, 0.2), pools=SourcePools(threads=1, waiting=1))
    assert len(notebook.events) == 6
    assert {event.result for event in notebook.events} == {AskResult.NO_ROOM, AskResult.TOO_SLOW}


def test_given_up_is_cancelled_once_and_what_was_answered_before_stays(
    notebook: Notebook, released: Event
) -> None:
    pools = SourcePools(threads=1)
    sources = [guarded(answering("quick"), notebook), guarded(waiting_for("stuck", released), notebook)]
    assert len(list(gather_while(lambda: False, sources, CITIZEN, GENEROUS, FrozenClock()))) <= 1
    outcomes = gather(sources, CITIZEN, GENEROUS, FrozenClock(), pools)
    assert next(outcomes).source.source_id == "quick"
    outcomes.close()  # type: ignore[attr-defined]
    assert [result for name, result in notebook.results if name == "stuck"] == [AskResult.CANCELLED] * 2
    released.set()
    ask(guarded(answering("stuck"), notebook), pools=pools)
    assert len([name for name, _ in notebook.results if name == "stuck"]) == 3


def test_each_broken_rule_of_an_answer_is_named_once_and_never_by_its_detail() -> None:
    claims = [
        replace(a_claim(str(n)), findings=(Finding("iban_check_digits", "999993549"),)) for n in range(3)
    ]
    answer = replace(an_answer(a_source("a"), *claims), findings=(Finding("Jansen, 999993549"),))
    assert rules_broken(answer) == {"iban_check_digits", OTHER_RULE}


class Broken:
    """Implements SourceEvents, badly."""

    def asked(self, event: AskedEvent) -> None:
        raise OSError("no database")

    def circuit(self, source_id: str, open_seconds: float | None) -> None:
        raise OSError("no database")

    def certificate(self, source_id: str, role: CertificateRole, expires_at: datetime) -> None:
        raise OSError("no database")


def test_figures_that_cannot_be_kept_cost_no_answer() -> None:
    quiet = QuietEvents(Broken())
    breaker = CircuitBreaker(BreakerLimits(failures=1))
    sources = [
        GuardedSource(answering("a"), breaker, quiet),
        GuardedSource(failing("b", SourceUnavailable("x")), breaker, quiet),
    ]
    with capture_logs() as logs:
        outcomes = list(gather(sources, CITIZEN, GENEROUS, FrozenClock(), SourcePools()))
        quiet.certificate("a", CertificateRole.SERVER, NOON)
    assert len(outcomes) == 2
    lost = [entry for entry in logs if entry["event"] == "source_event_lost"]
    assert len(lost) == 4
    assert {entry["error"] for entry in lost} == {"OSError"}
