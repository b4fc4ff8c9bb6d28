"""The monitor of the sources: what is wrong, before a citizen meets it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import structlog
from flask import abort, render_template
from flask.typing import ResponseReturnValue

from app.documents import formatting
from app.http.routes import Access
from app.operator.access import Pages
from app.operator.report_rows import report_rows
from app.operator.services import OperatorServices
from app.operator.source_rows import moment, period_row, source_row
from app.ports.monitor import SourceFigures
from app.services.monitor_words import RESULT_WORDS
from app.services.source_state import of_last

WEEK, WINDOW = 7, 31


@dataclass(frozen=True, slots=True)
class Outcome:
    """How often one class occurred, and when last."""

    today: int
    week: int
    window: int
    words: str
    last: str


@dataclass(frozen=True)
class MonitorPages:
    services: OperatorServices

    def register(self, pages: Pages) -> None:
        pages.add(Access.OPERATOR, "/", "monitor", self.monitor)
        pages.add(Access.OPERATOR, "/bronnen/<source_id>", "source", self.source)

    def monitor(self) -> ResponseReturnValue:
        """All sources; those that need attention first."""
        now = self.services.clock.now()
        figures = self.services.monitor.figures(now, WEEK)
        rows = [source_row(source, now) for source in figures.sources]
        rows.sort(key=lambda row: not row.needs_attention)
        return render_template(
            "operator/monitor.html",
            rows=rows,
            attention=[row for row in rows if row.needs_attention],
            processes=figures.processes,
            made_at=formatting.moment(figures.made_at),
            reports=report_rows(self.services.reports(), now),
        )

    def source(self, source_id: str) -> ResponseReturnValue:
        """One source, with its days."""
        now = self.services.clock.now()
        figures = self.services.monitor.figures(now, WINDOW)
        found = next((one for one in figures.sources if one.source.source_id == source_id), None)
        if found is None:
            abort(404)
        structlog.contextvars.bind_contextvars(source_id=source_id)
        return render_template(
            "operator/source.html",
            row=source_row(found, now),
            outcomes=_outcomes(found, now),
            findings=period_row(of_last(found, WINDOW)).findings,
            days=[(formatting.day(day.on), period_row(day.figures)) for day in found.days],
            made_at=formatting.moment(figures.made_at),
        )


def _outcomes(figures: SourceFigures, now: datetime) -> list[Outcome]:
    """Every class that ever occurred."""
    today, week, window = (of_last(figures, days).results for days in (1, WEEK, WINDOW))
    return [
        Outcome(
            today.get(result, 0),
            week.get(result, 0),
            window.get(result, 0),
            words,
            moment(figures.last.get(result), now),
        )
        for result, words in RESULT_WORDS.items()
        if result in figures.last
    ]
