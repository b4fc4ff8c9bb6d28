from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.persistence.engine import Database
from app.persistence.jobs import SqlJobLedger
from app.persistence.tables import jobs
from app.ports.clock import CLOCKS_MAY_DIFFER, SystemClock
from app.ports.jobs import JobState, Lease
from app.services.background import Job, run_due, run_now
from app.services.heartbeat import LEASE, LONGEST_WORK, RENEW_EVERY_S, renewed
from tests.support.clock import FrozenClock
from tests.support.log_lines import logged
from tests.support.waiting import wait_until

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


def test_whoever_renews_keeps_the_job_and_whoever_lost_it_hears_so(ledger: SqlJobLedger) -> None:
    ledger.acquire(lease("a"), ALWAYS_DUE)
    assert ledger.renew(lease("a"), NOW + timedelta(minutes=8))
    assert not ledger.acquire(lease("b", NOW + timedelta(minutes=7)), ALWAYS_DUE)
    assert ledger.acquire(lease("b", NOW + timedelta(minutes=8)), ALWAYS_DUE)
    assert not ledger.renew(lease("a"), NOW + timedelta(minutes=20))
    assert ledger.acquire(lease("c", NOW + timedelta(minutes=13)), ALWAYS_DUE), "b had it until then"


def test_a_worker_that_works_renews_and_one_that_ended_does_not(
    ledger: SqlJobLedger, database: Database
) -> None:
    def until() -> datetime:
        with database.read() as connection:
            moment: datetime = connection.execute(select(jobs.c.leased_until)).scalar_one()
        return moment

    clock = SystemClock()
    began = clock.now()
    at_work = Lease("purge", "a", began, began)  # it ends at once, but for the renewing
    assert ledger.acquire(at_work, ALWAYS_DUE)
    with renewed(at_work, ledger, clock, every_s=0.01):
        wait_until(lambda: until() >= began + LEASE, "it was not renewed")
        assert not ledger.acquire(lease("b", began + LEASE / 2), ALWAYS_DUE)
    ledger.failed(at_work, clock.now())
    assert ledger.acquire(lease("b", clock.now()), ALWAYS_DUE), "it was let go"
    assert not ledger.renew(at_work, clock.now() + LEASE)


def test_a_job_that_hangs_is_left_to_another_worker_after_an_hour(ledger: SqlJobLedger) -> None:
    clock = FrozenClock(NOW)
    stuck = Lease("purge", "a", NOW, NOW + LEASE)
    assert ledger.acquire(stuck, ALWAYS_DUE)
    with logged("INFO") as lines, renewed(stuck, ledger, clock, every_s=0.01):
        clock.advance(LONGEST_WORK.total_seconds())
        wait_until(lambda: "job hangs" in [line["event"] for line in lines()], "it is renewed for ever")
        assert ledger.acquire(lease("b", NOW + LONGEST_WORK), ALWAYS_DUE)


def test_what_a_worker_of_the_release_before_took_is_left_to_it(ledger: SqlJobLedger) -> None:
    before = Lease("purge", "before", NOW, NOW + timedelta(minutes=10))
    assert ledger.acquire(before, ALWAYS_DUE)
    assert not ledger.acquire(Lease("purge", "b", NOW, NOW + LEASE), ALWAYS_DUE)


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


def test_two_workers_whose_clocks_are_just_right_enough_never_hold_a_job_together(
    ledger: SqlJobLedger,
) -> None:
    slow, fast = NOW - CLOCKS_MAY_DIFFER, NOW + CLOCKS_MAY_DIFFER
    assert ledger.acquire(Lease("purge", "slow", slow, slow + LEASE), ALWAYS_DUE)
    before_it_renews = fast + timedelta(seconds=2 * RENEW_EVERY_S)
    taken = Lease("purge", "fast", before_it_renews, before_it_renews + LEASE)
    assert not ledger.acquire(taken, ALWAYS_DUE)


def test_what_a_worker_that_is_ahead_did_is_not_done_again_at_once(ledger: SqlJobLedger) -> None:
    slow, fast, day = NOW - CLOCKS_MAY_DIFFER, NOW + CLOCKS_MAY_DIFFER, timedelta(days=1)
    assert ledger.acquire(Lease("purge", "fast", fast, fast + LEASE), fast - day)
    ledger.succeeded(Lease("purge", "fast", fast, fast + LEASE), fast)
    assert not ledger.acquire(Lease("purge", "slow", slow, slow + LEASE), slow - day)


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


class StandsStill(SqlJobLedger):
    """Of a database that tells the time of `clock`, after what happens `meanwhile`."""

    def __init__(
        self, database: Database, clock: FrozenClock, meanwhile: Callable[[], object] = lambda: None
    ) -> None:
        super().__init__(database)
        self._clock, self._meanwhile = clock, meanwhile

    def moment(self) -> datetime:
        self._meanwhile()
        return self._clock.now()


def test_a_worker_that_waited_for_the_database_holds_its_job_from_then_on(database: Database) -> None:
    clock, ran = FrozenClock(), []

    def work(now: datetime) -> int:
        ran.append(now)
        return len(ran) == 1 and run_due([job], StandsStill(database, clock), clock)

    job = Job("purge", timedelta(minutes=1), work)
    assert run_due([job], StandsStill(database, clock, lambda: clock.advance(200)), clock)
    assert len(ran) == 1


def test_a_worker_that_waited_for_the_database_sees_what_others_did_meanwhile(database: Database) -> None:
    clock, ran = FrozenClock(), []

    def work(now: datetime) -> int:
        ran.append(now)
        return 0

    def meanwhile() -> None:
        clock.advance(200)
        run_due([job], StandsStill(database, clock), clock)

    job = Job("seal_audit_head", timedelta(days=1), work)
    assert run_due([job], StandsStill(database, clock, meanwhile), clock)
    assert len(ran) == 1
