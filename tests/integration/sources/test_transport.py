"""The transport against servers that are worse than any simulated organisation."""

import ssl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from simulators.authority import Authority
from simulators.organisations.server import Exchange, TlsServer
from sources.deadline import Deadline
from sources.errors import (
    Misconfigured,
    SourceError,
    SourceMalformed,
    SourceRefused,
    SourceUnavailable,
    TooLarge,
    TooSlow,
)
from sources.transport.address import parse_address
from sources.transport.connection import TlsFiles
from sources.transport.http import HttpSettings, HttpTransport
from tests.support.waiting import PATIENCE_S

OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
Serve = Callable[[bytes], HttpTransport]


class Stage:
    """A server of a throw-away authority that sends raw bytes, and a transport that trusts it."""

    def __init__(self, folder: Path, hosts: tuple[str, ...] = ("127.0.0.1",)) -> None:
        self.authority = Authority.create()
        self.folder = folder
        self.reply = b""
        self.then: Callable[[Exchange], None] = lambda _exchange: None
        self.questions = 0
        files = self.authority.issue_server(hosts).write(folder, "server")
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(files.certificate_file, files.key_file)
        self.server = TlsServer("stage", ("127.0.0.1", 0), self.context, self._respond)
        self.server.run_in_background()

    def _respond(self, exchange: Exchange) -> None:
        self.questions += 1
        exchange.rfile.read(
            int(exchange.headers["Content-Length"])
        )  # else closing would reset the connection
        exchange.wfile.write(self.reply)
        self.then(exchange)

    def transport(self, max_bytes: int = 10_000) -> HttpTransport:
        root = self.authority.write_tls_root(self.folder / "root.pem")
        address = parse_address(f"https://127.0.0.1:{self.server.port}")
        return HttpTransport(HttpSettings(address, TlsFiles(root), 10, max_bytes))

    def ask(self, reply: bytes, seconds: float = 30) -> object:
        self.reply = reply
        return self.transport().post_json("/x", {"bsn": "999993549"}, Deadline.after(seconds))


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    made = Stage(tmp_path)
    yield made
    made.server.stop()


def test_a_good_answer_is_read_also_in_chunks_and_without_a_length(stage: Stage) -> None:
    assert stage.ask(OK + b"Content-Length: 7\r\n\r\n" + b'{"a":1}') == {"a": 1}
    assert stage.ask(OK + b"Connection: close\r\n\r\n" + b'{"a":1}') == {"a": 1}
    chunked = OK + b"Transfer-Encoding: chunked\r\n\r\n" + b'3\r\n{"a\r\n4\r\n":1}\r\n0\r\n\r\n'
    assert stage.ask(chunked) == {"a": 1}


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (b"", SourceUnavailable),
        (b"nonsense\r\n\r\n", SourceMalformed),
        (b"HTTP/1.1 200 OK\r\n" + b"X-A: a\r\n" * 150 + b"\r\n{}", SourceMalformed),
        (b"HTTP/1.1 200 OK\r\nX-A: " + b"a" * 70_000 + b"\r\n\r\n{}", SourceMalformed),
        (OK + b"\r\n", SourceMalformed),
        (OK + b"Content-Length: 2\r\n\r\n{]", SourceMalformed),
        (OK + b'Content-Length: 13\r\n\r\n{"a":1,"a":2}', SourceMalformed),
        (OK + b'Content-Length: 9\r\n\r\n{"a":NaN}', SourceMalformed),
        (OK + b'Content-Length: 9\r\n\r\n{"a":1.5}', SourceMalformed),
        (OK + b'Content-Length: 8\r\n\r\n{"\xe9": 1}', SourceMalformed),
        (OK + b"Content-Length: 9000\r\n\r\n" + b"[" * 9000, SourceMalformed),
        (OK + b"Content-Length: 6001\r\n\r\n[" + b"{}," * 1999 + b"{}]", SourceMalformed),
        (OK + b"Content-Length: 6000\r\n\r\n[" + b"{}," * 1999 + b"{}", SourceMalformed),
        (OK + b'Content-Length: 13\r\n\r\n{"saldo":1e2}', SourceMalformed),
        (OK + b'Content-Length: 15\r\n\r\n{"saldo":12.50}', SourceMalformed),
        (OK + b"Content-Length: 9\r\n\r\n{}", SourceUnavailable),
        (OK + b"Content-Length: 99999\r\n\r\n{}", TooLarge),
        (OK + b"Connection: close\r\n\r\n" + b" " * 10_001, TooLarge),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n" + b"2711\r\n" + b" " * 10_001, TooLarge),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n" + b"5\r\n{}", SourceUnavailable),
        (OK + b"Content-Encoding: br\r\nContent-Length: 2\r\n\r\n{}", SourceMalformed),
        (OK.replace(b"json", b"json; charset=iso-8859-1") + b"Content-Length: 2\r\n\r\n{}", SourceMalformed),
        (OK.replace(b"application/json", b"text/plain") + b"Content-Length: 2\r\n\r\n{}", SourceMalformed),
        (OK.replace(b"200 OK", b"204 Niets") + b"\r\n", SourceMalformed),
        (OK.replace(b"200 OK", b"206 Deel") + b"Content-Length: 2\r\n\r\n{}", SourceMalformed),
        (OK.replace(b"200 OK", b"302 Ga weg") + b"Location: https://127.0.0.1/\r\n\r\n", SourceMalformed),
        (OK.replace(b"200 OK", b"401 Wie") + b"Content-Length: 2\r\n\r\n{}", SourceRefused),
        (OK.replace(b"200 OK", b"429 Druk") + b"Content-Length: 2\r\n\r\n{}", SourceUnavailable),
    ],
)
def test_a_bad_answer_is_the_right_error_and_is_asked_for_once(
    stage: Stage, reply: bytes, error: type[SourceError]
) -> None:
    with pytest.raises(error) as refused:
        stage.ask(reply)
    assert "999993549" not in str(refused.value)
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__ or refused.value.__context__ is None
    assert stage.questions == 1


