"""The delivery monitor: how every source does, from the counts that all processes keep in one place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from app.ports.figures import FigureStore, ProcessState, StoredFigures
from app.ports.monitor import (
    Circuit,
    DayFigures,
    MonitoredSource,
    MonitorFigures,
    PeriodFigures,
    SourceFigures,
)
from app.services.figure_counts import dutch_day
from sources.ports import BatchStore

# Four signs of life that fail to come (see figure_recorder) mean that the process is gone.
DEAD_AFTER = timedelta(minutes=2)


class Monitor:
    """Implements app.ports.monitor.DeliveryMonitor."""

    def __init__(
        self, sources: Callable[[], Sequence[MonitoredSource]], store: FigureStore, batches: BatchStore
    ) -> None:
        """`sources` is asked anew each time: lists of organisations change."""
        self._sources, self._store, self._batches = sources, store, batches

    def figures(self, now: datetime, days: int) -> MonitorFigures:
        """The figures of the last `days` days, today included. Raises StorageUnavailable."""
        today = dutch_day(now)
        window = [today - timedelta(days=back) for back in range(days)]
        stored = self._store.read(window[-1], now - DEAD_AFTER)
        sources = tuple(self._of_source(source, stored, window, now) for source in self._sources())
        return MonitorFigures(now, sources, len(stored.processes))

    def _of_source(
        self, source: MonitoredSource, stored: StoredFigures, window: Sequence[date], now: datetime
    ) -> SourceFigures:
        source_id = source.source_id
        return SourceFigures(
            source=source,
            days=tuple(DayFigures(day, stored.days.get((source_id, day), PeriodFigures())) for day in window),
            total=stored.totals.get(source_id, PeriodFigures()),
            last=stored.last.get(source_id, {}),
            certificates=tuple(stored.certificates.get(source_id, ())),
            circuit=_circuit(source_id, stored.processes),
            batch_as_of=self._as_of(source.batch_name, now),
            index_as_of=self._as_of(source.index_name, now),
        )

    def _as_of(self, stored_as: str | None, now: datetime) -> datetime | None:
        age = None if stored_as is None else self._batches.age(stored_as, now)
        return None if age is None else now - age


def purge_figures(store: FigureStore, now: datetime, keep: timedelta) -> int:
    """Delete days that are older than `keep`, and processes that are gone. Returns how many rows went."""
    return store.purge(dutch_day(now - keep), now - DEAD_AFTER)


def _circuit(source_id: str, processes: Sequence[ProcessState]) -> Circuit:
    until = [process.circuits[source_id] for process in processes if source_id in process.circuits]
    return Circuit(len(until), len(processes), max(until, default=None))
