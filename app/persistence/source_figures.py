"""Figures of the delivery monitor, added to by every process that asks sources.

Each count is kept twice: under its day, and under `EVER`, which is never deleted. So totals only grow, as Prometheus
wants of counters, and reading them costs the same however long the days are kept.

Rows are written in one order, table by table and sorted by key, so that processes wait for each other but never lock
each other out for good.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Table, delete, insert
from sqlalchemy.dialects import postgresql, sqlite

from app.persistence.engine import Database
from app.persistence.figure_rows import (
    EVER,
    Row,
    certificate_rows,
    duration_rows,
    finding_rows,
    moment_rows,
    read_figures,
    result_rows,
)
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

_COUNTS = (source_results, source_findings, source_durations)


class SqlSourceFigures:
    """Implements app.ports.figures.FigureStore."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, tally: Tally, process: ProcessState) -> None:
        with self._database.write() as connection:
            _increase(connection, source_results, result_rows(tally))
            _increase(connection, source_findings, finding_rows(tally))
            _increase(connection, source_durations, duration_rows(tally))
            _keep_latest(connection, source_moments, moment_rows(tally), "asked_at")
            _keep_latest(connection, source_certificates, certificate_rows(tally), "seen_at")
            _note_process(connection, process)

    def leave(self, process_id: str) -> None:
        with self._database.write() as connection:
            connection.execute(delete(asking_processes).where(asking_processes.c.process_id == process_id))

    def read(self, since: date, alive_since: datetime) -> StoredFigures:
        with self._database.read() as connection:
            return read_figures(connection, since, alive_since)

    def purge(self, before: date, dead_since: datetime) -> int:
        statements = [delete(t).where(t.c.asked_on < before, t.c.asked_on != EVER) for t in _COUNTS]
        statements.append(delete(asking_processes).where(asking_processes.c.seen_at < dead_since))
        with self._database.write() as connection:
            return sum(connection.execute(statement).rowcount for statement in statements)


def _upsert(connection: Connection, table: Table) -> Any:
    """Both databases have the same ON CONFLICT, each behind an `insert` of its own."""
    return (sqlite if connection.dialect.name == "sqlite" else postgresql).insert(table)


def _increase(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Add the numbers of each row to what is there."""
    if not rows:
        return
    statement = _upsert(connection, table)
    numbers = [column.name for column in table.columns if not column.primary_key]
    added = {name: table.c[name] + statement.excluded[name] for name in numbers}
    connection.execute(
        statement.on_conflict_do_update(index_elements=list(table.primary_key), set_=added), rows
    )


def _keep_latest(connection: Connection, table: Table, rows: Sequence[Row], moment: str) -> None:
    """Replace each row that is older by `moment`."""
    if not rows:
        return
    statement = _upsert(connection, table)
    new = {column.name: statement.excluded[column.name] for column in table.columns if not column.primary_key}
    newer = statement.excluded[moment] > table.c[moment]
    connection.execute(
        statement.on_conflict_do_update(index_elements=list(table.primary_key), set_=new, where=newer), rows
    )


def _note_process(connection: Connection, process: ProcessState) -> None:
    """Only this process writes these rows."""
    row = {"process_id": process.process_id, "started_at": process.started_at, "seen_at": process.seen_at}
    _keep_latest(connection, asking_processes, [row], "seen_at")
    own = open_circuits.c.process_id == process.process_id
    connection.execute(delete(open_circuits).where(own))
    circuits = [
        {"process_id": process.process_id, "source_id": source_id, "open_until": until}
        for source_id, until in sorted(process.circuits.items())
    ]
    if circuits:
        connection.execute(insert(open_circuits), circuits)