def test_endless_small_headers_end_at_the_deadline(stage: Stage) -> None:
    def forever(exchange: Exchange) -> None:
        while not exchange.stopping.wait(0.1):
            exchange.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    stage.then = forever
    with pytest.raises(TooSlow):
        stage.ask(b"", seconds=2)


def test_endless_chunks_end_at_the_deadline(stage: Stage) -> None:
    def forever(exchange: Exchange) -> None:
        while not exchange.stopping.wait(0.1):
            exchange.wfile.write(b"1\r\n \r\n")

    stage.then = forever
    with pytest.raises(TooSlow):
        stage.ask(OK + b"Transfer-Encoding: chunked\r\n\r\n", seconds=2)


def test_proxy_settings_of_the_environment_are_not_used(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert stage.ask(OK + b"Content-Length: 2\r\n\r\n{}") == {}


def test_a_certificate_for_another_host_is_refused(tmp_path: Path) -> None:
    stage = Stage(tmp_path, hosts=("elders.invalid",))
    try:
        with pytest.raises(Misconfigured):
            stage.ask(OK + b"Content-Length: 2\r\n\r\n{}")
        assert stage.questions == 0
    finally:
        stage.server.stop()


def test_a_caller_without_certificate_is_refused_where_one_is_needed(stage: Stage) -> None:
    stage.context.load_verify_locations(stage.authority.write_tls_root(stage.folder / "root.pem"))
    stage.context.verify_mode = ssl.CERT_REQUIRED
    with pytest.raises((SourceRefused, SourceUnavailable)):
        stage.ask(OK + b"Content-Length: 2\r\n\r\n{}")
    assert stage.questions == 0


def test_an_encrypted_key_file_is_our_mistake_and_asks_nobody_for_a_passphrase(
    stage: Stage, tmp_path: Path
) -> None:
    encrypted = tmp_path / "encrypted.pem"
    encrypted.write_text(
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIGjMF8G\n-----END ENCRYPTED PRIVATE KEY-----\n"
    )
    root = stage.authority.write_tls_root(tmp_path / "root.pem")
    address = parse_address(f"https://127.0.0.1:{stage.server.port}")
    settings = HttpSettings(address, TlsFiles(root, tmp_path / "server.pem", encrypted), 10, 100)
    with pytest.raises(Misconfigured):
        HttpTransport(settings).post_json("", {}, Deadline.after(10))


@pytest.mark.parametrize("pause", [0.05, 600])
def test_a_question_that_is_cancelled_ends_long_before_its_time(stage: Stage, pause: float) -> None:
    """Also when the source is silent: nothing arrives that would wake the thread."""
    cancelled = threading.Event()

    def drip(exchange: Exchange) -> None:
        cancelled.set()  # while the answer is being read
        while not exchange.stopping.wait(pause):
            exchange.wfile.write(b" ")

    stage.reply, stage.then = OK + b"\r\n", drip
    deadline = Deadline.after(600, cancelled)
    ended = threading.Event()

    def ask() -> None:
        with pytest.raises(TooSlow):
            stage.transport().post_json("/x", {"bsn": "999993549"}, deadline)
        ended.set()

    threading.Thread(target=ask, daemon=True).start()
    assert ended.wait(PATIENCE_S)
    assert deadline.was_cancelled


@pytest.mark.parametrize("status", ["500", "403", "404", "302", "200"])
def test_a_secret_in_an_error_page_or_a_header_is_not_repeated(
    stage: Stage, status: str, caplog: pytest.LogCaptureFixture
) -> None:
    head = f"HTTP/1.1 {status} geheim 999993549\r\nX-Echo: geheim 999993549\r\nContent-Type: text/html\r\n"
    reply = head.encode() + b"Content-Length: 16\r\n\r\ngeheim 999993549"
    with caplog.at_level("DEBUG"), pytest.raises(SourceError) as refused:
        stage.ask(reply)
    assert "geheim" not in f"{refused.value!r}{caplog.text}"
    assert "999993549" not in f"{refused.value!r}{caplog.text}"
