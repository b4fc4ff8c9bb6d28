"""The audit log on both databases: appending together, refusing changes, purging."""

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.persistence.engine import Database
from app.ports.audit import Event, HeadKind
from app.ports.seals import JsonSeal
from app.ports.storage import StorageUnavailable
from app.services.audit_check import Problem, ProblemKind
from app.services.audit_keeping import was_intact
from tests.integration.persistence.appending_process import THREADS
from tests.support.audit import ANNA, BRAM, Logbook, make_logbook
from tests.support.clock import FrozenClock
from tests.support.waiting import PATIENCE_S

ROOT = Path(__file__).parents[3]
ROWS = 5
KEEP = timedelta(hours=2)


@pytest.fixture
def book(database: Database, tmp_path: Path) -> Logbook:
    """From yesterday morning on: heads of one day (UTC) take each other's place, so no test may go past midnight."""
    morning = (datetime.now(UTC) - timedelta(days=1)).replace(hour=8)
    return make_logbook(database, tmp_path, FrozenClock(morning))


def test_processes_and_threads_append_at_once_and_the_chain_holds(book: Logbook, url: str) -> None:
    program = "tests.integration.persistence.appending_process"
    command = [sys.executable, "-m", program, url, str(book.ring_file), str(ROWS)]
    processes = [subprocess.Popen(command, cwd=ROOT) for _ in range(2)]
    assert [process.wait(timeout=PATIENCE_S) for process in processes] == [0, 0]
    report = book.check()
    assert report.is_intact
    assert (report.rows, report.first, report.last) == (2 * THREADS * ROWS, 1, 2 * THREADS * ROWS)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_log SET object = 'x'",
        "UPDATE audit_log SET row_hash = row_hash",
        "DELETE FROM audit_log WHERE position = 2",
        "DELETE FROM audit_log",
    ],
)
def test_the_database_itself_refuses_to_change_or_delete_rows(book: Logbook, statement: str) -> None:
    book.log_in(ANNA, BRAM)
    with pytest.raises(DBAPIError, match="append-only"), book.database.write() as connection:
        connection.execute(text(statement))
    assert book.check().rows == 2


def test_postgresql_refuses_to_empty_the_table_too(book: Logbook) -> None:
    book.log_in(ANNA)
    with pytest.raises((DBAPIError, StorageUnavailable)), book.database.write() as connection:
        connection.execute(text("TRUNCATE audit_log"))  # for SQLite it is no statement at all
    assert book.check().rows == 1


def sealed(book: Logbook, *hours_later: float) -> None:
    """Two rows, sealed, after each so many hours."""
    for hours in hours_later:
        book.clock.advance(hours * 3600)
        book.log_in(ANNA, BRAM)
        book.keeper.seal_head(book.clock.now())


def test_after_a_purge_the_rest_of_the_chain_still_verifies(book: Logbook) -> None:
    sealed(book, 0, 1, 4)
    assert book.keeper.check_and_purge(book.clock.now(), KEEP) == 4
    report = book.check()
    assert report.is_intact
    assert (report.rows, report.first, report.last, report.purged_upto) == (4, 5, 8, 4)
    with book.log.view() as view:
        kept = [(head.kind, head.end.position) for head in view.heads]
        purged = [row.entry for row in view.rows(6)]
    assert kept == [(HeadKind.CHECKPOINT, 4), (HeadKind.HEAD, 6)]
    assert [(row.event, row.object) for row in purged if row] == [
        (Event.LOG_CHECKED, "audit_log"),
        (Event.LOG_PURGED, "1-4"),
    ]


def test_a_second_purge_goes_on_where_the_first_stopped(book: Logbook) -> None:
    sealed(book, 0, 3)
    assert book.keeper.check_and_purge(book.clock.now(), KEEP) == 2
    assert book.keeper.check_and_purge(book.clock.now(), KEEP) == 0
    sealed(book, 2.5)
    assert book.keeper.check_and_purge(book.clock.now(), KEEP) == 5
    report = book.check()
    assert report.is_intact
    assert (report.first, report.purged_upto) == (8, 7)


def test_a_worker_that_finds_the_purge_done_by_another_leaves_it_at_that(book: Logbook) -> None:
    sealed(book, 0, 0.5, 1, 2)
    now, first = book.clock.now(), book.keeper

    def seal_after_the_other() -> JsonSeal:
        assert first.check_and_purge(now, KEEP) > 0
        return first.seal()

    assert replace(first, seal=seal_after_the_other).check_and_purge(now, KEEP) == 0
    assert {problem.kind for problem in book.check().problems} <= {ProblemKind.NOT_SEALED}


def test_a_log_of_which_all_rows_were_purged_goes_on(book: Logbook) -> None:
    sealed(book, 0)
    book.clock.advance(4 * 3600)
    assert book.keeper.check_and_purge(book.clock.now(), KEEP) == 2
    report = book.check()
    assert report.is_intact
    assert (report.rows, report.first) == (2, 3)


def test_rows_removed_without_a_sealed_checkpoint_do_not_pass_for_a_purge(book: Logbook) -> None:
    sealed(book, 0, 3)
    book.tamper("DELETE FROM audit_log WHERE position <= 2")
    assert book.check().problems == (Problem(ProblemKind.MISSING, 1, 2),)
    book.tamper("UPDATE audit_heads SET kind = 'checkpoint'")
    assert ProblemKind.HEAD_UNSEALED in {problem.kind for problem in book.check().problems}


def test_a_checkpoint_that_was_deleted_is_missed(book: Logbook) -> None:
    sealed(book, 0, 3)
    book.keeper.check_and_purge(book.clock.now(), KEEP)
    book.tamper("DELETE FROM audit_heads WHERE kind = 'checkpoint'")
    assert Problem(ProblemKind.MISSING, 1, 2) in book.check().problems


def test_rows_that_were_made_to_look_old_are_not_purged(book: Logbook) -> None:
    sealed(book, 3)
    book.tamper("UPDATE audit_log SET ended_at = '2020-01-01 00:00:00.000000' WHERE position = 1")
    assert was_intact(book.log)
    assert book.keeper.check_and_purge(book.clock.now(), KEEP) == 0
    assert book.check().rows == 3
    assert not was_intact(book.log)


def test_rows_that_are_not_sealed_yet_are_not_purged(book: Logbook) -> None:
    book.log_in(ANNA)
    book.clock.advance(4 * 3600)
    assert book.keeper.check_and_purge(book.clock.now(), KEEP) == 0
    assert book.check().rows == 2
    assert was_intact(book.log)


def test_a_key_is_in_use_as_long_as_rows_under_it_are_kept(book: Logbook) -> None:
    sealed(book, 0)
    with book.ring_file.open("a") as ring:
        ring.write("second " + "B" * 43 + "=\n")
    assert book.log.used_keys() == {"first"}
    sealed(book, 3)
    assert book.log.used_keys() == {"first", "second"}
    book.keeper.check_and_purge(book.clock.now(), KEEP)
    assert book.log.used_keys() == {"second"}
