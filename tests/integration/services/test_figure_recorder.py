"""Figures reach the database by themselves, wait while it is away, and never hold up who asks."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.persistence.engine import Database, open_database
from app.persistence.migrations import upgrade
from app.persistence.source_figures import SqlSourceFigures
from app.ports.figures import StoredFigures
from app.ports.monitor import MonitoredSource
from app.services.figure_recorder import FigureRecorder
from app.services.monitor import DEAD_AFTER, Monitor
from sources.events import AskedEvent, AskResult, CertificateRole
from sources.ports import NoBatchStore
from tests.support.clock import FrozenClock
from tests.support.databases import migrated_sqlite
from tests.support.waiting import wait_until

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ASKED = AskedEvent("a", NOON, AskResult.CLAIMS, 0.2, frozenset({"rule"}))


@pytest.fixture
def url(tmp_path: Path) -> str:
    return migrated_sqlite(tmp_path / "figures.sqlite3")


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    opened = open_database(url)
    yield opened
    opened.close()


@pytest.fixture
def recorder(database: Database) -> Iterator[FigureRecorder]:
    made = FigureRecorder(SqlSourceFigures(database), FrozenClock(NOON))
    yield made
    made.close()


def read(database: Database) -> StoredFigures:
    return SqlSourceFigures(database).read(NOON.date(), NOON - DEAD_AFTER)


def wait_for_questions(database: Database, count: int) -> StoredFigures:
    def are_there() -> bool:
        totals = read(database).totals
        return "a" in totals and totals["a"].questions == count

    wait_until(are_there, f"not {count} questions")
    return read(database)


def test_figures_arrive_by_themselves(recorder: FigureRecorder, database: Database) -> None:
    recorder.certificate("a", CertificateRole.SERVER, NOON + timedelta(days=9))
    recorder.circuit("a", 60)
    recorder.asked(ASKED)
    found = wait_for_questions(database, 1)
    assert found.certificates["a"][0].expires_at == NOON + timedelta(days=9)
    [process] = found.processes
    assert process.circuits == {"a": NOON + timedelta(seconds=60)}
    recorder.circuit("a", None)
    recorder.asked(ASKED)
    found = wait_for_questions(database, 2)
    assert [one.circuits for one in found.processes] == [{}]
    assert found.processes[0].process_id == process.process_id


def test_whoever_tells_something_never_waits_for_the_database(
    recorder: FigureRecorder, database: Database
) -> None:
    with database.write():  # nobody else can write until this ends
        for _ in range(1000):
            recorder.asked(ASKED)
    assert wait_for_questions(database, 1000).totals["a"].findings == {"rule": 1000}


def test_counts_wait_for_a_database_that_is_away(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'later' / 'figures.sqlite3'}"
    database = open_database(url)
    recorder = FigureRecorder(SqlSourceFigures(database), FrozenClock(NOON))
    recorder.asked(ASKED)
    assert not recorder.write()
    recorder.asked(ASKED)
    assert not recorder.write()
    (tmp_path / "later").mkdir()
    upgrade(url)
    recorder.asked(ASKED)
    recorder.close()
    assert read(database).totals["a"].results == {AskResult.CLAIMS: 3}
    assert read(database).totals["a"].durations.questions == 3
    database.close()


def test_an_orderly_end_writes_the_last_counts_and_takes_the_circuits_along(database: Database) -> None:
    recorder = FigureRecorder(SqlSourceFigures(database), FrozenClock(NOON))
    recorder.circuit("a", 60)
    recorder.asked(ASKED)
    recorder.close()
    assert read(database).totals["a"].questions == 1
    assert read(database).processes == ()


def test_two_processes_that_differ_about_a_circuit_are_both_told(database: Database) -> None:
    store, clock = SqlSourceFigures(database), FrozenClock(NOON)
    recorders = [FigureRecorder(store, clock) for _ in range(2)]
    recorders[0].circuit("a", 30)
    recorders[1].asked(ASKED)
    for recorder in recorders:
        assert recorder.write()
    monitor = Monitor(lambda: [MonitoredSource("a", "Gemeente A")], store, NoBatchStore())
    [source] = monitor.figures(NOON, 1).sources
    assert (source.circuit.open_in, source.circuit.processes) == (1, 2)
    assert source.circuit.open_until == NOON + timedelta(seconds=30)
    [source] = monitor.figures(NOON + DEAD_AFTER, 1).sources
    assert (source.circuit.open_in, source.circuit.processes) == (0, 0)
    for recorder in recorders:
        recorder.close()
