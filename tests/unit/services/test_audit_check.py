"""The audit log gives away whoever changes it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from app.documents import json as record
from app.ports.audit import AuditEntry, AuditRow, ChainEnd, HeadKind
from app.services.audit_check import Problem, ProblemKind, check
from app.services.audit_keeping import ChainBroken
from app.services.audit_statement import Statement
from tests.support.audit import ANNA, BRAM, Logbook, new_logbook, reader, town
from tests.support.clock import FrozenClock

K = ProblemKind
COPY = (
    "INSERT INTO audit_log SELECT {to}, event, result, origin, actor_kind, object, detail, key_id, actor, subject,"
    " started_at, ended_at, trace_id, span_id, parent_span_id, previous_hash, row_hash FROM audit_log"
    " WHERE position = {of}"
)


@pytest.fixture(scope="module")
def ten_rows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a log of ten rows, of which the first eight are sealed."""
    folder = tmp_path_factory.mktemp("ten")
    made = new_logbook(folder)
    made.log_in(*[ANNA, BRAM] * 4)
    made.keeper.seal_head(made.clock.now())
    made.log_in(ANNA, BRAM)
    made.database.close()
    return folder


@pytest.fixture
def book(ten_rows: Path, tmp_path: Path) -> Iterator[Logbook]:
    """A copy of it for each test."""
    made = new_logbook(shutil.copytree(ten_rows, tmp_path / "copy"))
    yield made
    made.database.close()


def problems(book: Logbook) -> list[tuple[ProblemKind, int]]:
    return [(one.kind, one.position) for one in book.check().problems]


def test_an_untouched_log_is_intact_and_says_how_far_it_is_sealed(book: Logbook) -> None:
    report = book.check()
    assert report.is_intact
    assert (report.rows, report.first, report.last, report.sealed_upto) == (10, 1, 10, 8)


def test_an_empty_log_is_intact(tmp_path: Path) -> None:
    empty = new_logbook(tmp_path)
    report = empty.check()
    assert report.is_intact
    assert (report.rows, report.first, report.last) == (0, None, None)
    assert empty.keeper.seal_head(empty.clock.now()) == 0
    empty.database.close()


@pytest.mark.threat("T-26")
def test_a_removed_row_is_found(book: Logbook) -> None:
    book.tamper("DELETE FROM audit_log WHERE position = 4")
    assert problems(book) == [(K.MISSING, 4)]


def test_removed_rows_at_the_beginning_are_found(book: Logbook) -> None:
    book.tamper("DELETE FROM audit_log WHERE position < 4")
    assert book.check().problems == (Problem(K.MISSING, 1, 3),)


@pytest.mark.parametrize(
    "change",
    [
        "event = 'logged_out'",
        "result = 'refused'",
        "origin = 'worker'",
        "actor_kind = 'visitor'",
        "object = 'x'",
        "detail = 'x'",
        "key_id = 'other'",
        "actor = 'ff'",
        "subject = 'ff'",
        "subject = NULL",
        "started_at = '2020-01-01 00:00:00.000000'",
        "ended_at = '2020-01-01 00:00:00.000000'",
        "trace_id = 'ff'",
        "span_id = 'ff'",
        "parent_span_id = 'ff'",
        "event = 'not_even_an_event'",
        "detail = 'free text about a person'",
    ],
)
def test_a_changed_row_is_found_whatever_was_changed(book: Logbook, change: str) -> None:
    book.tamper(f"UPDATE audit_log SET {change} WHERE position = 4")
    assert problems(book) == [(K.CHANGED, 4)]


def test_every_column_of_a_row_counts(book: Logbook) -> None:
    """So that a column that is added later cannot be forgotten in the hash."""
    with book.log.view() as view:
        row = next(iter(view.rows()))
    assert row.entry is not None
    columns = {column["name"] for column in _columns(book)} - {"position", "previous_hash", "row_hash"}
    named = set(AuditEntry.__dataclass_fields__) - {"trace"} | {"trace_id", "span_id", "parent_span_id"}
    assert columns == named
    assert row.entry.hash_at(2, row.previous_hash) != row.row_hash
    assert row.entry.hash_at(1, "1" * 64) != row.row_hash


def _columns(book: Logbook) -> list[dict[str, str]]:
    with book.database.read() as connection:
        rows = connection.execute(text("PRAGMA table_info(audit_log)")).all()
    return [{"name": row.name} for row in rows]


def test_an_inserted_row_is_found(book: Logbook) -> None:
    """Later rows make room, in the place that they then have."""
    moves = [f"UPDATE audit_log SET position = {n + 1} WHERE position = {n}" for n in range(10, 3, -1)]
    book.tamper(*moves, COPY.format(to=4, of=3))
    found = problems(book)
    assert (K.CHANGED, 4) in found
    assert (K.OUT_OF_PLACE, 4) in found


@pytest.mark.threat("T-26")
def test_an_inserted_row_with_all_hashes_counted_anew_is_found_by_the_sealed_head(book: Logbook) -> None:
    forge(book, insert_after=3)
    assert problems(book) == [(K.HEAD_DIFFERS, 8)]


def test_two_rows_that_changed_places_are_found(book: Logbook) -> None:
    book.tamper(
        "UPDATE audit_log SET position = -1 WHERE position = 4",
        "UPDATE audit_log SET position = 4 WHERE position = 5",
        "UPDATE audit_log SET position = 5 WHERE position = -1",
    )
    found = problems(book)
    assert {(K.CHANGED, 4), (K.CHANGED, 5)} <= set(found)


