"""A pytest plugin that prints which files of tests took the most processor time, with the programs that they started:
`-p scripts.processor_time`. On Linux only.

Unlike time on the clock it says the same on a busy machine, and it does not forget the programs that ran beside the tests.
"""

from __future__ import annotations

import ctypes
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

_SET_CHILD_SUBREAPER = 36  # prctl(2)
_TICKS = os.sysconf("SC_CLK_TCK")
_AT_LEAST_S = 1.0


def pytest_configure(config: pytest.Config) -> None:
    # Programs that let go of their parent become our children, and are counted.
    ctypes.CDLL(None).prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    config.pluginmanager.register(_Meter())


class _Meter:
    def __init__(self) -> None:
        self._spent: Counter[str] = Counter()
        self._before = 0.0

    def pytest_runtest_logstart(self) -> None:
        if not self._spent:
            self._note("(reading the tests)")

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
        result = yield
        if nextitem is None or nextitem.path != item.path:
            self._note(item.nodeid.partition("::")[0])
        return result

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        self._note("(tidying up)")
        terminalreporter.section("seconds of processor time")
        for name, seconds in self._spent.most_common():
            if seconds >= _AT_LEAST_S:
                terminalreporter.line(f"{seconds:8.1f} {name}")
        terminalreporter.line(f"{self._spent.total():8.1f} together")

    def _note(self, name: str) -> None:
        now = _of_all()
        self._spent[name] += now - self._before
        self._before = now


def _of_all() -> float:
    """Seconds that this process and all programs below it took until now, also those that have ended."""
    parents, ticks = {}, {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            fields = _fields(folder)
            if fields:
                parents[folder.name] = fields[1]
                ticks[folder.name] = sum(int(field) for field in fields[11:15])
    return sum(ticks[one] for one in ticks if _is_ours(one, parents)) / _TICKS


def _fields(folder: Path) -> list[str]:
    """Of proc_pid_stat(5), from the state on; none when the process is gone."""
    try:
        return (folder / "stat").read_text("utf-8", "replace").rpartition(") ")[2].split()
    except OSError:
        return []


def _is_ours(process: str, parents: dict[str, str]) -> bool:
    while process in parents:
        if process == str(os.getpid()):
            return True
        process = parents[process]
    return False
