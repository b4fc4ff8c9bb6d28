import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from app.persistence.cipher import KeyRing, new_key_line
from app.persistence.collection_store import SqlCollectionStore
from app.persistence.engine import Database, open_database
from app.persistence.jobs import SqlJobLedger
from app.persistence.session_store import SqlSessionStore
from app.ports.collections import Asking
from app.ports.sessions import StoredSession
from app.services.background import Job, overdue, run_due, standard_jobs, work
from tests.support.clock import FrozenClock
from tests.support.databases import migrated_sqlite


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(migrated_sqlite(tmp_path / "worker.sqlite3"))
    yield opened
    opened.close()


class Counter:
    def __init__(self, name: str = "count") -> None:
        self.runs: list[datetime] = []
        self.job = Job(name, timedelta(minutes=1), self.run)

    def run(self, now: datetime) -> int:
        self.runs.append(now)
        return len(self.runs)


def fail(_now: datetime) -> int:
    raise RuntimeError("broken")


def test_a_job_runs_once_per_period_however_many_workers_offer(database: Database) -> None:
    counter, clock = Counter(), FrozenClock()
    for _ in range(3):
        assert run_due([counter.job], SqlJobLedger(database), clock)
    assert len(counter.runs) == 1
    clock.advance(60)
    run_due([counter.job], SqlJobLedger(database), clock)
    assert len(counter.runs) == 2


def test_a_broken_job_does_not_stop_the_others_and_is_tried_again(database: Database) -> None:
    counter, clock, ledger = Counter(), FrozenClock(), SqlJobLedger(database)
    broken = Job("broken", timedelta(minutes=1), fail)
    assert not run_due([broken, counter.job], ledger, clock)
    assert len(counter.runs) == 1
    assert not run_due([broken], ledger, clock)
    assert [(s.name, s.failed_at is None) for s in ledger.states()] == [("broken", False), ("count", True)]


def test_health_hears_of_jobs_that_do_not_succeed(database: Database) -> None:
    counter, clock, ledger = Counter(), FrozenClock(), SqlJobLedger(database)
    assert overdue([counter.job], ledger.states(), clock.now()) == ("count",)
    run_due([counter.job], ledger, clock)
    assert overdue([counter.job], ledger.states(), clock.now()) == ()
    clock.advance(601)
    assert overdue([counter.job], ledger.states(), clock.now()) == ("count",)


def test_a_database_that_is_away_is_waited_for(tmp_path: Path) -> None:
    gone = open_database(f"sqlite:///{tmp_path / 'missing' / 'x.sqlite3'}")
    assert not run_due([Counter().job], SqlJobLedger(gone), FrozenClock())
    gone.close()


def test_work_ends_when_told_to(database: Database) -> None:
    stop = threading.Event()

    def stop_now(_now: datetime) -> int:
        stop.set()
        return 0

    never = Counter("never")
    work(
        [Job("last", timedelta(minutes=1), stop_now), never.job], SqlJobLedger(database), FrozenClock(), stop
    )
    assert never.runs == []


def test_nothing_about_a_citizen_outlives_a_session(database: Database) -> None:
    keys, clock = KeyRing.parse(new_key_line("one")), FrozenClock()
    sessions, collections = SqlSessionStore(database, keys), SqlCollectionStore(database, keys)
    now = clock.now()
    sessions.create("idle", StoredSession(b"{}", "idle-owner", now, now))
    collections.create("of-session", "idle-owner", [], Asking(now, now))
    collections.create("orphan", "nobody", [], Asking(now, now))
    idle, absolute = timedelta(minutes=15), timedelta(minutes=60)

    def purge(now: datetime) -> int:
        return len(sessions.purge(now - absolute, now - idle))

    jobs = standard_jobs(purge, collections, absolute)
    clock.advance(901)
    run_due(jobs, SqlJobLedger(database), clock)
    assert sessions.load("idle") is None
    assert collections.latest("idle-owner") is None
    assert collections.latest("nobody") == "orphan"
    clock.advance(3600)
    run_due(jobs, SqlJobLedger(database), clock)
    assert collections.latest("nobody") is None
