"""How much a visitor may send. How many files are examined at once is limited in signing.verifying.sandbox."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from typing import IO, TYPE_CHECKING

from flask import Flask, Request
from werkzeug.exceptions import ClientDisconnected

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_FORM_OVERHEAD = 64 * 1024
_CHUNK = 64 * 1024
_DRAIN_FACTOR = 4
_SILENCE = 10.0  # seconds without a single byte


class InMemoryRequest(Request):
    """An overview of debts that somebody uploads is never written to a temporary file. MAX_CONTENT_LENGTH bounds it."""

    def _get_file_stream(
        self,
        total_content_length: int | None,  # noqa: ARG002 -- the name and form are Werkzeug's
        content_type: str | None,  # noqa: ARG002
        filename: str | None = None,  # noqa: ARG002
        content_length: int | None = None,  # noqa: ARG002
    ) -> IO[bytes]:
        return BytesIO()


def install(app: Flask, upload_bytes: int) -> None:
    """Refuse bodies with more than `upload_bytes` of file with status 413, and see to it that the browser hears so."""
    app.config["MAX_CONTENT_LENGTH"] = upload_bytes + _FORM_OVERHEAD
    app.config["MAX_FORM_MEMORY_SIZE"] = 256 * 1024
    app.config["MAX_FORM_PARTS"] = 20
    app.request_class = InMemoryRequest
    app.wsgi_app = BodyDrain(app.wsgi_app, upload_bytes * _DRAIN_FACTOR)  # type: ignore[method-assign]


class BodyDrain:
    """WSGI middleware: reads what the application left of the body, up to `limit` bytes, before answering.

    A server that closes a connection with unread data resets it; the browser then shows a network error instead of
    our page. Only beyond `limit` a reset is accepted.

    A visitor whose line went dead halfway a body would keep a thread of the server for ever: gunicorn waits without
    end for a body. After `_SILENCE` without a byte the request ends with status 400.
    """

    def __init__(self, application: WSGIApplication, limit: int) -> None:
        self._application = application
        self._limit = limit

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if (connection := environ.get("gunicorn.socket")) is not None:
            connection.settimeout(_SILENCE)
        body = _Body(environ["wsgi.input"], _length(environ))
        environ["wsgi.input"] = body
        answer = self._application(environ, start_response)
        body.drain(self._limit)
        return answer


def _length(environ: WSGIEnvironment) -> int | None:
    """None: unknown, but the server marks the end (chunked)."""
    stated = environ.get("CONTENT_LENGTH") or ""
    if stated.isascii() and stated.isdigit():
        return int(stated)
    return None if environ.get("wsgi.input_terminated") else 0


class _Body:
    """Counts what is read, because not every server stops at the end of the body."""

    def __init__(self, stream: IO[bytes], length: int | None) -> None:
        self._stream = stream
        self._left = length
        self._ended = False

    def read(self, size: int | None = -1) -> bytes:
        allowed = self._allowed(size)
        with self._patience():
            return self._count(allowed, self._stream.read(allowed))

    def readline(self, size: int | None = -1) -> bytes:
        allowed = self._allowed(size)
        with self._patience():
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
        with suppress(ClientDisconnected):
            while read <= limit and not self._ended and self._left != 0:
                read += len(self.read(_CHUNK))

    @contextmanager
    def _patience(self) -> Iterator[None]:
        try:
            yield
        except TimeoutError as error:
            self._ended = True
            raise ClientDisconnected from error

    def _allowed(self, size: int | None) -> int:
        wanted = -1 if size is None else size
        if self._left is None:
            return wanted
        return self._left if wanted < 0 else min(wanted, self._left)

    def _count(self, asked: int, data: bytes) -> bytes:
        self._ended = self._ended or (asked != 0 and not data)
        if self._left is not None:
            self._left -= len(data)
        return data
