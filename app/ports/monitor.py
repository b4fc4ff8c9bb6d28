"""The figures of the delivery monitor: the page, the command and the metrics all print these very records.

Every figure is explained in `docs/monitoring.md`. Days are calendar days in the Netherlands.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Protocol

from sources.events import ANSWERS, FAILURES, NOT_ASKED, AskResult, CertificateRole

# Upper bounds of the duration histogram, in seconds. Questions that took longer fall in the last, unbounded bucket.
BUCKET_BOUNDS = (0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 7.5, 10.0, 15.0, 20.0, 30.0)


@dataclass(frozen=True, slots=True)
class Durations:
    """A histogram: how many questions took at most `bound` seconds and more than the bound before it. The last bound
    is infinite. `total_seconds` is the sum of all."""

    counts: Mapping[float, int] = field(default_factory=dict)
    total_seconds: float = 0.0

    @property
    def questions(self) -> int:
        return sum(self.counts.values())

    def quantile(self, share: float) -> float | None:
        """An estimate in seconds, None without questions: even spread inside a bucket, as `histogram_quantile` of
        Prometheus. What lies in the unbounded bucket counts as the last bound, so it is "at least" there."""
        rank, below = share * self.questions, 0
        for bound, count in sorted(self.counts.items()):
            if count and below + count >= rank:
                lower = max((known for known in BUCKET_BOUNDS if known < bound), default=0.0)
                inside = (rank - below) / count
                return lower if math.isinf(bound) else min(bound, lower + (bound - lower) * inside)
            below += count
        return None

    @property
    def p50(self) -> float | None:
        return self.quantile(0.50)

    @property
    def p95(self) -> float | None:
        return self.quantile(0.95)

    @property
    def p99(self) -> float | None:
        return self.quantile(0.99)


@dataclass(frozen=True, slots=True)
class PeriodFigures:
    """Counts of one source over some time. A class or rule that is absent did not occur. `findings`: in how many
    answers a rule was broken."""

    results: Mapping[AskResult, int] = field(default_factory=dict)
    findings: Mapping[str, int] = field(default_factory=dict)
    durations: Durations = Durations()

    def _sum(self, classes: frozenset[AskResult]) -> int:
        return sum(self.results.get(result, 0) for result in classes)

    @property
    def questions(self) -> int:
        """All of them, also those that were not passed on or were cancelled."""
        return sum(self.results.values())

    @property
    def answers(self) -> int:
        return self._sum(ANSWERS)

    @property
    def failures(self) -> int:
        return self._sum(FAILURES)

    @property
    def not_asked(self) -> int:
        return self._sum(NOT_ASKED)

    @property
    def cancelled(self) -> int:
        return self.results.get(AskResult.CANCELLED, 0)


def added(periods: Iterable[PeriodFigures]) -> PeriodFigures:
    """Several periods as one."""
    results: Counter[AskResult] = Counter()
    findings: Counter[str] = Counter()
    buckets: Counter[float] = Counter()
    seconds = 0.0
    for period in periods:
        results.update(period.results)
        findings.update(period.findings)
        buckets.update(period.durations.counts)
        seconds += period.durations.total_seconds
    return PeriodFigures(results, findings, Durations(buckets, seconds))


@dataclass(frozen=True, slots=True)
class Certificate:
    """The certificate that was used last in this role, at `seen_at`."""

    role: CertificateRole
    expires_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Circuit:
    """In `open_in` of all `processes` that asked some source and are alive, this source is left alone; the last of
    them until `open_until` (after that moment the next question is a trial)."""

    open_in: int = 0
    processes: int = 0
    open_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class MonitoredSource:
    """A source as the settings file names it. `protocol` None: none is configured. `batch_name` and `index_name`: under
    which name the store keeps its deliveries and its reference index; None: it has none. `stale_after`: from which age
    on that file is too old."""

    source_id: str
    organisation: str
    department: str | None = None
    protocol: str | None = None
    connected: bool = True
    batch_name: str | None = None
    index_name: str | None = None
    stale_after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class DayFigures:
    on: date
    figures: PeriodFigures = PeriodFigures()


@dataclass(frozen=True, slots=True)
class SourceFigures:
    """`days`: every day of the window, newest first. `total`: since counting began, also days that are deleted.
    `last`: when a question that ended so was asked. `batch_as_of` and `index_as_of`: the moment of the data of the
    delivery that counts; None: there is none."""

    source: MonitoredSource
    days: tuple[DayFigures, ...]
    total: PeriodFigures = PeriodFigures()
    last: Mapping[AskResult, datetime] = field(default_factory=dict)
    certificates: tuple[Certificate, ...] = ()
    circuit: Circuit = Circuit()
    batch_as_of: datetime | None = None
    index_as_of: datetime | None = None

    @property
    def window(self) -> PeriodFigures:
        """All of `days` together."""
        return added(day.figures for day in self.days)

    @property
    def last_good_answer_at(self) -> datetime | None:
        """The last full answer: claims, or no claims."""
        return self._last(frozenset({AskResult.CLAIMS, AskResult.NO_CLAIMS}))

    @property
    def last_failure_at(self) -> datetime | None:
        return self._last(FAILURES)

    def _last(self, classes: frozenset[AskResult]) -> datetime | None:
        return max((at for result, at in self.last.items() if result in classes), default=None)


@dataclass(frozen=True, slots=True)
class MonitorFigures:
    """`processes`: how many that asked some source gave a sign of life in the last minutes."""

    made_at: datetime
    sources: tuple[SourceFigures, ...]
    processes: int = 0


class DeliveryMonitor(Protocol):
    def figures(self, now: datetime, days: int) -> MonitorFigures:
        """All configured sources, in the order of the settings; the last `days` days, today included. Raises
        StorageUnavailable."""
        ...
