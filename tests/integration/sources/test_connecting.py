"""One more attempt when there is no connection, and never when a question may have been heard."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from simulators.authority import Authority
from sources.deadline import Deadline
from sources.errors import SourceError, SourceUnavailable, TooSlow
from sources.transport.address import parse_address
from sources.transport.connection import TlsFiles
from sources.transport.http import HttpSettings, HttpTransport

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
Treat = Callable[[int, socket.socket], None]


class Door:
    """A listening port; `treat` gets every connection with its number, counted from 1."""

    def __init__(self, folder: Path) -> None:
        authority = Authority.create()
        self.root = authority.write_tls_root(folder / "root.pem")
        files = authority.issue_server().write(folder, "server")
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(files.certificate_file, files.key_file)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.closing = threading.Event()
        self.came = 0
        self.heard = 0
        self.treat: Treat = self.answer

    def run(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.came += 1
            with connection:
                self.treat(self.came, connection)

    def answer(self, _number: int, connection: socket.socket) -> None:
        self.say(connection, ANSWER)

    def say(self, connection: socket.socket, text: bytes) -> None:
        with self.context.wrap_socket(connection, server_side=True) as secure:
            _read_question(secure)  # all of it: closing with something unread resets what was said
            self.heard += 1
            if text:
                secure.sendall(text)

    def ask(self, seconds: float = 30, connect_seconds: float = 10) -> object:
        address = parse_address(f"https://127.0.0.1:{self.listener.getsockname()[1]}")
        settings = HttpSettings(address, TlsFiles(self.root), connect_seconds, 1000)
        return HttpTransport(settings).post_json("/x", {}, Deadline.after(seconds))


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    made = Door(tmp_path)
    threading.Thread(target=made.run, daemon=True).start()
    yield made
    made.closing.set()
    made.listener.shutdown(socket.SHUT_RDWR)
    made.listener.close()


def _read_question(connection: socket.socket) -> None:
    heard = connection.recv(65536)
    while not heard.endswith(b"\r\n\r\n{}") and (more := connection.recv(65536)):
        heard += more


def slam(connection: socket.socket) -> None:
    """Reset, without a word of TLS."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")


def test_a_connection_that_is_broken_before_the_question_is_tried_once_more(door: Door) -> None:
    door.treat = lambda number, connection: (
        slam(connection) if number == 1 else door.answer(number, connection)
    )
    assert door.ask() == {}
    assert (door.came, door.heard) == (2, 1)


def test_it_is_not_tried_a_third_time(door: Door) -> None:
    door.treat = lambda _number, connection: slam(connection)
    with pytest.raises(SourceUnavailable):
        door.ask()
    assert (door.came, door.heard) == (2, 0)


@pytest.mark.parametrize("said", [b"", ANSWER[:20], ANSWER[:-1]])
def test_a_question_that_was_heard_is_never_asked_again(door: Door, said: bytes) -> None:
    door.treat = lambda _number, connection: door.say(connection, said)
    with pytest.raises(SourceError):
        door.ask()
    assert (door.came, door.heard) == (1, 1)


@pytest.mark.parametrize("status", [b"301", b"302", b"303", b"307", b"308", b"300", b"304"])
def test_no_redirect_is_followed(door: Door, status: bytes) -> None:
    own_port = str(door.listener.getsockname()[1]).encode()
    reply = b"HTTP/1.1 %s Elders\r\nLocation: https://127.0.0.1:%s/\r\nContent-Length: 0\r\n\r\n"
    door.treat = lambda _number, connection: door.say(connection, reply % (status, own_port))
    with pytest.raises(SourceError):
        door.ask()
    assert (door.came, door.heard) == (1, 1)


def test_a_handshake_that_drips_ends_when_connecting_should_have(door: Door) -> None:
    """Byte by byte, each in time: the announced record of sixteen thousand bytes never comes."""

    def drip(_number: int, connection: socket.socket) -> None:
        try:
            connection.sendall(b"\x16\x03\x03\x40\x00")
            while not door.closing.wait(0.05):
                connection.sendall(b"\x02")
        except OSError:
            return

    door.treat = drip
    begun = time.monotonic()
    with pytest.raises((SourceUnavailable, TooSlow)):
        door.ask(seconds=600, connect_seconds=1)
    assert time.monotonic() - begun < 60
