"""A body has a place and a time."""

from __future__ import annotations

import io
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

import pytest
from werkzeug.exceptions import ClientDisconnected, ServiceUnavailable

from app.http.request_body import SMALL_BODY, BodyLimits, BoundedBodies

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

App = Callable[..., Iterable[bytes]]
NEVER = 100.0


@pytest.fixture
def line() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    yield ours, theirs
    ours.close()
    theirs.close()


def environ(line: socket.socket, length: int = 10) -> WSGIEnvironment:
    """As gunicorn gives it for a visitor who asks first, so that not even a small body has come."""
    found: WSGIEnvironment = {
        "wsgi.input": line.makefile("rb"),
        "CONTENT_LENGTH": str(length),
        "HTTP_EXPECT": "100-continue",
        "gunicorn.socket": line,
    }
    return found


def reads(seen: list[object]) -> App:
    def application(environ: WSGIEnvironment, _start: object) -> list[bytes]:
        try:
            seen.append(environ["wsgi.input"].read())
        except (ClientDisconnected, ServiceUnavailable) as error:
            seen.append(type(error))
        return [b"answer"]

    return application


def ask(application: App, limits: BodyLimits, line: socket.socket) -> Iterable[bytes]:
    return BoundedBodies(application, limits)(environ(line), lambda *_: print)


@pytest.mark.threat("T-17")
def test_a_body_that_takes_too_long_ends_although_now_and_then_a_byte_comes(
    line: tuple[socket.socket, socket.socket],
) -> None:
    seen: list[object] = []
    line[1].sendall(b"abc")
    assert ask(reads(seen), BodyLimits(500, silence=NEVER, base=0.05), line[0]) == [b"answer"]
    assert seen == [ClientDisconnected]


def test_a_large_body_may_take_longer() -> None:
    assert BodyLimits(0).whole(1_000) < 31
    assert BodyLimits(0).whole(25_000_000) == 530


def test_silence_ends_a_body_too(line: tuple[socket.socket, socket.socket]) -> None:
    seen: list[object] = []
    ask(reads(seen), BodyLimits(500, silence=0.05, base=NEVER), line[0])
    assert seen == [ClientDisconnected]


@pytest.mark.threat("T-17")
def test_only_so_many_bodies_are_received_at_once(line: tuple[socket.socket, socket.socket]) -> None:
    begun, seen = threading.Event(), []

    def slow(environ: WSGIEnvironment, _start: object) -> list[bytes]:
        seen.append(environ["wsgi.input"].read(3))
        begun.set()
        seen.append(environ["wsgi.input"].read())
        return [b"answer"]

    refused: list[object] = []
    limits = BodyLimits(500, at_once=1, silence=NEVER, base=NEVER, wait=0.05)
    site = BoundedBodies(
        lambda env, start: (slow if not begun.is_set() else reads(refused))(env, start), limits
    )
    thread = threading.Thread(target=site, args=(environ(line[0]), lambda *_: print))
    thread.start()
    line[1].sendall(b"hal")
    assert begun.wait(NEVER)
    other, there = socket.socketpair()
    there.sendall(b"x" * 20)
    site(environ(other), lambda *_: print)
    line[1].sendall(b"f over")
    line[1].sendall(b"!")
    thread.join()
    site(environ(other), lambda *_: print)
    assert seen == [b"hal", b"f over!"]
    assert refused == [ServiceUnavailable, b"x" * 10]
    other.close()
    there.close()


def test_a_request_without_a_body_takes_no_place(line: tuple[socket.socket, socket.socket]) -> None:
    seen: list[object] = []
    site = BoundedBodies(reads(seen), BodyLimits(500, at_once=1, wait=0.01))
    for _ in range(3):
        site({"wsgi.input": io.BytesIO(b""), "CONTENT_LENGTH": ""}, lambda *_: print)
    assert seen == [b""] * 3


@pytest.mark.threat("T-17")
def test_neither_a_page_nor_a_form_waits_for_those_who_are_slow_with_uploads() -> None:
    """gunicorn says of every request that its end is marked; a form has come wholly before it gets a thread."""
    begun, ended, refused = threading.Event(), threading.Event(), list[object]()

    def slow(_environ: WSGIEnvironment, _start: object) -> list[bytes]:
        _environ["wsgi.input"].read(1)
        begun.set()
        assert ended.wait(NEVER)
        return [b"answer"]

    site = BoundedBodies(
        lambda env, start: (reads(refused) if begun.is_set() else slow)(env, start),
        BodyLimits(0, at_once=1, silence=NEVER, base=NEVER, wait=NEVER),
    )
    large: WSGIEnvironment = {"wsgi.input": io.BytesIO(b"x"), "CONTENT_LENGTH": str(SMALL_BODY + 1)}
    thread = threading.Thread(target=site, args=(large, lambda *_: print))
    thread.start()
    assert begun.wait(NEVER)
    page: WSGIEnvironment = {"wsgi.input": io.BytesIO(), "wsgi.input_terminated": True}
    form: WSGIEnvironment = {"wsgi.input": io.BytesIO(b"x" * SMALL_BODY), "CONTENT_LENGTH": str(SMALL_BODY)}
    for one in (page, form):
        site(one, lambda *_: print)
    assert refused == [b"", b"x" * SMALL_BODY]
    ended.set()
    thread.join()


def test_a_place_is_given_back_when_the_application_fails() -> None:
    def fails(environ: WSGIEnvironment, _start: object) -> list[bytes]:
        environ["wsgi.input"].read(1)
        raise RuntimeError

    site = BoundedBodies(fails, BodyLimits(500, at_once=1, wait=0.01))
    for _ in range(3):
        ours, theirs = socket.socketpair()
        theirs.sendall(b"x" * 10)
        with ours, theirs, pytest.raises(RuntimeError):
            site(environ(ours), lambda *_: print)
