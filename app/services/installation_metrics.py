"""What keeps an installation going, as Prometheus metrics: background jobs, the audit log, our clock. docs/monitoring.md."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from app.ports.jobs import JobState

_PREFIX = "blauwe_knop"


@dataclass(frozen=True, slots=True)
class InstallationFigures:
    """`overdue`: per job that this installation has, whether it did not succeed for ten of its periods (never is overdue too).
    `audit_intact`: how the last look at the whole audit log ended. `certificates`: by connection and role, when a certificate of
    ours for log-ins ends; None when it cannot be read."""

    now: datetime
    jobs: Sequence[JobState]
    overdue: Mapping[str, bool]
    audit_intact: bool
    certificates: Mapping[tuple[str, str], datetime | None] = field(default_factory=dict)


def render_installation_metrics(figures: InstallationFigures) -> bytes:
    """Text exposition format, version 0.0.4, to put behind the other metrics."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Installation(figures))
    return generate_latest(registry)


class _Installation(Collector):
    def __init__(self, figures: InstallationFigures) -> None:
        self._figures = figures

    def collect(self) -> Iterable[Metric]:
        figures = self._figures
        yield _gauge("clock_timestamp_seconds", "What time it is by our clock", {"": figures.now.timestamp()})
        yield _gauge(
            "audit_log_intact",
            "1: the last look at the whole audit log found nothing wrong",
            {"": figures.audit_intact},
        )
        succeeded = {one.name: one.succeeded_at.timestamp() for one in figures.jobs if one.succeeded_at}
        yield _gauge(
            "job_last_success_timestamp_seconds", "When a background job last succeeded", succeeded, "job"
        )
        failed = {one.name: one.failed_at.timestamp() for one in figures.jobs if one.failed_at}
        yield _gauge("job_last_failure_timestamp_seconds", "When a background job last failed", failed, "job")
        yield _gauge(
            "job_overdue",
            "1: this job did not succeed for ten of its periods, or never",
            figures.overdue,
            "job",
        )
        yield from _certificates(figures.certificates)


def _certificates(ends: Mapping[tuple[str, str], datetime | None]) -> Iterator[Metric]:
    """A sample for each that there should be: one without an end can ring too."""
    named, labels = f"{_PREFIX}_login_certificate", ["connection", "role"]
    end = GaugeMetricFamily(
        f"{named}_expiry_timestamp_seconds", "End of a certificate of ours for log-ins", labels=labels
    )
    readable = GaugeMetricFamily(
        f"{named}_readable", "0: this certificate of ours for log-ins cannot be read", labels=labels
    )
    for (connection, role), ends_at in sorted(ends.items()):
        readable.add_metric([connection, role], ends_at is not None)
        if ends_at is not None:
            end.add_metric([connection, role], ends_at.timestamp())
    yield from (end, readable)


def _gauge(title: str, meaning: str, values: Mapping[str, float], label: str | None = None) -> Metric:
    family = GaugeMetricFamily(f"{_PREFIX}_{title}", meaning, labels=[label] if label else [])
    for name, value in sorted(values.items()):
        family.add_metric([name] if label else [], value)
    return family
