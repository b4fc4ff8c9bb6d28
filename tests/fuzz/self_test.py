"""Readers that break every promise, so that a test can see that the fuzzer notices."""

from __future__ import annotations

import logging
import os
import signal
import time

from tests.fuzz.watch import Broken


def crash(data: bytes) -> None:
    if len(data) > 2:
        raise KeyError(len(data))


def lie(data: bytes) -> None:
    if b"a" in data:
        raise Broken("no claims, but there is one")


def hang(data: bytes) -> None:
    while data:
        time.sleep(0.1)


def leak(data: bytes) -> None:
    logging.getLogger("reader").debug("cannot read %s", "111111110" if data else "")


def hoard(data: bytes) -> None:
    kept = []
    while data:
        kept.append(bytearray(1_000_000))


def die(data: bytes) -> None:
    """As a fault in a library in C, or a machine that has no memory left: nobody is told."""
    if len(data) > 2:
        os.kill(os.getpid(), signal.SIGKILL)


def leave(data: bytes) -> None:
    if len(data) > 2:
        os._exit(3)


PROMISE_BREAKERS = {
    "crash": crash,
    "lie": lie,
    "hang": hang,
    "leak": leak,
    "hoard": hoard,
    "die": die,
    "leave": leave,
}
