"""Figures of a source, of which a test changes what matters to it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from app.ports.monitor import (
    DayFigures,
    Durations,
    MonitoredSource,
    MonitorFigures,
    PeriodFigures,
    SourceFigures,
)
from app.services.figure_counts import dutch_day
from sources.events import AskResult
from tests.support.web_claims import NOW


def period(
    seconds: float | None = None, findings: dict[str, int] | None = None, **results: int
) -> PeriodFigures:
    """Counts by the names of `AskResult`; every question took at most `seconds`, a bound of the histogram."""
    counts = {AskResult(name): number for name, number in results.items()}
    durations = Durations() if seconds is None else Durations({seconds: sum(results.values())}, 1.0)
    return PeriodFigures(counts, findings or {}, durations)


def source_figures(
    source_id: str = "belastingen", *, newest: tuple[PeriodFigures, ...] = (), **changes: Any
) -> SourceFigures:
    """31 days, of which the newest are stated. `last`, unless stated, is an hour ago for every class that occurs."""
    days = tuple(
        DayFigures(
            dutch_day(NOW) - timedelta(days=back), newest[back] if back < len(newest) else PeriodFigures()
        )
        for back in range(31)
    )
    last = {result: NOW - timedelta(hours=1) for day in newest for result in day.results}
    source = MonitoredSource(source_id, "Gemeente Voorbeeldstad", source_id.capitalize(), "fcid")
    return replace(SourceFigures(source, days, last=last), **changes)


@dataclass
class StatedMonitor:
    """Implements app.ports.monitor.DeliveryMonitor."""

    sources: tuple[SourceFigures, ...] = ()
    processes: int = 2

    def figures(self, now: datetime, days: int) -> MonitorFigures:
        cut = tuple(replace(source, days=source.days[:days]) for source in self.sources)
        return MonitorFigures(now, cut, self.processes)
