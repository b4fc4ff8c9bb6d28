"""The audit log in the database: appended to by any number of processes, one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, time

from sqlalchemy import Connection, delete, func, insert, select

from app.persistence.audit_rows import columns_of, columns_of_head, head_of, row_of
from app.persistence.engine import Database, lock_name
from app.persistence.tables import audit_heads, audit_keys, audit_log
from app.ports.audit import (
    NO_ROW_BEFORE,
    AuditEntry,
    AuditRow,
    ChainEnd,
    Event,
    HeadKind,
    Pseudonym,
    SealedHead,
)

_PAGE = 1000
LOCK = "audit_log"
_MOST_OBJECTS = 500


class SqlChainView:
    """Implements app.ports.audit.ChainView within one reading transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @property
    def heads(self) -> tuple[SealedHead, ...]:
        query = select(audit_heads).order_by(audit_heads.c.position, audit_heads.c.kind)
        return tuple(head_of(row) for row in self._connection.execute(query))

    def rows(self, after: int = 0) -> Iterator[AuditRow]:
        query = select(audit_log).order_by(audit_log.c.position).limit(_PAGE)
        page = self._connection.execute(query.where(audit_log.c.position > after)).all()
        while page:
            yield from map(row_of, page)
            page = self._connection.execute(query.where(audit_log.c.position > page[-1].position)).all()


def append_rows(connection: Connection, entries: Sequence[AuditEntry]) -> None:
    """Within a transaction that also changes what the rows tell of: to be called last, because everybody who writes rows waits
    from here to its end. The lock makes each writer see the last row of the one before. All rows go in one message, because
    nobody else can write in the meantime."""
    if not entries:
        return
    lock_name(connection, LOCK)
    end = _end(connection)
    position, previous = (0, NO_ROW_BEFORE) if end is None else (end.position, end.row_hash)
    rows = []
    for entry in entries:
        position += 1
        rows.append(columns_of(entry, position, previous))
        previous = rows[-1]["row_hash"]
    connection.execute(insert(audit_log), rows)
    _note_keys(connection, entries)


class SqlAuditLog:
    """Implements app.ports.audit.AuditLog."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def append(self, entries: Sequence[AuditEntry]) -> None:
        with self._database.write() as connection:
            append_rows(connection, entries)

    @contextmanager
    def view(self) -> Iterator[SqlChainView]:
        with self._database.read() as connection:
            yield SqlChainView(connection)

    def about(self, subjects: Sequence[Pseudonym], at_most: int) -> tuple[AuditRow, ...]:
        query = select(audit_log).where(audit_log.c.subject.in_([one.value for one in subjects]))
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(audit_log.c.position.desc()).limit(at_most)).all()
        return tuple(map(row_of, rows))

    def done_for_others(self, actors: Sequence[Pseudonym], at_most: int) -> tuple[AuditRow, ...]:
        values = [one.value for one in actors]
        query = select(audit_log).where(audit_log.c.actor.in_(values), audit_log.c.subject.not_in(values))
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(audit_log.c.position.desc()).limit(at_most)).all()
        return tuple(map(row_of, rows))

    def on_objects(self, event: Event, objects: Sequence[str]) -> tuple[AuditRow, ...]:
        wanted = audit_log.c.object.in_(list(objects)[:_MOST_OBJECTS]) & (audit_log.c.event == str(event))
        query = select(audit_log).where(wanted).order_by(audit_log.c.position.desc()).limit(_MOST_OBJECTS)
        with self._database.read() as connection:
            return tuple(map(row_of, connection.execute(query).all()))

    def end(self) -> ChainEnd | None:
        with self._database.read() as connection:
            return _end(connection)

    def newest_head(self) -> SealedHead | None:
        query = select(audit_heads).order_by(audit_heads.c.position.desc(), audit_heads.c.kind.desc())
        with self._database.read() as connection:
            row = connection.execute(query.limit(1)).one_or_none()
        return None if row is None else head_of(row)

    def keep_head(self, head: SealedHead) -> None:
        day = datetime.combine(head.sealed_at.astimezone(UTC).date(), time(), UTC)
        same_day = (audit_heads.c.kind == str(HeadKind.HEAD)) & (audit_heads.c.sealed_at >= day)
        with self._database.write() as connection:
            lock_name(connection, LOCK)
            connection.execute(
                delete(audit_heads).where(same_day, audit_heads.c.position <= head.end.position)
            )
            connection.execute(insert(audit_heads).values(columns_of_head(head)))

    def end_of_old(self, before: datetime) -> ChainEnd | None:
        """By the first row that is not old: rows of one moment can stand in another order than their moments."""
        young = select(func.min(audit_log.c.position)).where(audit_log.c.ended_at >= before)
        with self._database.read() as connection:
            first_young = connection.execute(young).scalar()
            return _last_row(connection, first_young)

    def purge(self, checkpoint: SealedHead) -> int:
        """The checkpoint comes first: without it the database refuses to delete anything."""
        upto = checkpoint.end.position
        with self._database.write() as connection:
            lock_name(connection, LOCK)
            done = (audit_heads.c.kind == str(HeadKind.CHECKPOINT)) & (audit_heads.c.position >= upto)
            if connection.execute(select(audit_heads.c.position).where(done)).first() is not None:
                return 0  # another worker was first
            connection.execute(delete(audit_heads).where(audit_heads.c.position < upto))
            connection.execute(insert(audit_heads).values(columns_of_head(checkpoint)))
            count = _delete_upto(connection, upto)
            in_use = select(audit_log.c.key_id).where(audit_log.c.key_id == audit_keys.c.key_id).exists()
            connection.execute(delete(audit_keys).where(~in_use))
        return count

    def used_keys(self) -> frozenset[str]:
        with self._database.read() as connection:
            return frozenset(connection.execute(select(audit_keys.c.key_id)).scalars())


def _delete_upto(connection: Connection, position: int) -> int:
    """On PostgreSQL by a function of the owner (migration 0016): the role of the programs may not delete rows itself."""
    if connection.dialect.name == "postgresql":
        return int(connection.execute(select(func.audit_log_purge(position))).scalar_one())
    return connection.execute(delete(audit_log).where(audit_log.c.position <= position)).rowcount


def _end(connection: Connection) -> ChainEnd | None:
    """The last row; when all were purged the checkpoint."""
    kept = select(audit_heads.c.position, audit_heads.c.row_hash).where(
        audit_heads.c.kind == str(HeadKind.CHECKPOINT)
    )
    last = connection.execute(kept.order_by(audit_heads.c.position.desc()).limit(1)).one_or_none()
    return _last_row(connection) or (None if last is None else ChainEnd(last.position, last.row_hash))


def _last_row(connection: Connection, before: int | None = None) -> ChainEnd | None:
    """The last row of all, or of those before a position."""
    query = select(audit_log.c.position, audit_log.c.row_hash).order_by(audit_log.c.position.desc()).limit(1)
    found = connection.execute(query if before is None else query.where(audit_log.c.position < before))
    row = found.one_or_none()
    return None if row is None else ChainEnd(row.position, row.row_hash)


def _note_keys(connection: Connection, entries: Sequence[AuditEntry]) -> None:
    for key_id in {entry.key_id for entry in entries} - {None}:
        known = select(audit_keys.c.key_id).where(audit_keys.c.key_id == key_id)
        if connection.execute(known).one_or_none() is None:
            first = min(entry.started_at for entry in entries)
            connection.execute(insert(audit_keys).values(key_id=key_id, first_used_at=first))
