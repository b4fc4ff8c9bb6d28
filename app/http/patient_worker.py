"""gunicorn's worker with threads, for visitors who are slow on purpose, and without telling what we run on.

gunicorn gives a thread to each new connection and reads its headers there, without end: as many visitors as there are
threads, each sending half a header, stop the service. Here a connection gets a thread when its headers are whole, and the
body too when it is a small one: a form never waits for somebody who is slow with another. gunicorn reads on at once when a
visitor sends a next request before the answer to this one; no browser and no proxy does, so here that ends the connection.
It also waits in its main loop for a visitor to close, two seconds each; here nothing waits for that. And a program that says
that it cannot start (`app.bootstrap`) is started again by gunicorn, without end or pause, while its port takes visitors.
Belongs to gunicorn 27 (`requirements/run.lock`); tests/integration/http/test_slow_visitors.py runs it.
"""

from __future__ import annotations

import re
import selectors
import socket
import sys
import time
from contextlib import suppress
from functools import partial
from typing import Any

from gunicorn.arbiter import Arbiter
from gunicorn.http import wsgi
from gunicorn.workers.gthread import TConn, ThreadWorker

from app.http.early_answers import TOO_LONG, TOO_SLOW, answer, answer_to
from app.http.request_body import SMALL_BODY
from app.memory_dumps import leave_no_file
from app.observability import new_reference

HEADER_SECONDS = 10.0
LINE_SECONDS = 10.0  # without a byte that goes either way, while a thread is busy with a request
_LINGER_SECONDS = 2.0
_NOT_AT_ONCE_S = 5.0
_MOST_LINGERING = 500
_LONGEST_HEADERS = 32 * 1024
_LOOK_AGAIN_S = 0.1
# After how long a thread that computes lets another one go on. Python waits 5 ms; twenty sources that answer while a PDF is
# being made would each wait for that, several times.
_TURN_S = 0.001
_NOT_AWAITED = (b"\r\nexpect:", b"\r\ntransfer-encoding:")
_BODY_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*0*([0-9]{1,5})[ \t]*\r\n", re.I)


class QuietResponse(wsgi.Response):  # type: ignore[misc]
    """Without the name of the server (DigiD norm U/PW.03)."""

    def default_headers(self) -> list[str]:
        return [line for line in super().default_headers() if not line.startswith("Server:")]


class _Connection(TConn):  # type: ignore[misc]
    def __init__(self, worker: PatientWorker, line: socket.socket, client: Any, server: Any) -> None:
        super().__init__(worker.cfg, line, client, server)
        self._worker = worker

    def init(self) -> None:
        """Before each request, in its thread."""
        super().init()
        self.sock.settimeout(LINE_SECONDS)

    @property
    def has_read_ahead(self) -> bool:
        return self.parser is not None and bool(self.parser.unreader.buf.getvalue())

    def close(self, graceful: bool = False) -> None:
        """Graceful: first everything that the visitor still sends is read, or closing would take the answer back."""
        if graceful:
            self._worker.linger(self.sock)
        else:
            super().close()


