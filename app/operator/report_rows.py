"""Reports of citizens that are on their way, or were given up: one row per source."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from app.documents import formatting
from app.ports.error_reports import ReportFigures
from app.services.monitor_words import RESULT_WORDS
from app.services.report_delivery import UNREADABLE, is_stuck

_PROBLEMS = {result.value: words for result, words in RESULT_WORDS.items()} | {
    "": "nog niet geprobeerd",
    UNREADABLE: "niet meer te lezen: de opslagsleutel is weg",
}


@dataclass(frozen=True, slots=True)
class ReportRow:
    source_id: str
    waiting: int
    oldest: str
    problem: str
    given_up: int
    given_up_at: str
    needs_attention: bool


def report_rows(figures: Iterable[ReportFigures], now: datetime) -> tuple[ReportRow, ...]:
    return tuple(
        ReportRow(
            one.source_id,
            one.waiting,
            formatting.moment(one.oldest_at) if one.oldest_at else "",
            _PROBLEMS.get(one.problem, one.problem),
            one.given_up,
            formatting.moment(one.given_up_at) if one.given_up_at else "",
            is_stuck(one, now),
        )
        for one in figures
    )
