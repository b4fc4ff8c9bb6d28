"""The outbox of reports: one deliverer at a time, nothing left of what was written, nothing lost before."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from app.persistence.cipher import KeyRing, new_key_line
from app.persistence.engine import Database
from app.persistence.error_report_store import KEPT_AFTER_END, SqlErrorReportStore, purge_reports
from app.persistence.key_uses import uses_of
from app.persistence.tables import error_reports
from app.ports.audit import Pseudonym
from app.ports.error_reports import Matter, NewReport, Phone, Reason, ReportFigures, ReportState

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
SOON, LATER = NOW + timedelta(minutes=5), NOW + timedelta(hours=1)
ANNA, BRAM = Pseudonym("p1", "a" * 64), Pseudonym("p1", "b" * 64)
MATTER = Matter(
    organisation="Gemeente Voorbeeldstad, Belastingen",
    title="Hondenbelasting",
    claim_reference="BEL-1",
    reason=Reason.ALREADY_PAID,
    call="Gemeente Voorbeeldstad",
    phones=(Phone("14 0123", "werkdagen"),),
    objection_until="3 mei 2026",
)
REPORT = NewReport(
    report_id="r1",
    reference="M-7K3M-Q2ZD",
    subject=ANNA,
    source_id="belastingen",
    matter=MATTER,
    content=b'{"bsn": "999993549"}',
    reported_at=NOW,
    give_up_at=NOW + timedelta(days=7),
)


@pytest.fixture
def store(database: Database, keys: KeyRing) -> SqlErrorReportStore:
    made = SqlErrorReportStore(database, keys)
    assert made.add(REPORT)
    return made


def test_the_citizen_sees_it_and_nobody_else(store: SqlErrorReportStore) -> None:
    [known] = store.of_person([BRAM, ANNA])
    assert known.matter == MATTER
    assert (known.state, known.ended_at, known.reported_at) == (ReportState.WAITING, None, NOW)
    assert store.of_person([BRAM]) == ()


def test_the_same_report_twice_is_one(store: SqlErrorReportStore) -> None:
    assert not store.add(replace(REPORT, content=b"anders"))
    due = store.take(NOW, SOON, ())
    assert due is not None
    assert due.content == REPORT.content


@pytest.mark.threat("T-41")
def test_of_many_who_want_to_deliver_at_once_each_report_goes_to_one(store: SqlErrorReportStore) -> None:
    for number in range(5):
        store.add(replace(REPORT, report_id=f"x{number}"))
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda _: store.take(NOW, SOON, ()), range(8)))
    ids = [due.report_id for due in taken if due is not None]
    assert len(ids) == len(set(ids))
    rest = iter(lambda: store.take(NOW, SOON, ()), None)
    assert sorted([*ids, *(due.report_id for due in rest if due)]) == ["r1", "x0", "x1", "x2", "x3", "x4"]


def test_who_died_while_delivering_blocks_it_for_minutes_only_and_says_nothing_any_more(
    store: SqlErrorReportStore,
) -> None:
    dead = store.take(NOW, SOON, ())
    assert dead is not None
    assert store.take(NOW, SOON, ()) is None
    again = store.take(SOON, LATER, ())
    assert again is not None
    assert again.report_id == dead.report_id
    assert not store.delivered(dead, LATER)
    assert store.delivered(again, LATER)


def test_it_waits_until_its_next_try_and_sources_can_be_left_out(store: SqlErrorReportStore) -> None:
    due = store.take(NOW, SOON, ["parkeren"])
    assert due is not None
    store.postpone(due, LATER, "unreachable")
    assert store.figures() == (ReportFigures("belastingen", 1, NOW, "unreachable"),)
    assert store.take(SOON, LATER, ()) is None
    assert store.take(LATER, LATER, ["belastingen"]) is None
    again = store.take(LATER, LATER + timedelta(minutes=5), ())
    assert again is not None
    assert again.tries == 1


@pytest.mark.threat("T-40")
@pytest.mark.parametrize("ending", ["delivered", "given_up"])
def test_what_was_delivered_or_given_up_has_no_content_any_more(
    store: SqlErrorReportStore, database: Database, ending: str
) -> None:
    due = store.take(NOW, SOON, ())
    assert due is not None
    is_delivered = ending == "delivered"
    assert store.delivered(due, LATER) if is_delivered else store.given_up(due, LATER, "refused")
    with database.read() as connection:
        row = connection.execute(select(error_reports)).one()
    assert (row.content, row.next_try_at, row.holder, row.held_until) == (None, None, None, None)
    [known] = store.of_person([ANNA])
    assert (known.state, known.ended_at) == (ReportState(ending), LATER)
    left = () if is_delivered else (ReportFigures("belastingen", 0, None, "", 1, LATER),)
    assert store.figures() == left
    assert store.take(NOW + timedelta(days=30), NOW + timedelta(days=31), ()) is None


def test_what_ended_is_forgotten_after_three_months(store: SqlErrorReportStore, database: Database) -> None:
    store.add(replace(REPORT, report_id="waits", give_up_at=NOW + timedelta(days=30)))
    due = store.take(NOW, SOON, ())
    assert due is not None
    assert due.report_id == "r1"
    store.delivered(due, LATER)
    assert purge_reports(database, LATER + KEPT_AFTER_END - timedelta(seconds=1)) == 0
    assert store.purge(LATER + KEPT_AFTER_END) == 1
    assert [known.report_id for known in store.of_person([ANNA])] == ["waits"]


@pytest.mark.threat("T-40")
def test_a_row_that_was_given_to_somebody_else_tells_them_nothing(
    store: SqlErrorReportStore, database: Database
) -> None:
    with database.write() as connection:
        connection.execute(update(error_reports).values(subject=BRAM.value))
    [known] = store.of_person([BRAM])
    assert known.matter is None
    due = store.take(NOW, SOON, ())
    assert due is not None
    assert due.content is None


def test_its_storage_key_cannot_go_while_it_is_there(store: SqlErrorReportStore, database: Database) -> None:
    assert uses_of(database, "one") == {"error_reports": 2}
    other = SqlErrorReportStore(database, KeyRing.parse(new_key_line("two")))
    [known] = other.of_person([ANNA])
    assert known.matter is None
    assert store.of_person([ANNA])[0].matter == MATTER
