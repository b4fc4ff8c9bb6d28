import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.persistence.engine import open_database
from app.persistence.jobs import SqlJobLedger
from app.services.background import Job, run_due
from app.services.heartbeat import LEASE
from tests.support.clock import FrozenClock
from tests.support.databases import migrated_sqlite
from tests.support.waiting import PATIENCE_S

ROOT = Path(__file__).parents[3]


def start(url: str, seconds: float = 2) -> "subprocess.Popen[str]":
    """`seconds`: how long the slow job takes."""
    command = [sys.executable, "-m", "tests.integration.worker.worker_process", url, str(seconds)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def wait_for_start(worker: "subprocess.Popen[str]") -> None:
    assert worker.stdout is not None
    assert any(line.strip() == "running" for line in worker.stdout)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_lets_the_running_job_end_and_then_stops(tmp_path: Path, number: int) -> None:
    url = migrated_sqlite(tmp_path / "worker.sqlite3")
    worker = start(url)
    wait_for_start(worker)
    worker.send_signal(number)
    rest, _ = worker.communicate(timeout=PATIENCE_S)
    assert worker.returncode == 0
    assert "ended" in rest
    database = open_database(url)
    assert {s.name for s in SqlJobLedger(database).states() if s.succeeded_at} == {"slow"}
    database.close()


def test_two_workers_run_a_job_once(tmp_path: Path) -> None:
    url = migrated_sqlite(tmp_path / "worker.sqlite3")
    first = start(url)
    wait_for_start(first)
    second = start(url)
    assert second.stdout is not None
    seen = []
    while "looked" not in seen:
        seen.append(second.stdout.readline().strip())
    for worker in (first, second):
        worker.send_signal(signal.SIGTERM)
    seen += [worker.communicate(timeout=PATIENCE_S)[0] for worker in (first, second)]
    assert not any("running" in line for line in seen)


def test_the_job_of_a_killed_worker_is_soon_done_by_another(tmp_path: Path) -> None:
    url = migrated_sqlite(tmp_path / "worker.sqlite3")
    worker = start(url, seconds=PATIENCE_S)
    wait_for_start(worker)
    worker.kill()
    worker.communicate(timeout=PATIENCE_S)
    database, clock, done = open_database(url), FrozenClock(datetime.now(UTC)), list[datetime]()

    def slow(now: datetime) -> int:
        done.append(now)
        return 1

    for seconds in (0, LEASE.total_seconds()):
        assert not done, "its lease goes on until then"
        clock.advance(seconds)
        assert run_due([Job("slow", timedelta(hours=1), slow)], SqlJobLedger(database), clock)
    assert done
    database.close()
