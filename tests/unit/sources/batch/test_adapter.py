"""An answer from a file says how old it is."""

from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from claims.identity import Bsn
from claims.outcome import BasisKind, FailureCause, OutcomeKind, PartialReason, SourceAnswer, SourceFailure
from sources.gather import GatherTimes, gather
from sources.ports import SourcePorts
from sources.registry import build_source
from sources.workers import SourcePools
from tests.support.clock import FrozenClock
from tests.unit.sources.batch.support import ME, NOW, OTHER, STRANGER, Town, csv_lines, row
from tests.unit.sources.batch.test_importing import MOMENT


def test_an_answer_rests_on_a_file_of_that_moment(town: Town) -> None:
    town.deliver(csv_lines(row()))
    answer = town.ask()
    assert (answer.basis.kind, answer.basis.at, answer.answered_at) == (BasisKind.BATCH, MOMENT, NOW)
    assert answer.is_full


def test_old_data_are_partial_and_without_claims_no_answer(town: Town) -> None:
    town.deliver(csv_lines(row()), stale_after_days=10)
    town.clock = FrozenClock(MOMENT + timedelta(days=10))
    assert town.ask(stale_after_days=10).is_full
    assert town.ask(STRANGER, stale_after_days=10).kind is OutcomeKind.NO_CLAIMS
    town.clock = FrozenClock(MOMENT + timedelta(days=10, seconds=1))
    assert town.ask(stale_after_days=10).partial == (PartialReason.STALE,)
    assert town.ask(STRANGER, stale_after_days=10).kind is OutcomeKind.NO_ANSWER


def test_a_claim_that_is_in_the_file_twice_counts_once(town: Town) -> None:
    town.deliver(csv_lines(row(), row()))
    answer = town.ask()
    assert len(answer.claims) == 1
    assert [finding.code for finding in answer.findings] == ["repeated_claim"]


@pytest.mark.parametrize("keeps_deliveries", [True, False])
def test_without_a_delivery_the_overview_says_no_answer(town: Town, *, keeps_deliveries: bool) -> None:
    ports = town.ports if keeps_deliveries else SourcePorts(town.clock)
    source = build_source(town.config(), ports)
    times = GatherTimes(source_seconds=60, total_seconds=60)
    [outcome] = gather([source], Bsn(ME), times, town.clock, SourcePools())
    assert isinstance(outcome, SourceFailure)
    assert outcome.cause is FailureCause.UNREACHABLE
    assert outcome.kind is OutcomeKind.NO_ANSWER


@pytest.mark.threat("T-27")
def test_two_citizens_at_once_get_only_their_own(town: Town) -> None:
    town.deliver(csv_lines(row(), row(OTHER, "Z-2")))
    source = build_source(town.config(), town.ports)
    people = [ME, OTHER, STRANGER] * 6
    times, pool = GatherTimes(source_seconds=60, total_seconds=60), SourcePools()
    collections = [gather([source], Bsn(bsn), times, town.clock, pool) for bsn in people]
    expected = {ME: ["Z-1"], OTHER: ["Z-2"], STRANGER: []}
    for bsn, collection in zip(people, collections, strict=True):
        [outcome] = collection
        assert isinstance(outcome, SourceAnswer)
        assert [claim.reference for claim in outcome.claims] == expected[bsn]


def test_nothing_that_was_logged_names_the_citizen(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    times = GatherTimes(source_seconds=60, total_seconds=60)
    source = build_source(town.config(), town.ports)
    with caplog.at_level("DEBUG"), capture_logs() as logs:
        list(gather([source], Bsn(ME), times, town.clock, SourcePools()))
        town.deliver(csv_lines(row(), row("111111111")))
        list(gather([source], Bsn(ME), times, town.clock, SourcePools()))
    assert logs
    assert ME not in repr(logs) + caplog.text
    assert "111111111" not in repr(logs) + caplog.text
