"""Processes of this machine as /proc shows them."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

PROC = Path("/proc")


def running_with(variable: str) -> frozenset[int]:
    """Every living process that was started with this `NAME=value` in its environment."""
    wanted = variable.encode()
    return frozenset(
        pid for pid in _all() if wanted in read(pid, "environ").split(b"\0") and not _is_zombie(pid)
    )


def read(pid: int, name: str) -> bytes:
    """A file of /proc/PID; empty when the process is gone or of somebody else."""
    with contextlib.suppress(OSError):
        return (PROC / str(pid) / name).read_bytes()
    return b""


def program(pid: int) -> str:
    """The arguments with which it was started."""
    return read(pid, "cmdline").replace(b"\0", b" ").decode("utf-8", "replace").strip()


def _all() -> list[int]:
    return [int(name) for name in os.listdir(PROC) if name.isdigit()]


def _is_zombie(pid: int) -> bool:
    return b") Z " in read(pid, "stat")


def children_of(parents: frozenset[int]) -> frozenset[int]:
    """The living children, also those that got an empty environment."""
    return frozenset(pid for pid in _all() if _parent(pid) in parents)


def descendants_of(parents: frozenset[int]) -> frozenset[int]:
    """The living children, their children, and so on."""
    found = children_of(parents)
    return found if found <= parents else found | descendants_of(parents | found)


def open_files(pid: int) -> dict[str, bytes]:
    """Name -> content of every regular file that the process has open, also when its name is already gone."""
    found: dict[str, bytes] = {}
    folder = PROC / str(pid) / "fd"
    with contextlib.suppress(OSError):
        for handle in folder.iterdir():
            with contextlib.suppress(OSError):
                if handle.is_file():
                    found[os.readlink(handle)] = handle.read_bytes()
    return found


def _parent(pid: int) -> int:
    fields = read(pid, "stat").rpartition(b") ")[2].split()
    return int(fields[1]) if len(fields) > 1 else 0
