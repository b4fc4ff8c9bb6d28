"""Receiving the body of a request: not for ever, not in every thread at once, and to its end before we answer.

gunicorn reads a body in the thread that serves the request and waits without end. A visitor who sends one byte now and
then would keep that thread, and a few of them the whole service. A small body, such as a form, is whole before it gets a
thread (app.http.patient_worker), so it takes no place: whoever is slow with uploads keeps nobody from logging out.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING

from gunicorn.http.errors import ParseException
from werkzeug.exceptions import ClientDisconnected, ServiceUnavailable

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

SMALL_BODY = 16 * 1024
_CHUNK = 64 * 1024
_TRY_AGAIN_S = 10


@dataclass(frozen=True, slots=True)
class BodyLimits:
    """What the application leaves of a body is read and forgotten, up to `drain_bytes`: a server that closes a
    connection with unread data resets it, and the browser then shows a network error instead of our page.

    Times in seconds: `silence` without a single byte; `base` for a whole body, and more for a large one: at
    `bytes_per_second`. `at_once` bodies are received at the same time; another one waits for `wait` and gets status 503.
    """

    drain_bytes: int
    at_once: int = 3
    silence: float = 10.0
    base: float = 30.0
    bytes_per_second: int = 50_000
    wait: float = 1.0

    def whole(self, length: int) -> float:
        """How long a body of `length` bytes may take."""
        return self.base + length / self.bytes_per_second


class BoundedBodies:
    """WSGI middleware. A body that takes too long ends: the application sees a visitor who went away (status 400)."""

    def __init__(self, application: WSGIApplication, limits: BodyLimits) -> None:
        self._application = application
        self._limits = limits
        self._places = threading.BoundedSemaphore(limits.at_once)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        length = _length(environ)
        if length == 0:
            return self._application(environ, start_response)
        places = None if _is_small(environ, length) else self._places
        body = _Body(environ["wsgi.input"], length, _Reception(self._limits, places, _line(environ), length))
        environ["wsgi.input"] = body
        try:
            answer = self._application(environ, start_response)
            body.drain(self._limits.drain_bytes)
        finally:
            body.end()
        return answer


def _length(environ: WSGIEnvironment) -> int | None:
    """None: unknown, but the server marks the end (chunked)."""
    stated = environ.get("CONTENT_LENGTH") or ""
    if stated.isascii() and stated.isdigit():
        return int(stated)
    return None if environ.get("HTTP_TRANSFER_ENCODING") and environ.get("wsgi.input_terminated") else 0


def _is_small(environ: WSGIEnvironment, length: int | None) -> bool:
    """Who asks first whether to go on (Expect) has sent nothing yet."""
    return length is not None and length <= SMALL_BODY and "HTTP_EXPECT" not in environ


def _line(environ: WSGIEnvironment) -> socket.socket | None:
    """The connection, where the server hands it over."""
    found = environ.get("gunicorn.socket")
    return found if isinstance(found, socket.socket) else None


@dataclass(eq=False)
class _Reception:
    """The place, when it needs one, and the time that one body may take, from its first to its last byte."""

    limits: BodyLimits
    places: threading.BoundedSemaphore | None
    line: socket.socket | None
    length: int | None
    is_over: bool = False
    _timer: threading.Timer | None = field(default=None, init=False)

    def begin(self) -> None:
        """Raises ServiceUnavailable when too many bodies are being received."""
        if self._timer is not None:
            return
        if self.places is not None and not self.places.acquire(timeout=self.limits.wait):
            raise ServiceUnavailable(retry_after=_TRY_AGAIN_S)
        if self.line is not None:
            self.line.settimeout(self.limits.silence)
        longest = self.length if self.length is not None else self.limits.drain_bytes
        self._timer = threading.Timer(self.limits.whole(longest), self._give_up)
        self._timer.daemon = True
        self._timer.start()

    def end(self) -> None:
        """Twice does no harm."""
        timer, self._timer = self._timer, None
        if timer is not None:
            timer.cancel()
            if self.places is not None:
                self.places.release()

    def _give_up(self) -> None:
        self.is_over = True
        self.hang_up()

    def hang_up(self) -> None:
        """Read no more: wakes the thread that waits for the next byte. The answer can still be sent."""
        if self.line is not None:
            with suppress(OSError):
                self.line.shutdown(socket.SHUT_RD)


class _Body:
    """Counts what is read, because not every server stops at the end of the body."""

    def __init__(self, stream: IO[bytes], length: int | None, reception: _Reception) -> None:
        self._stream = stream
        self._left = length
        self._reception = reception
        self._ended = False

    def read(self, size: int | None = -1) -> bytes:
        allowed = self._allowed(size)
        with self._receiving():
            return self._count(allowed, self._stream.read(allowed))

    def readline(self, size: int | None = -1) -> bytes:
        allowed = self._allowed(size)
        with self._receiving():
            return self._count(allowed, self._stream.readline(allowed))

    def readlines(self, _hint: int = -1) -> list[bytes]:
        return list(self)

    def __iter__(self) -> Iterator[bytes]:
        while line := self.readline():
            yield line

    def drain(self, limit: int) -> None:
        """Read and forget the rest; nothing is read when the rest is known to be more than `limit`."""
        if self._left is not None and self._left > limit:
            return
        read = 0
        with suppress(ClientDisconnected, ServiceUnavailable):
            while read <= limit and not self._ended and self._left != 0:
                read += len(self.read(_CHUNK))

    def end(self) -> None:
        """What has not come by now is not waited for, by the server neither."""
        if not self._ended and self._left != 0:
            self._reception.hang_up()
        self._ended = True
        self._reception.end()

    @contextmanager
    def _receiving(self) -> Iterator[None]:
        if self._ended or self._left == 0:
            yield
            return
        try:
            self._reception.begin()
            yield
        except (OSError, ParseException) as error:  # silence, a broken line, chunks that are none
            self.end()
            raise ClientDisconnected from error
        except ServiceUnavailable:
            self.end()
            raise
        if self._reception.is_over:
            self.end()
            raise ClientDisconnected
        if self._ended or self._left == 0:
            self._reception.end()

    def _allowed(self, size: int | None) -> int:
        wanted = -1 if size is None else size
        if self._ended:
            return 0
        if self._left is None:
            return wanted
        return self._left if wanted < 0 else min(wanted, self._left)

    def _count(self, asked: int, data: bytes) -> bytes:
        self._ended = self._ended or (asked != 0 and not data)
        if self._left is not None:
            self._left -= len(data)
        return data