@pytest.mark.threat("T-26")
def test_a_tail_that_was_cut_off_is_found_by_the_last_sealed_head(book: Logbook) -> None:
    book.tamper("DELETE FROM audit_log WHERE position > 6")
    assert book.check().problems == (Problem(K.CUT_OFF, 7, 8),)


def test_a_tail_that_was_cut_off_together_with_the_heads_is_found_by_an_exported_head(book: Logbook) -> None:
    exported = book.log.newest_head()
    assert exported is not None
    statement = reader()(exported.token)
    assert statement is not None
    book.tamper("DELETE FROM audit_log WHERE position > 6", "DELETE FROM audit_heads")
    assert problems(book) == []
    with book.log.view() as view:
        report = check(view, reader(), book.clock.now(), [statement])
    assert report.problems == (Problem(K.CUT_OFF, 7, 8),)


def test_an_emptied_log_is_found(book: Logbook) -> None:
    book.tamper("DELETE FROM audit_log")
    assert problems(book) == [(K.CUT_OFF, 1)]


def test_rows_that_nobody_sealed_in_time_are_found(book: Logbook) -> None:
    """So deleting the heads does not help either."""
    book.clock.advance(3700)
    assert problems(book) == [(K.NOT_SEALED, 9)]
    book.tamper("DELETE FROM audit_heads")
    assert problems(book) == [(K.NOT_SEALED, 1)]


@pytest.mark.parametrize("column", ["token", "row_hash", "position"])
def test_a_changed_head_is_found(book: Logbook, column: str) -> None:
    value = {"token": "X'7B7D'", "row_hash": "'" + "a" * 64 + "'", "position": "7"}[column]
    book.tamper(f"UPDATE audit_heads SET {column} = {value}")
    assert problems(book)[0][0] is K.HEAD_UNSEALED


def test_a_head_under_the_seal_of_somebody_else_vouches_for_nothing(book: Logbook) -> None:
    other = type(town()).create()
    end = ChainEnd(8, "a" * 64)
    token = other.json(Statement(HeadKind.HEAD, end, book.clock.now().replace(microsecond=0)).to_payload())
    assert reader()(token) is None


def test_a_sealed_head_is_never_taken_for_an_overview_and_an_overview_never_for_a_head(book: Logbook) -> None:
    head = book.log.newest_head()
    assert head is not None
    payload = town().examine(head.token).payload
    assert payload is not None
    with pytest.raises(record.NotOurPayload):
        record.read_payload(payload)
    assert reader()(town().json()) is None


@pytest.mark.parametrize(
    "members",
    [
        {},
        {"soort": "iets anders"},
        {"plaats": 0},
        {"plaats": True},
        {"plaats": "8"},
        {"hash": "x"},
        {"hash": 5},
        {"moment": "gisteren"},
        {"moment": None},
        {"extra": 1},
    ],
)
def test_a_statement_of_another_form_says_nothing(members: dict[str, object], book: Logbook) -> None:
    good = json.loads(Statement(HeadKind.HEAD, ChainEnd(8, "a" * 64), book.clock.now()).to_payload())
    assert Statement.from_payload(json.dumps(good).encode()) is not None
    changed = json.dumps({**good, **members} if members else {}).encode()
    assert Statement.from_payload(changed) is None
    assert Statement.from_payload(b"[]") is None
    assert Statement.from_payload(b"no json") is None


def test_the_worker_seals_nothing_that_is_wrong(book: Logbook) -> None:
    book.tamper("UPDATE audit_log SET object = 'x' WHERE position = 9")
    with pytest.raises(ChainBroken):
        book.keeper.seal_head(book.clock.now())
    assert book.check().sealed_upto == 8


def test_the_worker_seals_nothing_after_a_cut_off_tail(book: Logbook) -> None:
    book.tamper("DELETE FROM audit_log WHERE position > 6")
    with pytest.raises(ChainBroken):
        book.keeper.seal_head(book.clock.now())
    book.log_in(*[ANNA] * 5)
    with pytest.raises(ChainBroken):
        book.keeper.seal_head(book.clock.now())


def test_sealing_twice_seals_once(book: Logbook) -> None:
    assert [book.keeper.seal_head(book.clock.now()) for _ in range(2)] == [1, 0]
    assert book.check().sealed_upto == 10


def test_of_the_heads_of_one_day_the_last_is_kept(tmp_path: Path) -> None:
    noon = datetime.now(UTC).replace(hour=12)
    book = new_logbook(tmp_path, FrozenClock(noon))
    for _ in range(3):
        for _ in range(2):
            book.log_in(ANNA)
            book.keeper.seal_head(book.clock.now())
        book.clock.advance(86_400)
    with book.log.view() as view:
        assert [head.end.position for head in view.heads] == [2, 4, 6]
    book.database.close()


def forge(book: Logbook, insert_after: int) -> None:
    """As somebody who owns the database and knows this program: the chain is right again, the seal is not."""
    with book.log.view() as view:
        rows = list(view.rows())
    rows.insert(insert_after, rows[0])
    book.tamper("DELETE FROM audit_log")
    with book.database.write() as connection:
        connection.execute(text("CREATE TABLE old_heads AS SELECT * FROM audit_heads"))
        connection.execute(text("DELETE FROM audit_heads"))
    book.log.append([entry_of(row) for row in rows])
    with book.database.write() as connection:
        connection.execute(text("INSERT INTO audit_heads SELECT * FROM old_heads"))


def entry_of(row: AuditRow) -> AuditEntry:
    assert row.entry is not None
    return row.entry
