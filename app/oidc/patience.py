"""An end to every conversation with the provider, however little and however slowly it sends.

The time-out of a library counts for one read: a byte now and then would keep a thread for ever, and a few of them the
whole site.
"""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool


class Patience(HTTPAdapter):
    """For one session with one question. Its connection is hung up `seconds` after it was made, unless the session is
    closed before; `is_over`: it was hung up, so that what was received may be a part only."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._timers: list[threading.Timer] = []
        self.is_over = False
        super().__init__()

    def init_poolmanager(self, *arguments: Any, **named: Any) -> None:
        super().init_poolmanager(*arguments, **named)
        plain = _pool(HTTPConnectionPool, HTTPConnection, self)
        self.poolmanager.pool_classes_by_scheme = {
            "http": plain,
            "https": _pool(HTTPSConnectionPool, HTTPSConnection, self),
        }

    def watch(self, line: socket.socket) -> None:
        timer = threading.Timer(self._seconds, self._hang_up, (line,))
        timer.daemon = True
        self._timers.append(timer)
        timer.start()

    def close(self) -> None:
        for timer in self._timers:
            timer.cancel()
        super().close()

    def _hang_up(self, line: socket.socket) -> None:
        """Wakes the thread that waits for the next byte. Not the shutdown of TLS: that would wait for the other side."""
        self.is_over = True
        with suppress(OSError):
            socket.socket.shutdown(line, socket.SHUT_RDWR)


def _pool(pool: Any, connection: Any, patience: Patience) -> Any:
    """A pool of this kind that tells of every connection it makes."""

    class Watched(connection):  # type: ignore[misc]
        def connect(self) -> None:
            super().connect()
            patience.watch(self.sock)

    return type(pool.__name__, (pool,), {"ConnectionCls": Watched})
