"""One real server with two worker processes, for all tests here."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from app.persistence.cipher import new_key_line
from app.persistence.migrations import upgrade

ROOT = Path(__file__).parents[3]
WORKER = "app.http.patient_worker.PatientWorker"
LIMIT = 2_000_000


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_ready(address: str, server: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + 100
    while time.monotonic() < end:
        assert server.poll() is None
        try:
            requests.get(f"{address}/_health/live", timeout=5).raise_for_status()
            return
        except (requests.ConnectionError, requests.Timeout):
            time.sleep(0.1)
    raise AssertionError("the server did not become ready")


@pytest.fixture(scope="session")
def log_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("log") / "server.log"


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory, log_file: Path) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("served")
    (folder / "keys").write_text(new_key_line("one"))
    upgrade(f"sqlite:///{folder}/site.sqlite3")
    where = f"127.0.0.1:{free_port()}"
    application = f"tests.integration.http.served_site:create('{folder}', {LIMIT})"
    options = [
        "--bind",
        where,
        "--workers",
        "2",
        "--worker-class",
        WORKER,
        "--threads",
        "2",
        "--forwarded-allow-ips=",
    ]
    with log_file.open("wb") as log:
        command = [sys.executable, "-m", "gunicorn", *options, application]
        server = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT)
    try:
        wait_until_ready(f"http://{where}", server)
        yield f"http://{where}"
    finally:
        server.terminate()
        server.wait(timeout=60)
