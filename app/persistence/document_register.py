"""The register of issued documents: numbers, digests, key ids and moments; nothing about a person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import datetime

from sqlalchemy import Connection, Row, insert, select, update

from app.persistence.engine import Database, lock_name, moment_of
from app.persistence.tables import document_keys, documents, revoked_keys, seal_counts
from app.ports.clock import SEALING_CLOCKS_MAY_DIFFER
from app.ports.register import (
    NOT_SEALED,
    KeyRevocation,
    RegisterEntry,
    RegisterState,
    RegisterUnavailable,
    SealedLevel,
)
from app.ports.storage import StorageUnavailable


class SqlDocumentRegister:
    """Implements app.ports.register.DocumentRegister."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, entry: RegisterEntry) -> None:
        """Add a document and point every older one of its collection at the newest, in one transaction. Of a document that
        is known only the key is noted."""
        known = select(documents.c.number).where(documents.c.number == entry.number)
        with _available(), self._database.write() as connection:
            lock_name(connection, f"documents:{entry.collection_id}")
            is_new = connection.execute(known).one_or_none() is None
            _note_key(connection, entry)
            if is_new:
                connection.execute(insert(documents).values(asdict(entry)))
                _supersede(connection, entry)

    def find(self, number: str) -> RegisterState | None:
        query = select(documents).where(documents.c.number == number)
        with _available(), self._database.read() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else _state(row)

    def moment(self) -> datetime | None:
        with _available():
            return moment_of(self._database)

    def revoke(self, number: str, at: datetime, reason: str) -> bool:
        """The first revocation stays: it is the moment from which nobody should trust the document."""
        known = select(documents.c.revoked_at).where(documents.c.number == number).with_for_update()
        with _available(), self._database.write() as connection:
            row = connection.execute(known).one_or_none()
            if row is None:
                return False
            if row.revoked_at is None:
                values = {"revoked_at": at, "revoked_reason": reason}
                connection.execute(update(documents).where(documents.c.number == number).values(values))
        return True

    def revoked(self) -> tuple[RegisterState, ...]:
        query = select(documents).where(documents.c.revoked_at.is_not(None))
        with _available(), self._database.read() as connection:
            rows = connection.execute(query.order_by(documents.c.revoked_at.desc(), documents.c.number)).all()
        return tuple(map(_state, rows))

    def revoke_key(self, revocation: KeyRevocation) -> KeyRevocation:
        """A later moment than the one that is known changes nothing; an earlier one brings its own reason."""
        same = revoked_keys.c.key_id == revocation.key_id
        with _available(), self._database.write() as connection:
            lock_name(connection, f"key:{revocation.key_id}")
            row = connection.execute(select(revoked_keys).where(same)).one_or_none()
            if row is None:
                connection.execute(insert(revoked_keys).values(asdict(revocation)))
                return revocation
            known = KeyRevocation(**row._mapping)
            if revocation.since >= known.since:
                return known
            kept = replace(revocation, recorded_at=known.recorded_at)
            connection.execute(update(revoked_keys).where(same).values(asdict(kept)))
            return kept

    def key_revocation(self, key_id: str) -> KeyRevocation | None:
        query = select(revoked_keys).where(revoked_keys.c.key_id == key_id)
        with _available(), self._database.read() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else KeyRevocation(**row._mapping)

    def revoked_keys(self) -> tuple[KeyRevocation, ...]:
        query = select(revoked_keys).order_by(revoked_keys.c.recorded_at.desc(), revoked_keys.c.key_id)
        with _available(), self._database.read() as connection:
            rows = connection.execute(query).all()
        return tuple(KeyRevocation(**row._mapping) for row in rows)

    def has_issued_with(self, key_id: str) -> bool:
        query = select(document_keys.c.number).where(document_keys.c.key_id == key_id).limit(1)
        with _available(), self._database.read() as connection:
            return connection.execute(query).one_or_none() is not None

    def note_sealed(self, number: str, sealed: SealedLevel) -> None:
        values = {"level": sealed.level, "wanted_level": sealed.wanted}
        with _available(), self._database.write() as connection:
            connection.execute(update(documents).where(documents.c.number == number).values(values))
            _count(connection, sealed)

    def note_not_sealed(self, wanted: str) -> None:
        with _available(), self._database.write() as connection:
            _count(connection, SealedLevel(NOT_SEALED, wanted))

    def sealed_counts(self) -> Mapping[SealedLevel, int]:
        with _available(), self._database.read() as connection:
            rows = connection.execute(select(seal_counts)).all()
        return {SealedLevel(row.level, row.wanted_level): row.documents for row in rows}


def _count(connection: Connection, sealed: SealedLevel) -> None:
    same = (seal_counts.c.level == sealed.level) & (seal_counts.c.wanted_level == sealed.wanted)
    more = update(seal_counts).where(same).values(documents=seal_counts.c.documents + 1)
    lock_name(connection, "seal_counts")
    if connection.execute(more).rowcount == 0:
        values = {"level": sealed.level, "wanted_level": sealed.wanted, "documents": 1}
        connection.execute(insert(seal_counts).values(values))


@contextmanager
def _available() -> Iterator[None]:
    try:
        yield
    except StorageUnavailable as error:
        raise RegisterUnavailable(str(error)) from error


def _note_key(connection: Connection, entry: RegisterEntry) -> None:
    same = (document_keys.c.number == entry.number) & (document_keys.c.key_id == entry.key_id)
    if connection.execute(select(document_keys).where(same)).one_or_none() is None:
        connection.execute(insert(document_keys).values(number=entry.number, key_id=entry.key_id))


def _supersede(connection: Connection, added: RegisterEntry) -> None:
    """The newest supersedes all others; of two from the same second the one that was added last is the newest. One from further
    ahead than clocks may be was made while a clock was wrong: it is older than what is added now."""
    same = documents.c.collection_id == added.collection_id
    ahead = added.made_at + 2 * SEALING_CLOCKS_MAY_DIFFER
    newer = select(documents.c.number).where(
        same, added.made_at < documents.c.made_at, documents.c.made_at <= ahead
    )
    newest = connection.execute(
        newer.order_by(documents.c.made_at.desc(), documents.c.number).limit(1)
    ).scalar()
    newest = newest or added.number
    older = same & (documents.c.number != newest)
    connection.execute(update(documents).where(older).values(superseded_by=newest))


def _state(row: Row[tuple[object, ...]]) -> RegisterState:
    entry = RegisterEntry(row.number, row.payload_digest, row.key_id, row.made_at, row.collection_id)
    sealed = None if row.level is None else SealedLevel(row.level, row.wanted_level)
    return RegisterState(entry, row.superseded_by, row.revoked_at, row.revoked_reason, sealed)
