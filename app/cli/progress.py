"""A progress bar on a terminal, and nothing where nobody looks."""

from __future__ import annotations

from types import TracebackType
from typing import TextIO

_WIDTH = 40
_MOST_BAD_RECORDS = 20


class ProgressBar:
    """Draws only when the percentage changes. Bad records are named by their place, the first twenty; then only counted."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._on_terminal = out.isatty()
        self._percentage = -1
        self._bad = 0

    def __enter__(self) -> ProgressBar:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.clear()
        if self._bad > _MOST_BAD_RECORDS:
            self._out.write(f"and {self._bad - _MOST_BAD_RECORDS} more bad records\n")

    def show(self, done: int, whole: int) -> None:
        percentage = 100 if whole == 0 else min(100, done * 100 // whole)
        if self._on_terminal and percentage != self._percentage:
            self._percentage = percentage
            filled = "#" * (percentage * _WIDTH // 100)
            self._out.write(f"\r[{filled:<{_WIDTH}}] {percentage:3}%")
            self._out.flush()

    def note_bad_record(self, place: str, problem: str) -> None:
        self._bad += 1
        if self._bad <= _MOST_BAD_RECORDS:
            self.clear()
            self._out.write(f"{place}: {problem}\n")

    def clear(self) -> None:
        """Take the bar away, so that a line can be printed."""
        if self._on_terminal:
            self._out.write("\r\x1b[K")
            self._percentage = -1
