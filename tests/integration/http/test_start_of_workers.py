"""A site that cannot start must not look like one that is slow: gunicorn with the settings of the image, and real processes."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.demo import free_port_range
from tests.support.process_tree import children_of
from tests.support.visitor import Visitor
from tests.support.waiting import PATIENCE_S, wait_until

ROOT = Path(__file__).parents[3]
WORKER_BOOT_ERROR = 3
PROGRAM = """
import sys
from pathlib import Path

if Path(__file__).with_name("broken").exists():
    sys.exit("cannot start")


def application(environ, start):
    start("200 OK", [("Content-Length", "0")])
    return []
"""


@contextmanager
def gunicorn(
    folder: Path, application: str, **environment: str
) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """As in the image, and the port where it listens. What it says goes to `folder`/log."""
    port = free_port_range()
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.py", application],
            cwd=ROOT,
            env={**os.environ, "BLAUWE_KNOP_BIND": f"127.0.0.1:{port}", **environment},
            stdout=log,
            stderr=log,
        )
    try:
        yield server, port
    finally:
        server.terminate()
        server.wait(timeout=PATIENCE_S)


@pytest.mark.parametrize("site", ["app.wsgi", "app.operator_wsgi"])
def test_a_site_that_cannot_start_ends_and_listens_nowhere(site: str, tmp_path: Path) -> None:
    missing = str(tmp_path / "settings.toml")
    with gunicorn(tmp_path, f"{site}:application", BLAUWE_KNOP_SETTINGS=missing) as (server, port):
        assert server.wait(timeout=PATIENCE_S) == WORKER_BOOT_ERROR
        with socket.socket() as visitor:
            assert visitor.connect_ex(("127.0.0.1", port)) != 0
    assert "blauwe-knop cannot start: " in (tmp_path / "log").read_text()


def test_a_later_worker_that_cannot_start_takes_the_others_not_along(tmp_path: Path) -> None:
    (tmp_path / "small.py").write_text(PROGRAM)
    with gunicorn(tmp_path, "small:application", PYTHONPATH=str(tmp_path)) as (server, port):
        wait_until(lambda: _answers(port), "gunicorn did not start")
        wait_until(lambda: len(children_of(frozenset({server.pid}))) == 2, "two workers did not start")
        (tmp_path / "broken").touch()
        os.kill(min(children_of(frozenset({server.pid}))), signal.SIGKILL)
        wait_until(lambda: (tmp_path / "log").read_bytes().count(b"exited with code 1") == 2, "no second try")
        assert server.poll() is None
        assert _answers(port)
        lines = [
            json.loads(line) for line in (tmp_path / "log").read_text().splitlines() if line.startswith("{")
        ]
        assert any("was sent SIGKILL" in line["event"] and line["level"] == "error" for line in lines)
        (tmp_path / "broken").unlink()
        log_size = (tmp_path / "log").stat().st_size
        wait_until(lambda: b"Booting worker" in (tmp_path / "log").read_bytes()[log_size:], "no third try")


def _answers(port: int) -> bool:
    try:
        return Visitor().get(f"http://127.0.0.1:{port}/").status == 200
    except OSError:
        return False
