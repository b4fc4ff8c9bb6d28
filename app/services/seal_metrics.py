"""How many PDFs were sealed at which level, as a Prometheus metric. Explained in `docs/monitoring.md`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, Metric
from prometheus_client.registry import Collector

from app.ports.register import NOT_SEALED, SealedLevel

_LEVELS = ("B-B", "B-T", "B-LT")  # each holds what stands before it
# A counter that begins with its first failure does not rise for Prometheus: the alarm would miss exactly that one.
_NONE_YET = {
    SealedLevel(level, wanted): 0
    for number, wanted in enumerate(_LEVELS)
    for level in (NOT_SEALED, *_LEVELS[: number + 1])
}


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
        for sealed, documents in sorted({**_NONE_YET, **self._counts}.items(), key=str):
            if sealed.level == NOT_SEALED:
                failures.add_metric([sealed.wanted], documents)
            else:
                family.add_metric([sealed.level, sealed.wanted], documents)
        yield from (family, failures)
