"""The process that keeps examining children ready: `python -I -m signing.verifying.fork_server`.

It loads the libraries once, confines itself, examines files that it knows, and forks children that wait; of a file that
somebody brings it never reads a byte. Over its
standard input come two sockets per examination: `work`, which it passes on to a child that waits, and `life`, over
which it tells how that child ended. Who closes `life` gives the examination up: the child is killed. It has one
thread, so forking is safe; and it ends, with all its children, when the other side of its standard input is closed.
"""

import gc
import logging
import os
import select
import signal
import socket
import struct
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import NoReturn

from signing.verifying.confinement import Confinement, confine, die_with
from signing.without_http import take_http_away

ENDING = struct.Struct("!i??")
"""What goes over `life`: the child's exit code (minus the signal that ended it), and what it was kept from."""
SPARE = 2
_A_WORD = b"."
_SOCKETS = 2


@dataclass
class _Child:
    """`channel`: open as long as the child lives, over it comes its one file. `life`: None while it waits."""

    pid: int
    channel: socket.socket
    life: socket.socket | None = None


class Server:
    """Children that wait, and children that work."""

    def __init__(
        self, control: socket.socket, do_one: Callable[[socket.socket], None], kept_from: Confinement
    ) -> None:
        self._control = control
        self._do_one = do_one
        self._kept_from = (kept_from.network, kept_from.files)
        self._children: list[_Child] = []

    def run(self) -> None:
        """Serve until the other side goes away."""
        self._prepare()
        while self._turn():
            self._prepare()
        for child in list(self._children):
            self._end(child)

    def _prepare(self) -> None:
        """When the machine gives no more processes or open files now, with fewer: the next turn tries again."""
        with suppress(OSError):
            while sum(child.life is None for child in self._children) < SPARE:
                self._fork()

    def _turn(self) -> bool:
        ready = self._wait()
        for child in list(self._children):
            if child.channel.fileno() in ready or (child.life and child.life.fileno() in ready):
                self._end(child)
        return self._control.fileno() not in ready or self._take()

    def _wait(self) -> set[int]:
        poll = select.poll()
        for connection in self._connections():
            poll.register(connection, select.POLLIN)
        return {number for number, _ in poll.poll()}

    def _connections(self) -> list[socket.socket]:
        lives = [child.life for child in self._children if child.life]
        return [self._control, *(child.channel for child in self._children), *lives]

    def _take(self) -> bool:
        """Take one examination; False when the other side is gone. Of one that cannot be done now both sockets are
        closed: that is told too."""
        word, numbers, _, _ = socket.recv_fds(self._control, 1, _SOCKETS)
        if not word:
            return False
        if len(numbers) != _SOCKETS:  # no room for more open files: the kernel has closed the others
            for number in numbers:
                os.close(number)
            return True
        with socket.socket(fileno=numbers[0]) as work:
            life = socket.socket(fileno=numbers[1])
            try:
                self._give(work, life)
            except OSError:  # no process for it now
                life.close()
        return True

    def _give(self, work: socket.socket, life: socket.socket) -> None:
        waiting = [child for child in self._children if child.life is None]
        for waiter in (*waiting, None):
            child = waiter or self._fork()
            try:
                socket.send_fds(child.channel, [_A_WORD], [work.fileno()])
            except OSError:  # killed from outside while it waited
                self._end(child)
                continue
            child.life = life
            return
        life.close()

    def _end(self, child: _Child) -> None:
        """Kill it (a child that has ended already does not mind), and tell how it ended."""
        os.kill(child.pid, signal.SIGKILL)
        _, status = os.waitpid(child.pid, 0)
        self._children.remove(child)
        child.channel.close()
        if child.life:
            with child.life:
                _tell(child.life, ENDING.pack(os.waitstatus_to_exitcode(status), *self._kept_from))

    def _fork(self) -> _Child:
        ours, theirs = socket.socketpair()
        server = os.getpid()
        pid = os.fork()
        if pid == 0:
            self._be_child(server, theirs, [ours, *self._connections()])
        theirs.close()
        self._children.append(_Child(pid, ours))
        return self._children[-1]

    def _be_child(self, server: int, channel: socket.socket, others: list[socket.socket]) -> NoReturn:
        try:
            die_with(server)
            for other in others:
                other.close()
            _, numbers, _, _ = socket.recv_fds(channel, 1, 1)
            if numbers:
                self._do_one(socket.socket(fileno=numbers[0]))
            os._exit(0)
        finally:
            os._exit(1)


def _tell(life: socket.socket, ending: bytes) -> None:
    try:
        life.sendall(ending)
    except OSError:
        return  # given up: nobody wants to know


def serve(do_one: Callable[[socket.socket], None], prepare: Callable[[], None] | None = None) -> None:
    """Confine this process, `prepare` it, and serve what comes over standard input, each with `do_one` in a child of its own."""
    control = socket.socket(fileno=os.dup(0))
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    logging.disable(logging.CRITICAL)
    kept_from = confine()
    if prepare is not None:
        prepare()
    gc.collect()
    gc.freeze()  # children share these pages as long as nobody writes to them
    Server(control, do_one, kept_from).run()


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches us too; we end when the other side ends
    # Not for those who only start this program.
    take_http_away()
    from signing.verifying.child import examine_one
    from signing.verifying.sample import examine_sample

    serve(examine_one, examine_sample)
