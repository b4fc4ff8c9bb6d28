"""One real server with two worker processes, for all tests here."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from app.persistence.cipher import new_key_line
from tests.support.databases import migrated_sqlite
from tests.support.demo import free_port_range
from tests.support.waiting import PATIENCE_S, wait_until

ROOT = Path(__file__).parents[3]
WORKER = "app.http.patient_worker.PatientWorker"
LIMIT = 2_000_000


def is_ready(address: str, server: "subprocess.Popen[bytes]") -> bool:
    assert server.poll() is None
    try:
        return requests.get(f"{address}/_health/live", timeout=PATIENCE_S).ok
    except (requests.ConnectionError, requests.Timeout):
        return False


@pytest.fixture(scope="session")
def log_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("log") / "server.log"


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory, log_file: Path) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("served")
    (folder / "keys").write_text(new_key_line("one"))
    migrated_sqlite(folder / "site.sqlite3")
    where = f"127.0.0.1:{free_port_range()}"
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
        "--timeout",
        "300",
        "--forwarded-allow-ips=",
    ]
    with log_file.open("wb") as log:
        command = [sys.executable, "-m", "gunicorn", *options, application]
        server = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT)
    try:
        wait_until(lambda: is_ready(f"http://{where}", server))
        yield f"http://{where}"
    finally:
        server.terminate()
        server.wait(timeout=PATIENCE_S)
