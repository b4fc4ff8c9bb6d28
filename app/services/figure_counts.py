"""What one process counts between two writes; bounded by the number of sources, days, classes and rules."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter
from datetime import date, datetime

from app.documents.formatting import in_amsterdam
from app.ports.figures import Tally
from app.ports.monitor import BUCKET_BOUNDS
from sources.events import AskedEvent, AskResult, CertificateRole

_BOUNDS = (*BUCKET_BOUNDS, math.inf)


def dutch_day(moment: datetime) -> date:
    """The day under which something is counted."""
    return in_amsterdam(moment).date()


class FigureCounts:
    """Not safe to share between threads."""

    def __init__(self) -> None:
        self._results: Counter[tuple[str, date, AskResult]] = Counter()
        self._findings: Counter[tuple[str, date, str]] = Counter()
        self._durations: dict[tuple[str, date, float], tuple[int, float]] = {}
        self._last: dict[tuple[str, AskResult], datetime] = {}
        self._certificates: dict[tuple[str, CertificateRole], tuple[datetime, datetime]] = {}

    def count(self, event: AskedEvent) -> None:
        source_id, day = event.source_id, dutch_day(event.asked_at)
        self._results[source_id, day, event.result] += 1
        self._findings.update((source_id, day, rule) for rule in event.findings)
        self._note_last((source_id, event.result), event.asked_at)
        if event.seconds is not None:
            bound = _BOUNDS[bisect_left(_BOUNDS, event.seconds)]
            self._add_duration((source_id, day, bound), (1, event.seconds))

    def note_certificate(
        self, key: tuple[str, CertificateRole], expires_at: datetime, seen_at: datetime
    ) -> None:
        known = self._certificates.get(key)
        if known is None or known[1] <= seen_at:
            self._certificates[key] = expires_at, seen_at

    def add(self, tally: Tally) -> None:
        """Count again what could not be written."""
        self._results.update(tally.results)
        self._findings.update(tally.findings)
        for key, duration in tally.durations.items():
            self._add_duration(key, duration)
        for last, moment in tally.last.items():
            self._note_last(last, moment)
        for certificate, (expires_at, seen_at) in tally.certificates.items():
            self.note_certificate(certificate, expires_at, seen_at)

    def tally(self) -> Tally:
        """Shares its contents: count no more afterwards."""
        return Tally(self._results, self._findings, self._durations, self._last, self._certificates)

    def _add_duration(self, key: tuple[str, date, float], duration: tuple[int, float]) -> None:
        questions, seconds = self._durations.get(key, (0, 0.0))
        self._durations[key] = questions + duration[0], seconds + duration[1]

    def _note_last(self, key: tuple[str, AskResult], moment: datetime) -> None:
        self._last[key] = max(moment, self._last.get(key, moment))
