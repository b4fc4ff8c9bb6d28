"""Rows of the delivery monitor's tables, from and to the records of the ports. Rows come sorted by key."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Table, or_, select

from app.persistence.tables import (
    asking_processes,
    open_circuits,
    source_certificates,
    source_durations,
    source_findings,
    source_moments,
    source_results,
)
from app.ports.figures import ProcessState, StoredFigures, Tally
from app.ports.monitor import Certificate, Durations, PeriodFigures
from sources.events import AskResult, CertificateRole

Row = dict[str, Any]
_Key = TypeVar("_Key")
_Value = TypeVar("_Value")
EVER = date(1970, 1, 1)
_NO_BOUND_MS = 2_147_483_647


def result_rows(tally: Tally) -> list[Row]:
    return [
        {"source_id": source_id, "asked_on": day, "result": result.value, "questions": questions}
        for (source_id, day, result), questions in _twice(tally.results)
    ]


def finding_rows(tally: Tally) -> list[Row]:
    return [
        {"source_id": source_id, "asked_on": day, "rule": rule, "answers": answers}
        for (source_id, day, rule), answers in _twice(tally.findings)
    ]


def duration_rows(tally: Tally) -> list[Row]:
    return [
        {
            "source_id": source_id,
            "asked_on": day,
            "up_to_ms": _NO_BOUND_MS if math.isinf(bound) else round(bound * 1000),
            "questions": questions,
            "total_ms": round(seconds * 1000),
        }
        for (source_id, day, bound), (questions, seconds) in _twice(tally.durations)
    ]


def moment_rows(tally: Tally) -> list[Row]:
    return [
        {"source_id": source_id, "result": result.value, "asked_at": moment}
        for (source_id, result), moment in sorted(tally.last.items())
    ]


def certificate_rows(tally: Tally) -> list[Row]:
    return [
        {"source_id": source_id, "role": role.value, "expires_at": expires_at, "seen_at": seen_at}
        for (source_id, role), (expires_at, seen_at) in sorted(tally.certificates.items())
    ]


def _twice(counts: Mapping[tuple[str, date, _Key], _Value]) -> list[tuple[tuple[str, date, _Key], _Value]]:
    """Each count under its day and under EVER."""
    both = [
        ((source_id, day, key), count) for (source_id, on, key), count in counts.items() for day in (on, EVER)
    ]
    return sorted(both, key=lambda item: item[0])


@dataclass
class _Period:
    results: dict[AskResult, int] = field(default_factory=dict)
    findings: dict[str, int] = field(default_factory=dict)
    buckets: dict[float, int] = field(default_factory=dict)
    total_ms: int = 0

    def frozen(self) -> PeriodFigures:
        return PeriodFigures(self.results, self.findings, Durations(self.buckets, self.total_ms / 1000))


def read_figures(connection: Connection, since: date, alive_since: datetime) -> StoredFigures:
    """Everything of the monitor, in one transaction of the caller."""
    periods = {key: period.frozen() for key, period in _periods(connection, since).items()}
    return StoredFigures(
        days={key: period for key, period in periods.items() if key[1] != EVER},
        totals={source_id: period for (source_id, day), period in periods.items() if day == EVER},
        last=_moments(connection),
        certificates=_certificates(connection),
        processes=tuple(_processes(connection, alive_since)),
    )


def _periods(connection: Connection, since: date) -> Mapping[tuple[str, date], _Period]:
    found: dict[tuple[str, date], _Period] = defaultdict(_Period)
    for row in _rows(connection, source_results, since):
        found[row.source_id, row.asked_on].results[AskResult(row.result)] = row.questions
    for row in _rows(connection, source_findings, since):
        found[row.source_id, row.asked_on].findings[row.rule] = row.answers
    for row in _rows(connection, source_durations, since):
        period = found[row.source_id, row.asked_on]
        bound = math.inf if row.up_to_ms == _NO_BOUND_MS else row.up_to_ms / 1000
        period.buckets[bound] = row.questions
        period.total_ms += row.total_ms
    return found


def _rows(connection: Connection, table: Table, since: date) -> Sequence[Any]:
    wanted = or_(table.c.asked_on >= since, table.c.asked_on == EVER)
    return connection.execute(select(table).where(wanted).order_by(*table.primary_key)).all()


def _moments(connection: Connection) -> Mapping[str, Mapping[AskResult, datetime]]:
    found: dict[str, dict[AskResult, datetime]] = defaultdict(dict)
    for row in connection.execute(select(source_moments)).all():
        found[row.source_id][AskResult(row.result)] = row.asked_at
    return found


def _certificates(connection: Connection) -> Mapping[str, Sequence[Certificate]]:
    found: dict[str, list[Certificate]] = defaultdict(list)
    query = select(source_certificates).order_by(*source_certificates.primary_key)
    for row in connection.execute(query).all():
        certificate = Certificate(CertificateRole(row.role), row.expires_at, row.seen_at)
        found[row.source_id].append(certificate)
    return found


def _processes(connection: Connection, alive_since: datetime) -> Iterator[ProcessState]:
    circuits: dict[str, dict[str, datetime]] = defaultdict(dict)
    for row in connection.execute(select(open_circuits)).all():
        circuits[row.process_id][row.source_id] = row.open_until
    alive = select(asking_processes).where(asking_processes.c.seen_at > alive_since)
    for row in connection.execute(alive.order_by(asking_processes.c.process_id)).all():
        yield ProcessState(row.process_id, row.started_at, row.seen_at, circuits[row.process_id])
