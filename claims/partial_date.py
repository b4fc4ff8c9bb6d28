"""A date of which the day, or the day and the month, may be unknown: some sources deliver those."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

_TEXT = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


@dataclass(frozen=True, slots=True)
class PartialDate:
    """Year, perhaps month, perhaps day."""

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        """Raises ValueError for a date that cannot exist or a day without a month."""
        if self.day is not None and self.month is None:
            raise ValueError("a day needs a month")
        date(self.year, self.month or 1, self.day or 1)

    @classmethod
    def of(cls, day: date) -> PartialDate:
        return cls(day.year, day.month, day.day)

    @classmethod
    def parse(cls, text: str) -> PartialDate:
        """Read "2026", "2026-03" or "2026-03-31". Raises ValueError for anything else."""
        match = _TEXT.fullmatch(text)
        if match is None or not text.isascii():
            raise ValueError("not a date")
        month, day = (None if part is None else int(part) for part in match.group(2, 3))
        return cls(int(match[1]), month, day)

    @property
    def exact(self) -> date | None:
        """The date, when it is wholly known."""
        return None if self.month is None or self.day is None else date(self.year, self.month, self.day)

    @property
    def earliest(self) -> date:
        """The first day that it can be: what counts for "pay before"."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def latest(self) -> date:
        """The last day that it can be."""
        month = self.month or 12
        return date(self.year, month, self.day or monthrange(self.year, month)[1])

    def __str__(self) -> str:
        if self.month is None:
            return f"{self.year:04}"
        if self.day is None:
            return f"{self.year:04}-{self.month:02}"
        return f"{self.year:04}-{self.month:02}-{self.day:02}"
