from datetime import UTC, datetime, timedelta

import pytest

from app.persistence.engine import Database
from app.persistence.jobs import SqlJobLedger
from app.ports.jobs import JobState, Lease
from app.services.background import Job, run_due, run_now
from tests.support.clock import FrozenClock

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
ALWAYS_DUE = NOW + timedelta(days=1)


def lease(holder: str, at: datetime = NOW) -> Lease:
    return Lease("purge", holder, at, at + timedelta(minutes=5))


@pytest.fixture
def ledger(database: Database) -> SqlJobLedger:
    return SqlJobLedger(database)


def test_one_holder_at_a_time(ledger: SqlJobLedger) -> None:
    assert ledger.acquire(lease("a"), ALWAYS_DUE)
    assert not ledger.acquire(lease("b"), ALWAYS_DUE)
    ledger.succeeded(lease("a"), NOW)
    assert ledger.acquire(lease("b"), ALWAYS_DUE)


def test_a_dead_holder_is_relieved_after_its_lease(ledger: SqlJobLedger) -> None:
    assert ledger.acquire(lease("dead"), ALWAYS_DUE)
    later = NOW + timedelta(minutes=5)
    assert ledger.acquire(lease("b", later), ALWAYS_DUE)
    ledger.succeeded(lease("dead"), later)
    assert ledger.states() == (JobState("purge", None, None),)
    assert not ledger.acquire(lease("c", later), ALWAYS_DUE)


def test_a_job_that_succeeded_lately_is_not_due(ledger: SqlJobLedger) -> None:
    ledger.acquire(lease("a"), ALWAYS_DUE)
    ledger.succeeded(lease("a"), NOW)
    assert not ledger.acquire(lease("b"), NOW - timedelta(seconds=1))
    assert ledger.acquire(lease("b"), NOW)


def test_success_and_failure_are_remembered(ledger: SqlJobLedger) -> None:
    ledger.acquire(lease("a"), ALWAYS_DUE)
    ledger.failed(lease("a"), NOW)
    assert ledger.states() == (JobState("purge", None, NOW),)
    assert ledger.acquire(lease("b"), ALWAYS_DUE)
    ledger.succeeded(lease("b"), NOW)
    assert ledger.states() == (JobState("purge", NOW, NOW),)


def test_what_was_written_while_the_clock_was_ahead_keeps_no_job_from_its_work(ledger: SqlJobLedger) -> None:
    ahead = NOW + timedelta(days=400)
    assert ledger.acquire(lease("ahead", ahead), ahead)
    assert ledger.acquire(lease("right"), NOW), "a lease of next year is none"
    ledger.succeeded(lease("right"), ahead)
    assert ledger.acquire(lease("again"), NOW), "what succeeds next year has not succeeded"


def test_jobs_delete_nothing_while_the_clock_differs_from_that_of_the_database(
    ledger: SqlJobLedger, database: Database
) -> None:
    """A clock that is a year ahead would purge the whole audit log."""
    ran: list[datetime] = []

    def purge(now: datetime) -> int:
        ran.append(now)
        return 0

    job, clock = Job("purge", timedelta(minutes=1), purge), FrozenClock(datetime.now(UTC))
    assert run_due([job], ledger, clock)
    clock.advance(400 * 86400)
    has_clock_of_its_own = database.engine.dialect.name == "postgresql"
    assert run_due([job], ledger, clock) is not has_clock_of_its_own
    assert run_now([job], ledger, clock) is not has_clock_of_its_own
    assert len(ran) == (1 if has_clock_of_its_own else 3)
