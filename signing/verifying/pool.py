"""The service's side of the pool: start the fork server when it is needed, and hand it one file at a time.

One fork server per process of the service. After a fork of that process, or when the server has died, a new one starts; also
when it does not answer, stopped or stuck as it may be: a child says its first word before it reads a byte of its file.
"""

import atexit
import logging
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

from signing.verifying.confinement import Confinement
from signing.verifying.fork_server import ENDING

COMMAND = (sys.executable, "-I", "-m", "signing.verifying.fork_server")
_MAX_OUTPUT = 64 * 1024 * 1024
_AT_ONCE = 65536
_HAND_OVER_SECONDS = 5.0
_STARTING_SECONDS = 60.0
_FIRST_WORD_SECONDS = 10.0
_log = logging.getLogger(__name__)


class NotExamined(Exception):
    """The fork server or its child did not tell how it ended. Never leaves this package."""


@dataclass(frozen=True)
class Ending:
    """What a child said, how it ended (minus the signal that ended it), and what the kernel kept it from."""

    output: bytes
    return_code: int
    kept_from: Confinement


@dataclass(frozen=True)
class _Server:
    """A running fork server, started by the process `owner`."""

    process: subprocess.Popen[bytes]
    control: socket.socket
    owner: int
    started_at: float
    has_answered: threading.Event

    @property
    def may_be_starting(self) -> bool:
        """Loading the libraries takes long on a busy machine; whoever has answered once is through with that."""
        return not self.has_answered.is_set() and time.monotonic() - self.started_at < _STARTING_SECONDS

    def is_ours(self) -> bool:
        """Not of the process from which this one was forked."""
        return self.owner == os.getpid()

    def stop(self, *, at_once: bool = False) -> None:
        """Closing the control socket ends it; in a forked copy of its owner both belong to another."""
        self.control.close()
        if not self.is_ours():
            return
        if at_once:
            self.process.kill()  # also when it is stopped (SIGSTOP); its children end with it
        _wait_for(self.process)


class Pool:
    """A fork server and its children. Threads may share it."""

    def __init__(self, command: Sequence[str] = COMMAND) -> None:
        self._command = command
        self._lock = threading.Lock()
        self._server: _Server | None = None
        atexit.register(self.close)

    def exchange(self, message: bytes, seconds: float) -> Ending:
        """Give a child this message, and wait for all that it says.

        Raises:
            TimeoutError: it took longer than `seconds`; the child is killed.
            NotExamined: the fork server, or with it the child, went away, also because we replaced it; or the child said
                far too much.
            OSError: the fork server cannot be started.
        """
        deadline = time.monotonic() + seconds
        (work, their_work), (life, their_life) = socket.socketpair(), socket.socketpair()
        with work, life:
            with their_work, their_life:
                server = self._hand_over([their_work.fileno(), their_life.fileno()])
            output = self._first_word(server, work, message, deadline)
            output += _listen(work, _MAX_OUTPUT, deadline) if output else b""
            ending = _listen(life, ENDING.size, deadline)
        if len(ending) != ENDING.size:
            raise NotExamined
        code, network, files = ENDING.unpack(ending)
        return Ending(output, code, Confinement(network, files))

    def start(self) -> None:
        """Start the fork server now, if it does not run, so that it is ready for the first file. Raises OSError."""
        with self._lock:
            self._running()

    def close(self) -> None:
        """End the fork server and its children. The next exchange starts another."""
        with self._lock:
            self._stop()

    def _hand_over(self, numbers: list[int]) -> _Server:
        """To which server."""
        with self._lock:
            server = self._running()
            try:
                socket.send_fds(server.control, [b"."], numbers)
            except (BrokenPipeError, ConnectionResetError, TimeoutError) as error:
                self._stop(at_once=isinstance(error, TimeoutError))  # else it died a moment ago
                server = self._running()
                socket.send_fds(server.control, [b"."], numbers)
            return server

    def _first_word(self, server: _Server, work: socket.socket, message: bytes, deadline: float) -> bytes:
        """Raises TimeoutError at the deadline; NotExamined when a server that has answered before is silent for too long."""
        soon = time.monotonic() + _FIRST_WORD_SECONDS
        until = deadline if server.may_be_starting else min(deadline, soon)
        try:
            _say(work, message, until)
            word = _hear(work, until)
        except TimeoutError:
            if not server.may_be_starting:
                self._replace(server)
            if until < deadline:
                raise NotExamined from None
            raise
        server.has_answered.set()
        return word

    def _replace(self, silent: _Server) -> None:
        """The next file starts another; unless another thread has seen to that already."""
        with self._lock:
            if self._server is silent:
                _log.error("the fork server of the examiner does not answer and is replaced")
                self._stop(at_once=True)

    def _running(self) -> _Server:
        if self._server and (not self._server.is_ours() or self._server.process.poll() is not None):
            self._stop()
        self._server = self._server or self._start()
        return self._server

    def _start(self) -> _Server:
        ours, theirs = socket.socketpair()
        ours.settimeout(_HAND_OVER_SECONDS)
        with theirs:
            try:
                process = subprocess.Popen(
                    self._command,
                    stdin=theirs.fileno(),
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    env={},
                    cwd="/",
                    start_new_session=True,  # a signal for our whole group stops us gently, and it in the middle of a file
                )
            except OSError:
                ours.close()
                raise
        return _Server(process, ours, os.getpid(), time.monotonic(), threading.Event())

    def _stop(self, *, at_once: bool = False) -> None:
        server, self._server = self._server, None
        if server is not None:
            server.stop(at_once=at_once)


def _wait_for(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(_HAND_OVER_SECONDS)
    except subprocess.TimeoutExpired:  # stopped or stuck: its children end with it
        process.kill()
        process.wait()


def _say(connection: socket.socket, message: bytes, deadline: float) -> None:
    try:
        connection.settimeout(_left(deadline))
        connection.sendall(message)
    except (BrokenPipeError, ConnectionResetError):
        return  # it ended before it had read all: how it ended decides


def _listen(connection: socket.socket, most: int, deadline: float) -> bytes:
    """All that is said until the other side closes."""
    said = bytearray()
    while part := _hear(connection, deadline):
        said += part
        if len(said) > most:
            raise NotExamined
    return bytes(said)


def _hear(connection: socket.socket, deadline: float) -> bytes:
    connection.settimeout(_left(deadline))
    try:
        return connection.recv(_AT_ONCE)
    except ConnectionResetError:  # it ended before it had read all
        return b""


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
