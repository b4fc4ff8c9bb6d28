"""A source that keeps failing is left alone, and is tried again by one question at a time."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from claims.outcome import FailureCause, OutcomeKind, SourceAnswer, SourceFailure, SourceOutcome
from sources import errors
from sources.breaker import BreakerLimits, Change, CircuitBreaker, Permit, Result
from sources.errors import SourceError
from sources.gather import GatherTimes, gather
from sources.guarded import GuardedSource
from sources.workers import SourcePools
from tests.support.waiting import PATIENCE_S
from tests.unit.sources.fakes import CITIZEN, FrozenClock, FunctionSource, a_source, an_answer

LIMITS = BreakerLimits(failures=3, seconds=60)


class Seconds:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def breaker(seconds: Seconds) -> CircuitBreaker:
    return CircuitBreaker(LIMITS, seconds)


def permit(breaker: CircuitBreaker) -> Permit:
    given_leave = breaker.permit()
    assert given_leave is not None
    return given_leave


def fail(breaker: CircuitBreaker, times: int) -> list[Change | None]:
    return [breaker.report(permit(breaker), Result.FAILED) for _ in range(times)]


def test_it_opens_after_so_many_failures_in_a_row(breaker: CircuitBreaker) -> None:
    assert fail(breaker, 3) == [None, None, Change.OPENED]
    assert breaker.refuses
    assert breaker.permit() is None


@pytest.mark.parametrize(("result", "opens"), [(Result.ANSWERED, False), (Result.NEITHER, True)])
def test_only_an_answer_begins_the_count_again(breaker: CircuitBreaker, result: Result, opens: bool) -> None:
    fail(breaker, 2)
    breaker.report(permit(breaker), result)
    assert (fail(breaker, 1) == [Change.OPENED]) is opens


def test_after_the_pause_exactly_one_tries(breaker: CircuitBreaker, seconds: Seconds) -> None:
    fail(breaker, 3)
    seconds.now = 60
    probe = permit(breaker)
    assert breaker.permit() is None
    assert breaker.report(probe, Result.ANSWERED) is Change.CLOSED
    assert not breaker.refuses


def test_a_probe_that_fails_begins_a_new_pause(breaker: CircuitBreaker, seconds: Seconds) -> None:
    fail(breaker, 3)
    seconds.now = 60
    assert breaker.report(permit(breaker), Result.FAILED) is None
    seconds.now = 119
    assert breaker.refuses
    seconds.now = 120
    assert breaker.permit() is not None


def test_a_probe_that_was_given_up_lets_the_next_one_try_at_once(
    breaker: CircuitBreaker, seconds: Seconds
) -> None:
    fail(breaker, 3)
    seconds.now = 60
    assert breaker.report(permit(breaker), Result.NEITHER) is None
    assert breaker.permit() is not None
    assert breaker.permit() is None


def test_a_probe_that_never_reports_does_not_keep_it_open_for_ever(
    breaker: CircuitBreaker, seconds: Seconds
) -> None:
    fail(breaker, 3)
    seconds.now = 60
    lost = permit(breaker)
    seconds.now = 120
    second = permit(breaker)
    assert breaker.report(lost, Result.ANSWERED) is None  # too late to say anything
    assert breaker.report(second, Result.ANSWERED) is Change.CLOSED


def test_a_result_from_before_it_opened_says_nothing(breaker: CircuitBreaker) -> None:
    early = permit(breaker)
    fail(breaker, 3)
    assert breaker.report(early, Result.ANSWERED) is None
    assert breaker.refuses


def test_of_many_threads_one_gets_the_probe(breaker: CircuitBreaker, seconds: Seconds) -> None:
    fail(breaker, 3)
    seconds.now = 60
    together, permits = threading.Barrier(16), []

    def ask() -> None:
        together.wait(PATIENCE_S)
        permits.append(breaker.permit())

    threads = [threading.Thread(target=ask) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
    assert len([one for one in permits if one is not None]) == 1
    assert len(permits) == 16


@given(st.lists(st.tuples(st.sampled_from(Result), st.integers(0, 40))))
def test_whatever_happens_it_never_refuses_longer_than_its_pause(steps: list[tuple[Result, int]]) -> None:
    seconds = Seconds()
    breaker = CircuitBreaker(LIMITS, seconds)
    for result, passed in steps:
        seconds.now += passed
        leave = breaker.permit()
        if leave is not None:
            breaker.report(leave, result)
    seconds.now += LIMITS.seconds
    assert breaker.permit() is not None


class Moody:
    """A source that does what it is told, and counts how often it was asked."""

    def __init__(self, breaker: CircuitBreaker) -> None:
        self.error: Exception | None = None
        self.asked = 0
        self.guarded = GuardedSource(FunctionSource("moody", lambda *_: self._respond()), breaker)

    def _respond(self) -> SourceAnswer:
        self.asked += 1
        if self.error is not None:
            raise self.error
        return an_answer(a_source("moody"))

    def ask(self) -> SourceOutcome:
        [outcome] = gather([self.guarded], CITIZEN, GatherTimes(60, 60), FrozenClock(), SourcePools())
        return outcome


def cause(outcome: SourceOutcome) -> FailureCause:
    assert isinstance(outcome, SourceFailure)
    return outcome.cause


@pytest.mark.parametrize("error", [errors.SourceUnavailable("down"), errors.TooSlow("slow")])
def test_an_open_circuit_is_no_answer_and_the_source_is_not_asked(
    breaker: CircuitBreaker, error: SourceError
) -> None:
    source = Moody(breaker)
    source.error = error
    with capture_logs() as logs:
        assert all(source.ask().kind is OutcomeKind.NO_ANSWER for _ in range(5))
    assert source.asked == 3
    assert cause(source.ask()) is FailureCause.UNREACHABLE
    opened = [entry for entry in logs if entry["event"] == "source_circuit_opened"]
    assert opened == [{"event": "source_circuit_opened", "source": "moody", "log_level": "error"}]


def test_a_source_that_works_again_is_asked_again(breaker: CircuitBreaker, seconds: Seconds) -> None:
    source = Moody(breaker)
    source.error = errors.SourceUnavailable("down")
    for _ in range(4):
        source.ask()
    source.error, seconds.now = None, 60
    with capture_logs() as logs:
        assert source.ask().kind is OutcomeKind.NO_CLAIMS
        assert source.ask().kind is OutcomeKind.NO_CLAIMS
    assert [entry["event"] for entry in logs].count("source_circuit_closed") == 1


@pytest.mark.parametrize(
    "error",
    [
        errors.SourceRefused("refused"),
        errors.SourceMalformed("unreadable"),
        errors.TooLarge("huge"),
        errors.WrongPerson("somebody else"),
        errors.Misconfigured("our mistake"),
        ValueError("a bug"),
    ],
)
def test_what_concerns_one_citizen_or_ourselves_shuts_nobody_out(
    breaker: CircuitBreaker, error: Exception
) -> None:
    source = Moody(breaker)
    source.error = error
    for _ in range(10):
        source.ask()
    assert source.asked == 10
