"""What only shows with a real server: several processes on one session, and bodies that are too large."""

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
MEGABYTE = 1_000_000
LIMIT = 2 * MEGABYTE


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


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("served")
    (folder / "keys").write_text(new_key_line("one"))
    upgrade(f"sqlite:///{folder}/site.sqlite3")
    where = f"127.0.0.1:{free_port()}"
    application = f"tests.integration.http.served_site:create('{folder}', {LIMIT})"
    options = ["--bind", where, "--workers", "2", "--worker-class", "gthread", "--threads", "2"]
    server = subprocess.Popen([sys.executable, "-m", "gunicorn", *options, application], cwd=ROOT)
    try:
        wait_until_ready(f"http://{where}", server)
        yield f"http://{where}"
    finally:
        server.terminate()
        server.wait(timeout=60)


def test_one_session_is_shared_by_both_worker_processes(address: str) -> None:
    """Fresh connections, until both processes have answered; every answer counts on."""
    cookie = ""
    processes: set[int] = set()
    for expected in range(1, 300):
        headers = {"Cookie": cookie} if cookie else {}
        answer = requests.get(f"{address}/count", headers={**headers, "Connection": "close"}, timeout=30)
        cookie = cookie or answer.headers["Set-Cookie"].split(";")[0]
        assert answer.json()["count"] == expected
        processes.add(answer.json()["process"])
        if len(processes) == 2:
            break
    assert len(processes) == 2


@pytest.mark.parametrize("size", [0, 1, LIMIT])
def test_a_file_up_to_the_limit_arrives(address: str, size: int) -> None:
    answer = requests.post(f"{address}/upload", files={"file": ("a.pdf", b"x" * size)}, timeout=60)
    assert (answer.status_code, answer.text) == (200, str(size))


def send_whole(address: str, path: str, body: bytes) -> str:
    """Like a browser: first everything out, then listen. Raises ConnectionError when the server hangs up early."""
    host, port = address.removeprefix("http://").split(":")
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n"
        "Content-Type: multipart/form-data; boundary=b\r\n\r\n"
    )
    with socket.create_connection((host, int(port)), timeout=60) as connection:
        connection.sendall(head.encode() + body)
        return b"".join(iter(lambda: connection.recv(65536), b"")).decode()


@pytest.mark.parametrize("size", [LIMIT + MEGABYTE, 4 * LIMIT])
def test_a_file_over_the_limit_is_answered_and_not_reset(address: str, size: int) -> None:
    answer = send_whole(address, "/upload", b"x" * size)
    assert answer.startswith("HTTP/1.1 413 ")
    assert "Het bestand is te groot" in answer


@pytest.mark.parametrize(("path", "status"), [("/ignore", 200), ("/nowhere", 404)])
def test_a_body_that_nobody_reads_is_answered_too(address: str, path: str, status: int) -> None:
    answer = send_whole(address, path, b"x" * 4 * LIMIT)
    assert answer.startswith(f"HTTP/1.1 {status} ")


def test_a_body_without_stated_length_meets_the_same_limit(address: str) -> None:
    chunks = (b"x" * 100_000 for _ in range(40))
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    answer = requests.post(f"{address}/upload", data=chunks, headers=headers, timeout=60)
    assert answer.status_code == 413


def test_visitors_whose_line_went_dead_do_not_keep_the_threads(address: str) -> None:
    """More of them than the server has threads: without an end to their silence nobody else would be answered."""
    host, port = address.removeprefix("http://").split(":")
    head = (
        f" HTTP/1.1\r\nHost: {host}\r\nContent-Length: 1000\r\n"
        "Content-Type: multipart/form-data; boundary=b\r\n\r\n--b\r\n"
    )
    silent = [socket.create_connection((host, int(port)), timeout=100) for _ in range(5)]
    for number, connection in enumerate(silent):
        connection.sendall(f"POST {'/ignore' if number % 2 else '/upload'}{head}".encode())
    assert requests.get(f"{address}/_health/live", timeout=100).ok
    for connection in silent:
        answer = connection.recv(65536)
        assert answer == b"" or answer.startswith((b"HTTP/1.1 400 ", b"HTTP/1.1 200 "))
        connection.close()
