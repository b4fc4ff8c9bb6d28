"""The bench that breaks things while citizens use the service: docs/faults.md. Its 300 runs go on beside the tests, because what
they find must not be tried again: scripts/run_tests.py."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.process_tree import PROC, descendants_of, program
from tests.support.waiting import PATIENCE_S, wait_until

ROOT = Path(__file__).parents[2]
LAST_TO_START, DATABASE = "simulators.demo.worker", "postgres: checkpointer"
pytestmark = pytest.mark.conformance


def command(*arguments: str) -> list[str]:
    """It ends with us."""
    return ["setpriv", "--pdeathsig", "TERM", sys.executable, "-m", "tests.faults", *arguments]


def test_the_bench_finds_every_broken_build() -> None:
    done = subprocess.run(
        command("--self-test"), cwd=ROOT, capture_output=True, text=True, check=False, timeout=8 * PATIENCE_S
    )
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-5000:]
    assert "found: a failed source is no claims: True" in done.stdout


@pytest.fixture
def folder() -> Iterator[Path]:
    """With a short name: it holds sockets."""
    with tempfile.TemporaryDirectory(prefix="bk-") as name:
        yield Path(name)


@pytest.mark.parametrize(
    ("number", "jobs"),
    [(signal.SIGINT, 1), (signal.SIGTERM, 2), (signal.SIGKILL, 1)],
    ids=["interrupted", "told to end", "killed"],
)
def test_no_process_and_no_disk_of_the_bench_outlives_it(folder: Path, number: int, jobs: int) -> None:
    """However it is ended. Who is killed can not tidy up: then the folder with the logs stays."""
    arguments = command("--runs", "1000", "--jobs", str(jobs))
    with subprocess.Popen(arguments, cwd=ROOT, env={**os.environ, "TMPDIR": str(folder)}) as bench:
        wait_until(lambda: _have_started(bench.pid, jobs), "the bench did not start")
        inside = _namespaces_of(descendants_of(frozenset({bench.pid}))) - _namespaces_of({os.getpid()})
        bench.send_signal(number)
        bench.wait(PATIENCE_S)
        assert bench.returncode != 0
    assert len(inside) == 2, "of mounts and of processes"
    wait_until(lambda: not inside & _namespaces_of(_all()), "a process of the bench is left")
    assert str(folder) not in (PROC / "mounts").read_text("utf-8")
    assert number == signal.SIGKILL or not list(folder.glob("bk-*"))


def _have_started(bench: int, jobs: int) -> bool:
    programs = [program(pid) for pid in descendants_of(frozenset({bench}))]
    return all(sum(name in one for one in programs) >= jobs for name in (LAST_TO_START, DATABASE, "gunicorn"))


def _namespaces_of(pids: frozenset[int] | set[int]) -> set[str]:
    found = set()
    for pid in pids:
        for kind in ("pid", "mnt"):
            try:
                found.add(os.readlink(PROC / str(pid) / "ns" / kind))
            except OSError:
                continue  # it ended just now
    return found


def _all() -> set[int]:
    return {int(name) for name in os.listdir(PROC) if name.isdigit()}
