"""Sessions in the database: hashed ids, encrypted payloads. One table per site."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, delete, insert, or_, select, true, update

from app.persistence.cipher import KeyRing, Place, digest
from app.persistence.engine import Database
from app.persistence.grant_ends import GrantEnds
from app.persistence.log_ins import has_ended, lock_log_in, meant_by, provider_columns
from app.persistence.session_names import SessionNames, to_store
from app.persistence.tables import collections, logout_notices, sessions
from app.ports.login import LogoutNotice
from app.ports.sessions import Ended, EndedSession, NoticeUsedBefore, OpenSession, StoredSession
from app.ports.storage import StoredDataUnreadable


class SqlSessionStore:
    """Implements app.ports.sessions.SessionStore in one table. The name of the table is part of what the encryption
    vouches for: a row that is copied to the table of another site cannot be read there."""

    def __init__(self, database: Database, keys: KeyRing, table: Table = sessions) -> None:
        self._database = database
        self._keys = keys
        self._table = table
        self._names = SessionNames(keys, table.name)
        self._grants = GrantEnds(keys) if table is sessions else None  # only citizens allow apps something

    def load(self, session_id: str) -> StoredSession | None:
        """A session that cannot be decrypted any more is no session: the citizen logs in again."""
        id_hash = digest(session_id)
        with self._database.read() as connection:
            row = connection.execute(
                select(self._table).where(self._table.c.id_hash == id_hash)
            ).one_or_none()
        if row is None:
            return None
        try:
            envelope = self._keys.decrypt(row.payload, self._place(id_hash, row.owner_hash))
        except StoredDataUnreadable:
            return None
        owner, payload = _open(envelope)
        return StoredSession(payload, owner, row.created_at, row.seen_at)

    def create(self, session_id: str, session: StoredSession) -> None:
        id_hash, owner_hash = digest(session_id), digest(session.owner)
        envelope = _close(session.owner, session.payload)
        row = {
            "id_hash": id_hash,
            "owner_hash": owner_hash,
            "payload": self._keys.encrypt(envelope, self._place(id_hash, owner_hash)),
            "created_at": session.created_at,
            "seen_at": session.seen_at,
            "person_hash": to_store(self._names.of_person(session.person)),
            **provider_columns(self._names, session.provider_session),
        }
        with self._database.write() as connection:
            if not has_ended(connection, self._names, session.provider_session):
                connection.execute(insert(self._table).values(row))

    def update(self, session_id: str, change: Callable[[bytes], bytes], seen_at: datetime) -> bool:
        id_hash = digest(session_id)
        query = select(self._table).where(self._table.c.id_hash == id_hash).with_for_update()
        with self._database.write() as connection:
            row = connection.execute(query).one_or_none()
            if row is None:
                return False
            place = self._place(id_hash, row.owner_hash)
            owner, payload = _open(self._keys.decrypt(row.payload, place))
            envelope = self._keys.encrypt_again(_close(owner, change(payload)), place, row.payload)
            values = {"payload": envelope, "seen_at": max(row.seen_at, seen_at)}
            connection.execute(update(self._table).where(self._table.c.id_hash == id_hash).values(values))
        return True

    def touch(self, session_id: str, seen_at: datetime) -> None:
        older = (self._table.c.id_hash == digest(session_id)) & (self._table.c.seen_at < seen_at)
        with self._database.write() as connection:
            connection.execute(update(self._table).where(older).values(seen_at=seen_at))

    def delete(self, session_id: str) -> Ended:
        return self._delete(self._table.c.id_hash == digest(session_id))

    def of_person(self, person: str, owner: str) -> tuple[OpenSession, ...]:
        query = select(self._table).where(self._table.c.person_hash.in_(self._names.of_person(person)))
        own = digest(owner)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(self._table.c.created_at.desc())).all()
        return tuple(
            OpenSession(row.id_hash, row.created_at, row.seen_at, row.owner_hash == own) for row in rows
        )

    def end_person(self, person: str, handles: Collection[str] | None = None) -> Ended:
        own = self._table.c.person_hash.in_(self._names.of_person(person))
        if handles is not None:
            return self._delete(own & self._table.c.id_hash.in_(handles))
        with self._database.write() as connection:
            allowed = () if self._grants is None else self._grants.of_person(connection, person)
            return self._delete_with_collections(connection, own) + allowed

    def end_all(self) -> Ended:
        with self._database.write() as connection:
            allowed = () if self._grants is None else self._grants.where(connection, true())
            return self._delete_with_collections(connection, true()) + allowed

    def end(self, notice: LogoutNotice) -> Ended:
        used = {
            "notice_hash": digest(f"{self._table.name}\n{notice.issuer}\n{notice.notice_id}"),
            "sid_hash": to_store(self._names.of_provider("sid", notice.issuer, notice.sid)),
            "expires_at": notice.expires_at,
        }
        with self._database.write() as connection:
            lock_log_in(connection, notice.issuer, notice.sid)
            seen = select(logout_notices.c.notice_hash).where(
                logout_notices.c.notice_hash == used["notice_hash"]
            )
            if connection.execute(seen).one_or_none() is not None:
                raise NoticeUsedBefore
            connection.execute(insert(logout_notices).values(used))
            allowed = () if self._grants is None else self._grants.by_notice(connection, notice)
            meant = meant_by(self._table, self._names, notice)
            return self._delete_with_collections(connection, meant) + allowed

    def purge(self, created_before: datetime, seen_before: datetime) -> Ended:
        """Notices go too, once no session can be left that they are about."""
        expired = or_(self._table.c.created_at < created_before, self._table.c.seen_at < seen_before)
        with self._database.write() as connection:
            connection.execute(delete(logout_notices).where(logout_notices.c.expires_at < created_before))
            return self._delete_with_collections(connection, expired)

    def _delete(self, condition: ColumnElement[bool]) -> Ended:
        with self._database.write() as connection:
            return self._delete_with_collections(connection, condition)

    def _delete_with_collections(self, connection: Connection, condition: ColumnElement[bool]) -> Ended:
        """Lock the rows first: a session that is seen again in the meantime keeps both or loses both, and of two who delete
        it one is told."""
        rows = connection.execute(select(self._table).where(condition).with_for_update()).all()
        for row in rows:
            connection.execute(delete(collections).where(collections.c.owner_hash == row.owner_hash))
            connection.execute(delete(self._table).where(self._table.c.id_hash == row.id_hash))
        return tuple(map(self._ended, rows))

    def _ended(self, row: Row[Any]) -> EndedSession:
        try:
            envelope = self._keys.decrypt(row.payload, self._place(row.id_hash, row.owner_hash))
        except StoredDataUnreadable:
            return EndedSession(b"", row.created_at, row.seen_at)
        return EndedSession(_open(envelope)[1], row.created_at, row.seen_at)

    def _place(self, id_hash: str, owner_hash: str) -> Place:
        return Place(self._table.name, id_hash, owner_hash)


def _close(owner: str, payload: bytes) -> bytes:
    return owner.encode() + b"\n" + payload


def _open(envelope: bytes) -> tuple[str, bytes]:
    owner, _, payload = envelope.partition(b"\n")
    return owner.decode(), payload
