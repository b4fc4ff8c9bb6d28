"""The figures of the delivery monitor as Prometheus metrics.

Counters and histograms are totals since counting began: they never fall, whatever days are deleted. What is not known
has no sample. Names follow https://prometheus.io/docs/practices/naming/; each is explained in `docs/monitoring.md`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import accumulate

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.metrics_core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from app.ports.monitor import BUCKET_BOUNDS, Durations, MonitorFigures, SourceFigures
from app.services.attention import Concern, concerns
from sources.events import AskResult

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_PREFIX = "blauwe_knop"


def render_metrics(figures: MonitorFigures, seal_expires_at: datetime | None = None) -> bytes:
    """The text exposition format, version 0.0.4 (CONTENT_TYPE). `seal_expires_at`: end of the seal certificate."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Figures(figures, seal_expires_at))
    return generate_latest(registry)


class _Figures(Collector):
    def __init__(self, figures: MonitorFigures, seal_expires_at: datetime | None) -> None:
        self._figures = figures
        self._seal_expires_at = seal_expires_at

    def collect(self) -> Iterable[Metric]:
        yield _seal(self._seal_expires_at)
        asked = tuple(source for source in self._figures.sources if source.source.connected)
        yield from _counts(asked)
        yield _durations(asked)
        yield from _moments(asked)
        yield from _circuits(asked)
        yield _attention(asked, self._figures.made_at)
        yield GaugeMetricFamily(
            f"{_PREFIX}_asking_processes",
            "Processes that asked some source and are alive",
            self._figures.processes,
        )


def _seal(expires_at: datetime | None) -> Metric:
    name, meaning = f"{_PREFIX}_seal_certificate_expiry_timestamp_seconds", "End of the seal certificate"
    family = GaugeMetricFamily(name, meaning, labels=[])
    if expires_at is not None:
        family.add_metric([], expires_at.timestamp())
    return family


def _counts(sources: Iterable[SourceFigures]) -> Iterator[Metric]:
    questions = CounterMetricFamily(
        f"{_PREFIX}_source_questions", "Questions by how they ended", labels=["source", "result"]
    )
    findings = CounterMetricFamily(
        f"{_PREFIX}_source_findings", "Answers in which this rule was broken", labels=["source", "rule"]
    )
    for source in sources:
        source_id = source.source.source_id
        for result in AskResult:
            questions.add_metric([source_id, result.value], source.total.results.get(result, 0))
        for rule, answers in sorted(source.total.findings.items()):
            findings.add_metric([source_id, rule], answers)
    yield questions
    yield findings


def _durations(sources: Iterable[SourceFigures]) -> Metric:
    family = HistogramMetricFamily(
        f"{_PREFIX}_source_duration_seconds", "How long a question took that ended", labels=["source"]
    )
    for source in sources:
        durations = source.total.durations
        family.add_metric([source.source.source_id], _buckets(durations), durations.total_seconds)
    return family


def _buckets(durations: Durations) -> list[tuple[str, float]]:
    """Cumulative, every bound that we use or used."""
    bounds = sorted({*BUCKET_BOUNDS, *durations.counts, math.inf})
    sums = accumulate(durations.counts.get(bound, 0) for bound in bounds)
    return [
        ("+Inf" if math.isinf(bound) else str(bound), total)
        for bound, total in zip(bounds, sums, strict=True)
    ]


def _moments(sources: Iterable[SourceFigures]) -> Iterator[Metric]:
    last = _gauge("last_result", "When the last question was asked that ended so", "result")
    good = _gauge("last_good_answer", "When the last question was asked that got a full answer")
    certificates = _gauge("certificate_expiry", "End of the certificate that was used last", "role")
    batches = _gauge("batch", "Moment of the data of the delivery that counts")
    indexes = _gauge("index", "Moment of the data of the reference index that counts")
    for source in sources:
        name = source.source.source_id
        for result, moment in sorted(source.last.items()):
            last.add_metric([name, result.value], moment.timestamp())
        for certificate in source.certificates:
            certificates.add_metric([name, certificate.role.value], certificate.expires_at.timestamp())
        _add_known(good, name, source.last_good_answer_at)
        _add_known(batches, name, source.batch_as_of)
        _add_known(indexes, name, source.index_as_of)
    yield from (last, good, certificates, batches, indexes)


def _gauge(name: str, meaning: str, *labels: str) -> GaugeMetricFamily:
    full_name = f"{_PREFIX}_source_{name}_timestamp_seconds"
    return GaugeMetricFamily(full_name, meaning, labels=["source", *labels])


def _add_known(gauge: GaugeMetricFamily, source_id: str, moment: datetime | None) -> None:
    if moment is not None:
        gauge.add_metric([source_id], moment.timestamp())


def _circuits(sources: Iterable[SourceFigures]) -> Iterator[Metric]:
    open_in = GaugeMetricFamily(
        f"{_PREFIX}_source_circuit_open_processes",
        "Processes that leave this source alone",
        labels=["source"],
    )
    for source in sources:
        open_in.add_metric([source.source.source_id], source.circuit.open_in)
    yield open_in


def _attention(sources: Iterable[SourceFigures], now: datetime) -> Metric:
    """A sample for every reason, so that an alarm sees it end too."""
    name, meaning = f"{_PREFIX}_source_attention", "1: for this reason somebody must look at the source"
    family = GaugeMetricFamily(name, meaning, labels=["source", "reason"])
    for source in sources:
        found = concerns(source, now)
        for concern in Concern:
            family.add_metric([source.source.source_id, concern.value], int(concern in found))
    return family
