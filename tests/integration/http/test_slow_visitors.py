"""Visitors who are slow on purpose, and what nobody should be told. The server has two threads in each of two processes."""

from __future__ import annotations

import socket
from contextlib import ExitStack
from pathlib import Path

import pytest
import requests

from tests.support.waiting import PATIENCE_S

MANY = 8  # more than there are threads
FORM = "Content-Type: multipart/form-data; boundary=b\r\n\r\n--b\r\n"
BODIES = [f"Content-Length: {length}\r\n{FORM}" for length in ("1000", "0000000900", "20000")]
LIVE = "GET /_health/live HTTP/1.1\r\nHost: 127.0.0.1\r\n"


def connect(address: str) -> socket.socket:
    host, port = address.removeprefix("http://").split(":")
    return socket.create_connection((host, int(port)), timeout=PATIENCE_S)


def all_of(connection: socket.socket) -> str:
    """Everything until the server closes; what came before a reset counts."""
    received = b""
    try:
        while some := connection.recv(65536):
            received += some
    except ConnectionResetError:
        pass
    return received.decode()


def send(address: str, text: str) -> str:
    with connect(address) as connection:
        connection.sendall(text.encode("latin-1"))
        return all_of(connection)


def open_many(stack: ExitStack, address: str, *texts: str) -> list[socket.socket]:
    found = [stack.enter_context(connect(address)) for _ in range(MANY)]
    for number, connection in enumerate(found):
        connection.sendall(texts[number % len(texts)].encode())
    return found


@pytest.mark.threat("T-17")
def test_who_sends_half_of_something_or_nothing_leaves_the_threads_to_others(address: str) -> None:
    heads = [f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n" for path in ("/ignore", "/upload")]
    with ExitStack() as stack:
        bodies = open_many(stack, address, *(head + body for body in BODIES for head in heads))
        headers = open_many(stack, address, f"{LIVE}Connection:")
        silent = open_many(stack, address, "")
        assert requests.get(f"{address}/_health/live", timeout=PATIENCE_S).ok
        small = {"file": ("a.pdf", b"x")}
        assert requests.post(f"{address}/upload", files=small, timeout=PATIENCE_S).text == "1"
        late = headers.pop()
        late.sendall(b" close\r\n\r\n")
        assert all_of(late)[:13] in {"HTTP/1.1 200 ", "HTTP/1.1 408 "}
        assert {all_of(one)[:13] for one in headers} <= {"HTTP/1.1 408 ", ""}
        assert {all_of(one) for one in silent} == {""}
        # No place, no bytes, or nobody who wanted them.
        ends = {"HTTP/1.1 503 ", "HTTP/1.1 400 ", "HTTP/1.1 408 ", "HTTP/1.1 200 ", ""}
        assert {all_of(one)[:13] for one in bodies} <= ends


@pytest.mark.threat("T-17")
def test_who_begins_a_next_request_before_the_answer_takes_no_thread(address: str) -> None:
    """gunicorn has read the half request already, and would wait for the rest of it in a thread."""
    with ExitStack() as stack:
        hasty = open_many(stack, address, f"{LIVE}\r\n{LIVE}Connection:")
        assert requests.get(f"{address}/_health/live", timeout=PATIENCE_S).ok
        answers = [all_of(one) for one in hasty]
    assert {answer[:13] for answer in answers} == {"HTTP/1.1 200 "}
    assert {answer.count("HTTP/1.1") for answer in answers} == {1}


def test_a_body_in_chunks_that_are_none_is_no_fault_of_ours(address: str) -> None:
    head = "POST /upload HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n"
    assert send(address, f"{head}{FORM.replace('--b', 'ZZ')}").startswith("HTTP/1.1 400 ")


def test_headers_without_end_are_cut_off(address: str) -> None:
    """The answer may be lost, because we do not read on; what matters is that it ends."""
    with connect(address) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nX: " + b"a" * 60_000)
        assert all_of(connection)[:13] in {"HTTP/1.1 431 ", ""}


REFUSED = {
    "GET /?code=geheim\x00 HTTP/1.1\r\nHost: x\r\n\r\n": 400,
    "GET / HTTP/9.9\r\nHost: x\r\n\r\n": 400,
    "GET / HTTP/1.1\r\nHost: x\r\nBad Header: geheim\r\n\r\n": 400,
    f"GET /{'a' * 5000} HTTP/1.1\r\nHost: x\r\n\r\n": 414,
    f"GET / HTTP/1.1\r\nHost: x\r\nX: {'a' * 9000}\r\n\r\n": 431,
    "POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n": 400,
}


@pytest.mark.parametrize("request_text", REFUSED, ids=range(len(REFUSED)))
def test_what_is_no_request_gets_a_page_of_ours(address: str, log_file: Path, request_text: str) -> None:
    answer = send(address, request_text)
    assert answer.startswith(f"HTTP/1.1 {REFUSED[request_text]} ")
    assert "Content-Security-Policy: default-src 'none'" in answer
    assert "geheim" not in answer
    assert "Referentienummer" in answer


def test_the_number_on_such_a_page_stands_in_the_log_without_what_was_sent(
    address: str, log_file: Path
) -> None:
    answer = send(address, "GET /?code=geheim-woord\x00 HTTP/1.1\r\nHost: x\r\n\r\n")
    number = answer.split("Referentienummer: ")[1][:10]
    (line,) = [line for line in log_file.read_text().splitlines() if number in line]
    assert "InvalidRequestLine" in line
    assert "geheim-woord" not in log_file.read_text()
    assert '"127.0.0.1' not in line


@pytest.mark.parametrize("path", ["/_health/live", "/nowhere", "/upload"])
def test_no_answer_names_the_server(address: str, path: str) -> None:
    answer = send(address, f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
    assert answer.startswith("HTTP/1.1 ")
    assert "\r\nserver:" not in answer.lower()
    for name in ("gunicorn", "werkzeug", "flask", "python"):
        assert name not in answer.lower()


def test_two_requests_on_one_connection(address: str) -> None:
    with requests.Session() as session:
        for _ in range(3):
            assert session.get(f"{address}/_health/live", timeout=PATIENCE_S).ok


def test_nobody_is_believed_about_the_scheme(address: str) -> None:
    """gunicorn itself would believe this from the loopback address."""
    answer = requests.get(f"{address}/scheme", headers={"X-Forwarded-Proto": "https"}, timeout=PATIENCE_S)
    assert answer.text == "http"
