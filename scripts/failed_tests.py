"""A pytest plugin that writes the names of failed tests into a file, one per line: `-p scripts.failed_tests --failed-tests=FILE`.

pytest's own cache would do, but it is switched off: tests write nothing into the repository.
"""

from __future__ import annotations

from pathlib import Path

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--failed-tests", metavar="FILE", help="write the names of failed tests into FILE")


def pytest_configure(config: pytest.Config) -> None:
    file = config.getoption("--failed-tests")
    if file:
        config.pluginmanager.register(_Writer(Path(file)))


class _Writer:
    def __init__(self, file: Path) -> None:
        self._file = file

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            with self._file.open("a", encoding="utf-8") as names:
                names.write(f"{report.nodeid}\n")
