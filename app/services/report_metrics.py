"""Reports of citizens on their way to the organisations, as Prometheus metrics. Explained in `docs/error-reports.md`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from app.ports.error_reports import ReportFigures


def render_report_metrics(figures: Sequence[ReportFigures]) -> bytes:
    """Text exposition format, version 0.0.4, to put behind the other metrics."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Reports(figures))
    return generate_latest(registry)


class _Reports(Collector):
    def __init__(self, figures: Sequence[ReportFigures]) -> None:
        self._figures = figures

    def collect(self) -> Iterable[Metric]:
        waiting = _gauge("waiting", "Reports of citizens that are not delivered yet")
        oldest = _gauge("oldest_waiting_timestamp_seconds", "When the oldest of them was made")
        given_up = _gauge("given_up", "Reports of the last months that could not be delivered")
        for one in self._figures:
            waiting.add_metric([one.source_id], one.waiting)
            given_up.add_metric([one.source_id], one.given_up)
            if one.oldest_at is not None:
                oldest.add_metric([one.source_id], one.oldest_at.timestamp())
        yield from (waiting, oldest, given_up)


def _gauge(name: str, meaning: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"blauwe_knop_error_reports_{name}", meaning, labels=["source"])
