"""Exactly one outcome per source, as they arrive, whatever the adapters do."""

from collections.abc import Iterator
from threading import Event

import pytest
from structlog.testing import capture_logs

from claims.outcome import FailureCause, NotConnected, OutcomeKind, SourceAnswer, SourceFailure, SourceOutcome
from sources import errors
from sources.adapter import SourceAdapter, UnconnectedSource
from sources.deadline import Deadline
from sources.errors import CAUSES, SourceError, SourceUnavailable
from sources.gather import GatherTimes, gather, gather_while
from sources.workers import SourcePools
from tests.support.waiting import PATIENCE_S
from tests.unit.sources.fakes import (
    CITIZEN,
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


@pytest.fixture
def released() -> Iterator[Event]:
    """Set at the end, so that no thread outlives its test for long."""
    event = Event()
    yield event
    event.set()


def ask_all(
    *sources: SourceAdapter, times: GatherTimes = GENEROUS, pools: SourcePools | None = None
) -> dict[str, SourceOutcome]:
    outcomes = list(gather(sources, CITIZEN, times, FrozenClock(), pools or SourcePools()))
    assert len(outcomes) == len(sources)
    return {outcome.source.source_id: outcome for outcome in outcomes}


def test_every_source_has_one_outcome() -> None:
    outcomes = ask_all(
        answering("a", a_claim("1")),
        answering("b"),
        failing("c", SourceUnavailable("no connection")),
        UnconnectedSource(a_source("d")),
    )
    assert {name: outcome.kind for name, outcome in outcomes.items()} == {
        "a": OutcomeKind.CLAIMS,
        "b": OutcomeKind.NO_CLAIMS,
        "c": OutcomeKind.NO_ANSWER,
        "d": OutcomeKind.NOT_CONNECTED,
    }
    assert isinstance(outcomes["d"], NotConnected)


def test_no_sources_give_no_outcomes() -> None:
    assert ask_all() == {}


def test_outcomes_come_as_they_arrive(released: Event) -> None:
    sources = [waiting_for("slow", released), answering("quick")]
    outcomes = gather(sources, CITIZEN, GENEROUS, FrozenClock(), SourcePools())
    assert next(outcomes).source.source_id == "quick"
    released.set()
    assert next(outcomes).source.source_id == "slow"
    assert list(outcomes) == []


def test_sources_are_asked_at_the_same_time() -> None:
    """Two sources that each wait for the other: one after another they would never end."""
    here, there = Event(), Event()

    def meet(mine: Event, other: Event, name: str) -> FunctionSource:
        def respond(source: object, *_: object) -> SourceAnswer:
            mine.set()
            assert other.wait(PATIENCE_S)
            return an_answer(a_source(name))

        return FunctionSource(name, respond)

    outcomes = ask_all(meet(here, there, "a"), meet(there, here, "b"))
    assert {outcome.kind for outcome in outcomes.values()} == {OutcomeKind.NO_CLAIMS}


def test_a_source_that_ignores_its_deadline_is_too_slow_at_the_hard_end(released: Event) -> None:
    outcomes = ask_all(
        waiting_for("stuck", released),
        waiting_for("stuck-too", released),
        answering("quick"),
        times=GatherTimes(source_seconds=4, total_seconds=4.5),
    )
    for name in ("stuck", "stuck-too"):
        outcome = outcomes[name]
        assert isinstance(outcome, SourceFailure)
        assert outcome.cause is FailureCause.TOO_SLOW
    assert outcomes["quick"].kind is OutcomeKind.NO_CLAIMS


def test_every_foreseen_error_has_its_cause() -> None:
    kinds = {kind for kind in vars(errors).values() if isinstance(kind, type)} & set(
        SourceError.__subclasses__()
    )
    assert kinds == set(CAUSES)
    for kind, cause in CAUSES.items():
        outcome = ask_all(failing("a", kind("fixed phrase")))["a"]
        assert isinstance(outcome, SourceFailure)
        assert outcome.cause is cause


def test_an_unforeseen_error_is_a_failure_and_a_bug_without_its_text() -> None:
    with capture_logs() as logs:
        outcome = ask_all(failing("a", KeyError("999993549 owes 100")))["a"]
    assert isinstance(outcome, SourceFailure)
    assert outcome.cause is FailureCause.INTERNAL
    [bug] = [entry for entry in logs if entry["event"] == "source_adapter_bug"]
    assert bug["error"] == "KeyError"
    assert "fakes.py:" in bug["where"]
    assert "999993549" not in repr(logs)


def test_an_adapter_that_answers_for_another_source_is_a_bug() -> None:
    swapped = FunctionSource("a", lambda *_: an_answer(a_source("b"), a_claim("1")))
    outcome = ask_all(swapped)["a"]
    assert isinstance(outcome, SourceFailure)
    assert outcome.cause is FailureCause.INTERNAL


def test_an_adapter_that_returns_nothing_is_a_bug() -> None:
    silent = FunctionSource("a", lambda *_: None)  # type: ignore[arg-type]
    outcome = ask_all(silent)["a"]
    assert isinstance(outcome, SourceFailure)
    assert outcome.cause is FailureCause.INTERNAL


@pytest.mark.threat("T-02")
def test_a_wrong_person_raises_an_alarm_with_the_source_only() -> None:
    with capture_logs() as logs:
        ask_all(failing("a", errors.WrongPerson("the answer is about another person")))
    [alarm] = [entry for entry in logs if entry["event"] == "source_answer_about_other_person"]
    assert alarm == {
        "event": "source_answer_about_other_person",
        "source": "a",
        "log_level": "critical",
    }


def test_the_same_source_twice_gives_two_outcomes() -> None:
    outcomes = list(gather([answering("a")] * 2, CITIZEN, GENEROUS, FrozenClock(), SourcePools()))
    assert len(outcomes) == 2


def gather_same(count: int, adapter: SourceAdapter, pools: SourcePools) -> list[SourceOutcome]:
    """Many citizens ask one source: the same adapter, as often as `count`."""
    return list(gather([adapter] * count, CITIZEN, GatherTimes(1, 1), FrozenClock(), pools))


def test_a_full_pool_is_a_failure_and_never_silence(released: Event) -> None:
    outcomes = gather_same(6, waiting_for("busy", released), SourcePools(threads=1, waiting=1))
    causes = [outcome.cause for outcome in outcomes if isinstance(outcome, SourceFailure)]
    assert len(causes) == 6
    assert set(causes) == {FailureCause.INTERNAL, FailureCause.TOO_SLOW}


def test_after_a_crowd_the_pool_works_again(released: Event) -> None:
    pools = SourcePools(threads=2, waiting=100)
    gather_same(10, waiting_for("a", released), pools)
    released.set()
    assert ask_all(answering("a"), pools=pools)["a"].kind is OutcomeKind.NO_CLAIMS


@pytest.mark.threat("T-18")
def test_a_source_that_is_stuck_does_not_hold_up_another(released: Event) -> None:
    pools = SourcePools(threads=1, waiting=10)
    gather_same(5, waiting_for("stuck", released), pools)  # its only thread still waits, and jobs behind it
    assert ask_all(answering("other"), pools=pools)["other"].kind is OutcomeKind.NO_CLAIMS


def test_a_collection_that_was_given_up_asks_nobody_any_more(released: Event) -> None:
    pools = SourcePools(threads=1)
    asked: list[str] = []

    def note(source: object, *_: object) -> SourceAnswer:
        asked.append("asked")
        return an_answer(a_source("busy"))

    sources: list[SourceAdapter] = [
        UnconnectedSource(a_source("u")),
        waiting_for("busy", released),
        FunctionSource("busy", note),
    ]
    outcomes = gather(sources, CITIZEN, GENEROUS, FrozenClock(), pools)
    next(outcomes)
    outcomes.close()  # type: ignore[attr-defined]
    released.set()
    ask_all(answering("busy"), pools=pools)  # the only thread has passed the abandoned one by then
    assert asked == []


def patient(name: str, begun: Event, ended: Event) -> FunctionSource:
    """Works until its deadline, which is far away."""

    def work(source: object, _bsn: object, deadline: Deadline) -> SourceAnswer:
        begun.set()
        while not deadline.within(600).passed:
            Event().wait(0.05)
        ended.set()
        raise errors.TooSlow("no whole answer in time")

    return FunctionSource(name, work)


def test_when_nobody_waits_any_more_a_thread_that_asks_stops() -> None:
    begun, ended = Event(), Event()
    far = GatherTimes(source_seconds=600, total_seconds=600)
    sources: list[SourceAdapter] = [answering("quick"), patient("given-up", begun, ended)]
    with capture_logs() as logs:
        outcomes = list(gather_while(lambda: not begun.is_set(), sources, CITIZEN, far, FrozenClock()))
        assert ended.wait(PATIENCE_S)
    assert [outcome.source.source_id for together in outcomes for outcome in together] == ["quick"]
    assert "collection_given_up" in [entry["event"] for entry in logs]
    assert "source_failed" not in [entry["event"] for entry in logs]


def test_who_stores_outcomes_gets_those_together_that_arrive_together() -> None:
    sources = [UnconnectedSource(a_source(name)) for name in ("a", "b", "c")]
    [together] = gather_while(lambda: True, sources, CITIZEN, GENEROUS, FrozenClock())
    assert [outcome.source.source_id for outcome in together] == ["a", "b", "c"]


def test_whoever_stops_taking_outcomes_stops_the_threads_too() -> None:
    begun, ended = Event(), Event()
    far = GatherTimes(source_seconds=600, total_seconds=600)
    sources: list[SourceAdapter] = [UnconnectedSource(a_source("u")), patient("p", begun, ended)]
    outcomes = gather(sources, CITIZEN, far, FrozenClock(), SourcePools())
    next(outcomes)
    assert begun.wait(PATIENCE_S)
    outcomes.close()  # type: ignore[attr-defined]
    assert ended.wait(PATIENCE_S)