class PatientWorker(ThreadWorker):  # type: ignore[misc]
    """Besides `handle_error`, everything here runs in the main loop of the worker; threads never touch it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._silent: dict[TConn, float] = {}  # the poller tells when they say something
        self._halfway: dict[TConn, float] = {}  # said something, so that the poller would tell without end
        self._lingering: dict[socket.socket, float] = {}
        self._looked_at = 0.0

    @classmethod
    def check_config(cls, cfg: Any, log: Any) -> None:
        """In the process from which all workers are forked, before there are any."""
        leave_no_file()
        super().check_config(cfg, log)

    def init_process(self) -> None:
        wsgi.Response = QuietResponse
        sys.setswitchinterval(_TURN_S)
        super().init_process()

    def load_wsgi(self) -> None:
        """When the first worker cannot start, all of the service ends with gunicorn's own code for that (3); nothing listens.
        Another one takes nothing away from others that serve: it is tried again, but each try may use up a PIN. Only one says
        3: of two at once gunicorn itself would fail on the second."""
        try:
            super().load_wsgi()
        except SystemExit:
            if self.age == 1:
                sys.exit(Arbiter.WORKER_BOOT_ERROR)
            until = _from_now(_NOT_AT_ONCE_S)
            while self.alive and time.monotonic() < until:  # gunicorn may end meanwhile
                time.sleep(_LOOK_AGAIN_S)
            raise

    def accept(self, listener: socket.socket) -> None:
        try:
            line, client = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return  # another worker was first, or the visitor has gone already
        self.nr_conns += 1
        self._look(_Connection(self, line, client, listener.getsockname()), _from_now(HEADER_SECONDS))

    def on_client_socket_readable(self, conn: TConn, client: socket.socket) -> None:
        """The next request on a connection that was kept."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self._look(conn, _from_now(HEADER_SECONDS))

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        super().wait_for_and_dispatch_events(min(timeout, _LOOK_AGAIN_S) if self._halfway else timeout)

    def murder_pending(self) -> None:
        """Each turn of the main loop, at least once a second."""
        super().murder_pending()
        now = time.monotonic()
        for conn in [one for one, until in self._silent.items() if now >= until or not self.alive]:
            self._stop_listening(conn)
            self._drop(conn)
        for line in [one for one, until in self._lingering.items() if now >= until or not self.alive]:
            self._close_lingering(line)
        if now - self._looked_at >= _LOOK_AGAIN_S:
            self._looked_at, halfway, self._halfway = now, self._halfway, {}
            for conn, until in halfway.items():
                self._look(conn, until)

    def finish_request(self, conn: TConn, fs: Any) -> None:
        """A part of a next request that was read already cannot be looked at here, and must not wait in a thread."""
        if conn.has_read_ahead:
            self._drop(conn, graceful=True)
        else:
            super().finish_request(conn, fs)

    def handle_error(self, _req: Any, client: socket.socket, _addr: Any, exc: Exception) -> None:
        """Instead of gunicorn's page, which quotes what was sent, and its log line, which has the address."""
        with suppress(OSError):
            client.settimeout(1.0)
            client.sendall(answer_to(exc))

    def linger(self, line: socket.socket) -> None:
        """Close when the visitor does, or soon (RFC 9112, section 9.6)."""
        try:
            line.setblocking(False)
            line.shutdown(socket.SHUT_WR)
        except OSError:
            line.close()
            return
        self._lingering[line] = _from_now(_LINGER_SECONDS)
        self.poller.register(line, selectors.EVENT_READ, self._on_last_bytes)
        if len(self._lingering) > _MOST_LINGERING:
            self._close_lingering(next(iter(self._lingering)))

    def _look(self, conn: TConn, until: float) -> None:
        """To a thread when the request is whole, but for a large body; otherwise wait, not longer than `until`."""
        seen = _peek(conn.sock)
        if seen is None:
            self._silent[conn] = until
            self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._on_first_bytes, conn))
        elif not seen:
            self._drop(conn)
        elif _is_whole(seen):
            conn.data_ready = True
            self.enqueue_req(conn)
        elif len(seen) >= _LONGEST_HEADERS:
            self._refuse(conn, *TOO_LONG)
        elif time.monotonic() >= until:
            self._refuse(conn, *TOO_SLOW)
        else:
            self._halfway[conn] = until

    def _on_first_bytes(self, conn: TConn, _line: socket.socket) -> None:
        self._look(conn, self._stop_listening(conn))

    def _stop_listening(self, conn: TConn) -> float:
        self.poller.unregister(conn.sock)
        return self._silent.pop(conn)

    def _on_last_bytes(self, line: socket.socket) -> None:
        with suppress(BlockingIOError):
            try:
                is_over = not line.recv(_LONGEST_HEADERS)
            except ConnectionError:
                is_over = True
            if is_over:
                self._close_lingering(line)

    def _close_lingering(self, line: socket.socket) -> None:
        del self._lingering[line]
        self.poller.unregister(line)
        line.close()

    def _refuse(self, conn: TConn, status: int, reason: str) -> None:
        with suppress(OSError):
            conn.sock.send(answer(status, reason, new_reference()))
        self._drop(conn, graceful=True)

    def _drop(self, conn: TConn, *, graceful: bool = False) -> None:
        self.nr_conns -= 1
        conn.close(graceful)


def _from_now(seconds: float) -> float:
    return time.monotonic() + seconds


def _is_whole(seen: bytes) -> bool:
    """Who asks whether to go on gets an answer from a thread, and what comes in chunks has no length: nothing to wait for."""
    head, end, body = seen.partition(b"\r\n\r\n")
    stated, names = _BODY_LENGTH.search(head + b"\r\n"), head.lower()
    if not end or stated is None or any(name in names for name in _NOT_AWAITED):
        return bool(end)
    length = int(stated[1])
    return length > SMALL_BODY or len(body) >= length or len(seen) >= _LONGEST_HEADERS


def _peek(line: socket.socket) -> bytes | None:
    """What has come and was not read yet; None when nothing has, empty when the visitor has gone."""
    try:
        return line.recv(_LONGEST_HEADERS, socket.MSG_PEEK)
    except BlockingIOError:
        return None
    except OSError:
        return b""
