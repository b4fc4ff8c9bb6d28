"""pyHanko without its HTTP client.

Whatever one loads of `pyhanko.sign` loads aiohttp, which reads every authority that the system trusts while it loads: an
eighth of the time in which the service starts, in each of its processes. We never let pyHanko fetch anything: time-stamps
and revocation lists come through doors of ours (`signing.sealing`), and who examines a file has no network at all.

Only our own programs do this, when `app` is loaded or the examiner starts: whoever uses `signing` as a library keeps his aiohttp.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any


class NoHttpHere(Exception):
    """Raised by whatever in pyHanko would begin to talk to a server."""


class _Refused:
    """In the place of every class of aiohttp; pyHanko names them in its annotations."""

    def __init__(self, *_: object, **__: object) -> None:
        raise NoHttpHere


class _NoHttp(ModuleType):
    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Refused


def take_http_away() -> None:
    """Before pyHanko is loaded. A program that uses aiohttp itself loads it before this, and keeps it."""
    sys.modules.setdefault("aiohttp", _NoHttp("aiohttp"))
