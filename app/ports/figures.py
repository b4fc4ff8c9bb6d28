"""Where the figures of the delivery monitor are kept, and what goes in: counts per source and Dutch calendar day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from app.ports.monitor import Certificate, PeriodFigures
from sources.events import AskResult, CertificateRole


@dataclass(frozen=True, slots=True)
class Tally:
    """What one process counted since it last wrote. Durations: bound to number of questions and sum of seconds."""

    results: Mapping[tuple[str, date, AskResult], int] = field(default_factory=dict)
    findings: Mapping[tuple[str, date, str], int] = field(default_factory=dict)
    durations: Mapping[tuple[str, date, float], tuple[int, float]] = field(default_factory=dict)
    last: Mapping[tuple[str, AskResult], datetime] = field(default_factory=dict)
    certificates: Mapping[tuple[str, CertificateRole], tuple[datetime, datetime]] = field(
        default_factory=dict
    )


@dataclass(frozen=True, slots=True)
class ProcessState:
    """A sign of life of one process. `circuits`: the sources that it leaves alone, and until when."""

    process_id: str
    started_at: datetime
    seen_at: datetime
    circuits: Mapping[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StoredFigures:
    """Everything in the store, by source id. `days` holds only days on which something was counted."""

    days: Mapping[tuple[str, date], PeriodFigures]
    totals: Mapping[str, PeriodFigures]
    last: Mapping[str, Mapping[AskResult, datetime]]
    certificates: Mapping[str, Sequence[Certificate]]
    processes: Sequence[ProcessState]


class FigureStore(Protocol):
    """Shared by every process. Raises StorageUnavailable from every method."""

    def add(self, tally: Tally, process: ProcessState) -> None:
        """Count it all, or nothing, and note the sign of life, in one short transaction."""

    def leave(self, process_id: str) -> None:
        """The process ends: forget its circuits."""

    def read(self, since: date, alive_since: datetime) -> StoredFigures:
        """Days from `since` on; processes that were seen after `alive_since`."""

    def purge(self, before: date, dead_since: datetime) -> int:
        """Forget days before `before` (their counts stay in the totals) and processes that are dead. Returns how many
        rows went."""
