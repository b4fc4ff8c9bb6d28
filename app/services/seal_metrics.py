"""How many PDFs were sealed at which level, as a Prometheus metric. Explained in `docs/monitoring.md`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, Metric
from prometheus_client.registry import Collector

from app.ports.register import NOT_SEALED, SealedLevel


def render_seal_metrics(counts: Mapping[SealedLevel, int]) -> bytes:
    """Text exposition format, version 0.0.4, to put behind the other metrics."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Seals(counts))
    return generate_latest(registry)


class _Seals(Collector):
    def __init__(self, counts: Mapping[SealedLevel, int]) -> None:
        self._counts = counts

    def collect(self) -> Iterable[Metric]:
        family = CounterMetricFamily(
            "blauwe_knop_sealed_documents",
            "PDFs sealed, by level of PAdES and the level that was wanted",
            labels=["level", "wanted"],
        )
        failures = CounterMetricFamily(
            "blauwe_knop_seal_failures",
            "Documents that were not handed out because sealing failed",
            labels=["wanted"],
        )
        for sealed, documents in sorted(self._counts.items(), key=str):
            if sealed.level == NOT_SEALED:
                failures.add_metric([sealed.wanted], documents)
            else:
                family.add_metric([sealed.level, sealed.wanted], documents)
        yield from (family, failures)
