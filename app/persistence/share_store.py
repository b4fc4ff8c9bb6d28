"""Shared overviews: files under the code, what the citizen wrote under a storage key, and nothing to find a person by
without the keys of the pseudonyms."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, delete, insert, or_, select, update

from app.persistence.audit_log import append_rows
from app.persistence.cipher import KeyRing, Place, digest
from app.persistence.engine import Database
from app.persistence.share_vault import Lock, ShareVault
from app.persistence.tables import share_openings, shares
from app.ports.audit import AuditEntry, Pseudonym
from app.ports.shares import Counted, FoundShare, NewShare, Opening, ShareState
from app.ports.storage import StoredDataUnreadable

TICKET_LASTS = timedelta(minutes=15)
KEPT_AFTER_END = timedelta(days=30)


class SqlShareStore:
    """Implements app.ports.shares.ShareStore."""

    def __init__(self, database: Database, keys: KeyRing, vault: ShareVault) -> None:
        self._database = database
        self._keys = keys
        self._vault = vault

    def create(self, code: str, share: NewShare) -> None:
        lock = self._vault.lock(code)
        content = lock.close(share.files, share.share_id)
        row = {**as_row(share, self._keys), "name_hash": lock.name_hash, "content": content}
        with self._database.write() as connection:
            connection.execute(insert(shares).values(row))

    def find(self, code: str, now: datetime) -> FoundShare | None:
        lock = self._vault.lock_tried(code)
        query = living_shares(now, shares.c.name_hash == lock.name_hash, shares.c.openings_left > 0)
        with self._database.read() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else found_share(lock, row)

    def count(self, share_id: str, by: str, now: datetime, rows: Sequence[AuditEntry]) -> Counted | None:
        ticket, same = secrets.token_urlsafe(32), shares.c.share_id == share_id
        query = living_shares(now, same, shares.c.openings_left > 0).with_for_update()
        with self._database.write() as connection:
            row = connection.execute(query).one_or_none()
            if row is None:
                return None
            left = row.openings_left - 1
            connection.execute(update(shares).where(same).values(openings_left=left))
            opening = {
                "opening_id": secrets.token_hex(16),
                "share_id": share_id,
                "opened_at": now,
                "opened_by": close_words(self._keys, by, share_id),
                "ticket_hash": digest(ticket),
            }
            connection.execute(insert(share_openings).values(opening))
            append_rows(connection, rows)
        return Counted(left, ticket)

    def find_again(self, code: str, ticket: str, now: datetime) -> FoundShare | None:
        lock = self._vault.lock_tried(code)
        recent = and_(
            share_openings.c.ticket_hash == digest(ticket), share_openings.c.opened_at > now - TICKET_LASTS
        )
        with self._database.read() as connection:
            row = connection.execute(living_shares(now, shares.c.name_hash == lock.name_hash)).one_or_none()
            if row is None:
                return None
            mine = select(share_openings.c.opening_id).where(
                recent, share_openings.c.share_id == row.share_id
            )
            if connection.execute(mine).first() is None:
                return None
        return found_share(lock, row)

    def of_person(self, subjects: Sequence[Pseudonym]) -> tuple[ShareState, ...]:
        newest_first = (shares.c.shared_at.desc(), shares.c.share_id)
        with self._database.read() as connection:
            found = connection.execute(select(shares).where(_of(subjects)).order_by(*newest_first)).all()
            return tuple(self._state(connection, row) for row in found)

    def end(self, share_id: str, subjects: Sequence[Pseudonym], now: datetime) -> ShareState | None:
        if not share_id.isalnum():  # an address can hold anything, also what PostgreSQL refuses to look for
            return None
        mine = and_(shares.c.share_id == share_id, _of(subjects), shares.c.ended_at.is_(None))
        with self._database.write() as connection:
            row = connection.execute(select(shares).where(mine).with_for_update()).one_or_none()
            if row is None:
                return None
            connection.execute(update(shares).where(mine).values(ended_at=now, content=None, known_as=None))
            return self._state(connection, row)

    def purge(self, now: datetime) -> int:
        return purge_shares(self._database, now)

    def _state(self, connection: Connection, row: Row[Any]) -> ShareState:
        query = select(share_openings).where(share_openings.c.share_id == row.share_id)
        opened = connection.execute(query.order_by(share_openings.c.opened_at)).all()
        return ShareState(
            row.share_id,
            self._read(row.with_whom, row.share_id),
            row.number,
            row.shared_at,
            row.expires_at,
            row.openings_left,
            row.ended_at,
            tuple(Opening(one.opened_at, self._read(one.opened_by, row.share_id)) for one in opened),
            by_log_in=row.organisation_hash is not None,
        )

    def _read(self, stored: bytes, share_id: str) -> str:
        """Of a storage key that is gone the rest of the row is still worth showing."""
        try:
            return self._keys.decrypt(stored, _words(share_id)).decode()
        except StoredDataUnreadable:
            return ""


def as_row(share: NewShare, keys: KeyRing) -> dict[str, Any]:
    """Of a new share, by column: all but what is locked, and how it is found."""
    return {
        "share_id": share.share_id,
        "subject_key_id": share.subject.key_id,
        "subject": share.subject.value,
        "number": share.number,
        "with_whom": close_words(keys, share.with_whom, share.share_id),
        "shared_at": share.shared_at,
        "expires_at": share.expires_at,
        "openings_left": share.openings,
    }


def close_words(keys: KeyRing, text: str, share_id: str) -> bytes:
    """What the citizen reads about a share, under a storage key."""
    return keys.encrypt(text.encode(), _words(share_id))


def _words(share_id: str) -> Place:
    return Place("shares", share_id, "words")


def _of(subjects: Iterable[Pseudonym]) -> ColumnElement[bool]:
    pairs = (and_(shares.c.subject_key_id == one.key_id, shares.c.subject == one.value) for one in subjects)
    return or_(*pairs)


def living_shares(now: datetime, *conditions: ColumnElement[bool]) -> Select[tuple[Any, ...]]:
    living = (shares.c.content.is_not(None), shares.c.ended_at.is_(None), shares.c.expires_at > now)
    return select(shares).where(*living, *conditions)


def found_share(lock: Lock, row: Row[Any]) -> FoundShare | None:
    """None for a row that somebody put in the place of another."""
    try:
        files = lock.open(row.content, row.share_id)
    except StoredDataUnreadable:
        return None
    return FoundShare(
        row.share_id, Pseudonym(row.subject_key_id, row.subject), row.number, row.expires_at, files
    )


def purge_shares(database: Database, now: datetime) -> int:
    """As `ShareStore.purge`; needs no key, so that what was stored goes too where sharing was switched off."""
    is_over = or_(shares.c.expires_at <= now, shares.c.openings_left <= 0)
    # A last opening leaves the files a moment, so that they can be downloaded.
    just_opened = select(share_openings.c.share_id).where(share_openings.c.opened_at > now - TICKET_LASTS)
    may_go = or_(shares.c.expires_at <= now, shares.c.share_id.not_in(just_opened))
    gone = shares.c.expires_at <= now - KEPT_AFTER_END
    old = select(shares.c.share_id).where(gone)
    with database.write() as connection:
        ended = connection.execute(
            update(shares)
            .where(shares.c.content.is_not(None), is_over, may_go)
            .values(content=None, known_as=None, ended_at=now)
        )
        connection.execute(delete(share_openings).where(share_openings.c.share_id.in_(old)))
        return ended.rowcount + connection.execute(delete(shares).where(gone)).rowcount
