"""What only shows with a real server: several processes on one session, and bodies that are too large."""

import itertools
import socket

import pytest
import requests

from tests.integration.http.conftest import LIMIT
from tests.support.waiting import PATIENCE_S

MEGABYTE = 1_000_000


def test_one_session_is_shared_by_both_worker_processes(address: str) -> None:
    """Fresh connections, until both processes have answered; every answer counts on."""
    cookie = ""
    processes: set[int] = set()
    for expected in itertools.count(1):  # the second process may need some time to start
        headers = {"Cookie": cookie} if cookie else {}
        answer = requests.get(
            f"{address}/count", headers={**headers, "Connection": "close"}, timeout=PATIENCE_S
        )
        cookie = cookie or answer.headers["Set-Cookie"].split(";")[0]
        assert answer.json()["count"] == expected
        processes.add(answer.json()["process"])
        if len(processes) == 2:
            break
    assert len(processes) == 2


@pytest.mark.parametrize("size", [0, 1, LIMIT])
def test_a_file_up_to_the_limit_arrives(address: str, size: int) -> None:
    answer = requests.post(f"{address}/upload", files={"file": ("a.pdf", b"x" * size)}, timeout=PATIENCE_S)
    assert (answer.status_code, answer.text) == (200, str(size))


def send_whole(address: str, path: str, body: bytes) -> str:
    """Like a browser: first everything out, then listen. Raises ConnectionError when the server hangs up early."""
    host, port = address.removeprefix("http://").split(":")
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n"
        "Content-Type: multipart/form-data; boundary=b\r\n\r\n"
    )
    with socket.create_connection((host, int(port)), timeout=PATIENCE_S) as connection:
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
    answer = requests.post(f"{address}/upload", data=chunks, headers=headers, timeout=PATIENCE_S)
    assert answer.status_code == 413
