"""The circuit breaker around a real adapter, over real TLS."""

from claims.identity import Bsn
from claims.outcome import FailureCause, OutcomeKind, SourceOutcome
from simulators.organisations import Behaviour
from sources.adapter import SourceAdapter
from sources.gather import GatherTimes, gather
from sources.ports import SystemClock
from sources.registry import build_source
from sources.workers import SourcePools
from tests.integration.sources.support import PORTS, Town, cause_of
from tests.support.waiting import wait_until

SOURCE, DEBTOR = "zonnedael-parkeren", "111111110"


def source_of(town: Town, circuit_seconds: float) -> SourceAdapter:
    limits = {"circuit_failures": 2, "circuit_seconds": circuit_seconds}
    return build_source(town.config(SOURCE).model_copy(update=limits), PORTS)


def ask(source: SourceAdapter) -> SourceOutcome:
    [outcome] = gather([source], Bsn(DEBTOR), GatherTimes(60, 60), SystemClock(), SourcePools())
    return outcome


def test_a_source_that_failed_several_times_is_not_asked_and_has_no_answer(town: Town) -> None:
    source = source_of(town, 3600)
    town.simulation.switch(SOURCE, Behaviour.DOWN)
    assert [cause_of(ask(source)) for _ in range(2)] == [FailureCause.UNREACHABLE] * 2
    town.simulation.switch(SOURCE, Behaviour.NORMAL)
    outcome = ask(source)
    assert outcome.kind is OutcomeKind.NO_ANSWER
    assert cause_of(outcome) is FailureCause.UNREACHABLE


def test_after_the_pause_it_is_asked_again_and_its_claims_are_back(town: Town) -> None:
    source = source_of(town, 0.01)
    town.simulation.switch(SOURCE, Behaviour.DOWN)
    for _ in range(3):
        ask(source)
    town.simulation.switch(SOURCE, Behaviour.NORMAL)
    wait_until(lambda: ask(source).kind is OutcomeKind.CLAIMS)


def test_answers_that_concern_one_citizen_shut_nobody_out(town: Town) -> None:
    source = source_of(town, 3600)
    for behaviour in (Behaviour.WRONG_CITIZEN, Behaviour.REFUSED, Behaviour.MALFORMED):
        town.simulation.switch(SOURCE, behaviour)
        for _ in range(3):
            assert ask(source).kind is OutcomeKind.NO_ANSWER
    town.simulation.switch(SOURCE, Behaviour.NORMAL)
    assert ask(source).kind is OutcomeKind.CLAIMS
