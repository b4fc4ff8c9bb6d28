"""Passing on what comes in at one socket to another address: how a program in a network of its own reaches this machine."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

Dial = Callable[[socket.socket], AbstractContextManager[tuple[socket.socket, socket.socket]]]


@contextlib.contextmanager
def relaying(listener: socket.socket, dial: Dial) -> Iterator[None]:
    """`dial` gives, for a connection that came in, the two ends to copy between; an OSError there ends that connection."""
    thread = threading.Thread(target=_serve, args=(listener, dial), daemon=True)
    thread.start()
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def to_port(port: int) -> Dial:
    """On to 127.0.0.1 of this machine."""

    @contextlib.contextmanager
    def dial(line: socket.socket) -> Iterator[tuple[socket.socket, socket.socket]]:
        with socket.create_connection(("127.0.0.1", port)) as inside:
            yield line, inside

    return dial


def _serve(listener: socket.socket, dial: Dial) -> None:
    with contextlib.suppress(OSError):
        while True:
            line, _ = listener.accept()
            threading.Thread(target=_relay, args=(line, dial), daemon=True).start()


def _relay(line: socket.socket, dial: Dial) -> None:
    with contextlib.suppress(OSError), line, dial(line) as (outside, inside):
        threading.Thread(target=_copy, args=(inside, outside), daemon=True).start()
        _copy(outside, inside)


def _copy(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while some := source.recv(65536):
            target.sendall(some)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_RDWR)
