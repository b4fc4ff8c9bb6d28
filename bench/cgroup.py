"""A part of a processor for one program, so that two of them can be compared with one on a machine with few processors.

Control groups of Linux, version 1 or 2; as root, and only of programs that we started ourselves.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

_PERIOD_US = 100_000
_FIRST, _SECOND = Path("/sys/fs/cgroup/cpu"), Path("/sys/fs/cgroup")


def is_possible() -> bool:
    return os.geteuid() == 0 and (_is_first() or _is_second())


def _is_first() -> bool:
    return os.access(_FIRST / "cpu.shares", os.W_OK) or os.access(_FIRST / "cgroup.procs", os.W_OK)


def _is_second() -> bool:
    controlled = _SECOND / "cgroup.subtree_control"
    return controlled.is_file() and "cpu" in controlled.read_text("ascii").split()


@contextlib.contextmanager
def limited(pids: Iterable[int], share: float, name: str) -> Iterator[None]:
    """These processes, and what they start, together get `share` of one processor."""
    folder = (_FIRST if _is_first() else _SECOND) / f"blauwe-knop-bench-{os.getpid()}-{name}"
    folder.mkdir()
    try:
        quota = round(share * _PERIOD_US)
        if _is_first():
            (folder / "cpu.cfs_period_us").write_text(str(_PERIOD_US), "ascii")
            (folder / "cpu.cfs_quota_us").write_text(str(quota), "ascii")
        else:
            (folder / "cpu.max").write_text(f"{quota} {_PERIOD_US}", "ascii")
        _move(pids, folder)
        yield
    finally:
        _move(map(int, (folder / "cgroup.procs").read_text("ascii").split()), folder.parent)
        _remove(folder)


def _move(pids: Iterable[int], folder: Path) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            (folder / "cgroup.procs").write_text(str(pid), "ascii")


def _remove(folder: Path) -> None:
    """A process that just ended keeps it for a moment."""
    for _ in range(100):
        with contextlib.suppress(OSError):
            folder.rmdir()
            return
        time.sleep(0.05)
