"""Processor time and memory of a program with all that it started, from /proc. Linux only."""

from __future__ import annotations

import os
import re

from tests.support.process_tree import children_of, descendants_of, program, read

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


def tree(pid: int) -> frozenset[int]:
    return frozenset({pid}) | descendants_of(frozenset({pid}))


def children(pid: int) -> frozenset[int]:
    return children_of(frozenset({pid}))


def seconds(pid: int) -> float:
    """Of the whole tree until now, also of children that have ended."""
    return sum(_ticks(one) for one in tree(pid)) / _TICKS


def idle_seconds() -> float:
    """Of all processors together, since the machine started: field 4 of the first line of proc(5), stat."""
    with open("/proc/stat", encoding="ascii") as file:
        return int(file.readline().split()[4]) / _TICKS


def _ticks(pid: int) -> int:
    """utime, stime and those of children that were waited for: fields 14 to 17 of proc(5)."""
    fields = read(pid, "stat").rpartition(b") ")[2].split()
    return sum(map(int, fields[11:15]))


def resident_bytes(pid: int) -> int:
    """Of this process alone; shared pages count as a whole."""
    fields = read(pid, "statm").split()
    return int(fields[1]) * _PAGE if fields else 0


def own_bytes(pid: int) -> int:
    """Of the whole tree, shared pages divided by who shares them (PSS)."""
    found = (re.search(rb"^Pss:\s+(\d+) kB", read(one, "smaps_rollup"), re.M) for one in tree(pid))
    return sum(int(one[1]) * 1024 for one in found if one)


def child_with(words: str) -> int:
    """Our own child whose arguments hold these words."""
    (found,) = [
        one
        for one in descendants_of(frozenset({os.getpid()}))
        if words in program(one) and _is_eldest(one, words)
    ]
    return found


def _is_eldest(pid: int, words: str) -> bool:
    """gunicorn's processes have the arguments of their parent."""
    parent = int(read(pid, "stat").rpartition(b") ")[2].split()[1])
    return words not in program(parent)
