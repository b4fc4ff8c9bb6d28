"""A crash leaves no copy of our memory: numbers of citizens and keys are in it."""

from __future__ import annotations

import ctypes
import resource

_DUMPABLE = 4  # PR_SET_DUMPABLE, prctl(2)


def leave_none() -> None:
    """For this process, and for those that it forks from now on. The limit keeps the kernel from writing a file, for
    programs that we start too; a process that is not dumpable is not handed to a crash handler of the system either (core(5)),
    and other programs of the same account cannot read its memory (ptrace(2))."""
    leave_no_file()
    prctl = getattr(ctypes.CDLL(None), "prctl", None)  # Linux only
    if prctl is not None:
        prctl(_DUMPABLE, 0, 0, 0, 0)


def leave_no_file() -> None:
    """For a process that has nothing about people in memory, and all that it starts."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
