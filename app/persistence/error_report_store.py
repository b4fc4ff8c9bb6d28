"""The outbox of reports: encrypted until they are delivered, taken by one deliverer at a time."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from app.persistence.cipher import KeyRing, Place
from app.persistence.engine import Database
from app.persistence.tables import error_reports
from app.ports.audit import Pseudonym
from app.ports.error_reports import (
    DueReport,
    KnownReport,
    Matter,
    NewReport,
    Phone,
    Reason,
    ReportFigures,
    ReportState,
)
from app.ports.storage import StoredDataUnreadable

KEPT_AFTER_END = timedelta(days=90)
_ROW = error_reports.c
_Count = tuple[int, datetime]
_NOBODY = {"holder": None, "held_until": None}


class SqlErrorReportStore:
    """Implements app.ports.error_reports.ErrorReportStore."""

    def __init__(self, database: Database, keys: KeyRing) -> None:
        self._database = database
        self._keys = keys

    def add(self, report: NewReport) -> bool:
        row = {
            "report_id": report.report_id,
            "reference": report.reference,
            "subject_key_id": report.subject.key_id,
            "subject": report.subject.value,
            "source_id": report.source_id,
            "matter": self._keys.encrypt(_written(report.matter), _place(report, "matter")),
            "content": self._keys.encrypt(report.content, _place(report, "content")),
            "reported_at": report.reported_at,
            "give_up_at": report.give_up_at,
            "next_try_at": report.reported_at,
            "tries": 0,
            "problem": "",
        }
        try:
            with self._database.write() as connection:
                connection.execute(insert(error_reports).values(row))
        except IntegrityError:
            return False
        return True

    def of_person(self, subjects: Sequence[Pseudonym]) -> tuple[KnownReport, ...]:
        newest_first = (_ROW.reported_at.desc(), _ROW.report_id)
        with self._database.read() as connection:
            rows = connection.execute(
                select(error_reports).where(_of(subjects)).order_by(*newest_first)
            ).all()
        return tuple(map(self._known, rows))

    def take(self, now: datetime, until: datetime, without: Sequence[str]) -> DueReport | None:
        free = or_(_ROW.held_until.is_(None), _ROW.held_until <= now)
        due = and_(_ROW.next_try_at <= now, free, _ROW.source_id.not_in(without))
        first = select(error_reports).where(due).order_by(_ROW.next_try_at, _ROW.report_id).limit(1)
        holder = secrets.token_hex(16)
        with self._database.write() as connection:
            row = connection.execute(first.with_for_update(skip_locked=True)).one_or_none()
            if row is None:
                return None
            same = update(error_reports).where(_ROW.report_id == row.report_id)
            connection.execute(same.values(holder=holder, held_until=until))
        return self._due(row, holder)

    def delivered(self, due: DueReport, at: datetime) -> bool:
        return self._settle(due, content=None, next_try_at=None, delivered_at=at, problem="", **_NOBODY)

    def given_up(self, due: DueReport, at: datetime, problem: str) -> bool:
        return self._settle(due, content=None, next_try_at=None, given_up_at=at, problem=problem, **_NOBODY)

    def postpone(self, due: DueReport, next_try_at: datetime, problem: str) -> None:
        self._settle(due, next_try_at=next_try_at, problem=problem, **_NOBODY)

    def figures(self) -> tuple[ReportFigures, ...]:
        with self._database.read() as connection:
            waiting = _counted(connection, _ROW.next_try_at.is_not(None), func.min(_ROW.reported_at))
            over = _counted(connection, _ROW.given_up_at.is_not(None), func.max(_ROW.given_up_at))
            problems = {source_id: _problem(connection, source_id) for source_id in waiting}
        return tuple(
            _figures(source_id, waiting.get(source_id), over.get(source_id), problems)
            for source_id in sorted({*waiting, *over})
        )

    def purge(self, now: datetime) -> int:
        return purge_reports(self._database, now)

    def _settle(self, due: DueReport, **values: object) -> bool:
        mine = and_(_ROW.report_id == due.report_id, _ROW.holder == due.holder)
        with self._database.write() as connection:
            settled = connection.execute(
                update(error_reports).where(mine).values(tries=due.tries + 1, **values)
            )
            return settled.rowcount == 1

    def _known(self, row: Row[Any]) -> KnownReport:
        delivered = ReportState.DELIVERED if row.delivered_at is not None else ReportState.WAITING
        return KnownReport(
            report_id=row.report_id,
            reference=row.reference,
            source_id=row.source_id,
            matter=self._matter(row),
            reported_at=row.reported_at,
            state=ReportState.GIVEN_UP if row.given_up_at is not None else delivered,
            ended_at=row.delivered_at or row.given_up_at,
        )

    def _matter(self, row: Row[Any]) -> Matter | None:
        """Of a storage key that is gone the rest of the row is still worth showing."""
        try:
            return _read(self._keys.decrypt(row.matter, _place_of(row, "matter")))
        except StoredDataUnreadable:
            return None

    def _due(self, row: Row[Any], holder: str) -> DueReport:
        try:
            content = self._keys.decrypt(row.content, _place_of(row, "content"))
        except StoredDataUnreadable:
            content = None
        return DueReport(
            report_id=row.report_id,
            reference=row.reference,
            subject=Pseudonym(row.subject_key_id, row.subject),
            source_id=row.source_id,
            content=content,
            tries=row.tries,
            give_up_at=row.give_up_at,
            holder=holder,
        )


def purge_reports(database: Database, now: datetime) -> int:
    """As `ErrorReportStore.purge`; needs no key."""
    ended = func.coalesce(_ROW.delivered_at, _ROW.given_up_at, _ROW.give_up_at)
    with database.write() as connection:
        gone = connection.execute(delete(error_reports).where(ended <= now - KEPT_AFTER_END))
        return gone.rowcount


def _place(report: NewReport, column: str) -> Place:
    return Place("error_reports", report.report_id, f"{column} {report.subject.value}")


def _place_of(row: Row[Any], column: str) -> Place:
    return Place("error_reports", row.report_id, f"{column} {row.subject}")


def _of(subjects: Iterable[Pseudonym]) -> ColumnElement[bool]:
    return or_(*(and_(_ROW.subject_key_id == one.key_id, _ROW.subject == one.value) for one in subjects))


def _figures(
    source_id: str, waiting: _Count | None, over: _Count | None, problems: dict[str, str]
) -> ReportFigures:
    count, oldest_at = waiting or (0, None)
    given_up, given_up_at = over or (0, None)
    return ReportFigures(source_id, count, oldest_at, problems.get(source_id, ""), given_up, given_up_at)


def _counted(
    connection: Connection, which: ColumnElement[bool], moment: ColumnElement[datetime]
) -> dict[str, _Count]:
    query = select(_ROW.source_id, func.count(), moment).where(which).group_by(_ROW.source_id)
    return {source_id: (count, at) for source_id, count, at in connection.execute(query)}


def _problem(connection: Connection, source_id: str) -> str:
    """Of the one that waits longest."""
    waits = and_(_ROW.source_id == source_id, _ROW.next_try_at.is_not(None))
    query = select(_ROW.problem).where(waits).order_by(_ROW.reported_at, _ROW.report_id).limit(1)
    return str(connection.execute(query).scalar_one())


def _written(matter: Matter) -> bytes:
    return json.dumps(asdict(matter)).encode()


def _read(plain: bytes) -> Matter:
    stated = json.loads(plain)
    phones = tuple(Phone(**one) for one in stated.pop("phones"))
    return Matter(**{**stated, "phones": phones, "reason": Reason(stated["reason"])})
