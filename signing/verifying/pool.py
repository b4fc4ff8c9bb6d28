"""The service's side of the pool: start the fork server when it is needed, and hand it one file at a time.

One fork server per process of the service. After a fork of that process, or when the server has died, a new one starts.
"""

import atexit
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

from signing.verifying.fork_server import ENDING

COMMAND = (sys.executable, "-I", "-m", "signing.verifying.fork_server")
_MAX_OUTPUT = 64 * 1024 * 1024
_AT_ONCE = 65536
_HAND_OVER_SECONDS = 5.0


class NotExamined(Exception):
    """The fork server or its child did not tell how it ended. Never leaves this package."""


@dataclass(frozen=True)
class Ending:
    """What a child said, how it ended (minus the signal that ended it), and whether it had no network."""

    output: bytes
    return_code: int
    network_cut_off: bool


class Pool:
    """A fork server and its children. Threads may share it."""

    def __init__(self, command: Sequence[str] = COMMAND) -> None:
        self._command = command
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._owner = 0
        atexit.register(self.close)

    def exchange(self, message: bytes, seconds: float) -> Ending:
        """Give a child this message, and wait for all that it says.

        Raises:
            TimeoutError: it took longer than `seconds`; the child is killed.
            NotExamined: the fork server, or with it the child, went away; or the child said far too much.
            OSError: the fork server cannot be started.
        """
        deadline = time.monotonic() + seconds
        (work, their_work), (life, their_life) = socket.socketpair(), socket.socketpair()
        with work, life:
            with their_work, their_life:
                self._hand_over([their_work.fileno(), their_life.fileno()])
            _say(work, message, deadline)
            output = _listen(work, _MAX_OUTPUT, deadline)
            ending = _listen(life, ENDING.size, deadline)
        if len(ending) != ENDING.size:
            raise NotExamined
        return Ending(output, *ENDING.unpack(ending))

    def close(self) -> None:
        """End the fork server and its children. The next exchange starts another."""
        with self._lock:
            self._stop()

    def _hand_over(self, numbers: list[int]) -> None:
        with self._lock:
            try:
                socket.send_fds(self._running(), [b"."], numbers)
            except (BrokenPipeError, ConnectionResetError):  # it died a moment ago
                self._stop()
                socket.send_fds(self._running(), [b"."], numbers)

    def _running(self) -> socket.socket:
        if self._owner != os.getpid() or self._process is None or self._process.poll() is not None:
            self._stop()
        return self._control or self._start()

    def _start(self) -> socket.socket:
        ours, theirs = socket.socketpair()
        ours.settimeout(_HAND_OVER_SECONDS)
        with theirs:
            try:
                self._process = subprocess.Popen(
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
        self._control, self._owner = ours, os.getpid()
        return ours

    def _stop(self) -> None:
        """Closing the control socket ends the server; in a forked copy of this process both belong to another."""
        process, control = self._process, self._control
        self._process = self._control = None
        if control is not None:
            control.close()
        if process is not None and self._owner == os.getpid():
            _wait_for(process)


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
