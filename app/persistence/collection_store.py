"""Running collections: shared by every process, bound to one owner, encrypted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    delete,
    false,
    func,
    insert,
    or_,
    select,
    update,
)

from app.persistence.audit_log import append_rows
from app.persistence.cipher import KeyRing, digest
from app.persistence.collection_rows import (
    AnyRow,
    CollectionRows,
    outcome_place,
    snapshot_place,
    source_place,
)
from app.persistence.engine import Database, lock_name
from app.persistence.outcome_cache import OutcomeCache
from app.persistence.tables import collection_sources, collections
from app.ports.collections import Asking, StoredCollection, StoredSnapshot, TooManyCollections
from claims.outcome import Source, SourceAnswer, SourceOutcome

_SAVE = update(collection_sources).where(
    collection_sources.c.collection_id == bindparam("whole"),
    collection_sources.c.source_id == bindparam("one"),
    collection_sources.c.run == bindparam("its_run"),
    or_(collection_sources.c.outcome.is_(None), bindparam("is_answer", type_=Boolean)),
)
_TAG_BYTES = 16  # of AES-GCM


class SqlCollectionStore:
    """Implements app.ports.collections.CollectionStore."""

    def __init__(self, database: Database, keys: KeyRing, cache: OutcomeCache | None = None) -> None:
        self._database = database
        self._cache = OutcomeCache() if cache is None else cache
        self._rows = CollectionRows(keys, self._cache)

    def create(self, collection_id: str, owner: str, sources: Sequence[Source], asking: Asking) -> bool:
        owner_hash = digest(owner)
        whole = {"collection_id": collection_id, "owner_hash": owner_hash}
        asked = {"collection_id": collection_id, "run": 1, **_moments(asking)}
        rows = [
            asked
            | self._source_columns(collection_id, owner_hash, source, asking.asked_at)
            | {"position": position}
            for position, source in enumerate(sources)
        ]
        known = select(collections.c.collection_id).where(collections.c.collection_id == collection_id)
        with self._database.write() as connection:
            lock_name(connection, f"collections:{collection_id}")
            if connection.execute(known).first() is not None:
                return False
            if asking.at_most is not None:
                _check_number(connection, owner_hash, asking.at_most)
            started_at = _begins(connection, owner_hash, asking.asked_at)
            connection.execute(insert(collections).values(**whole, started_at=started_at))
            if rows:
                connection.execute(insert(collection_sources), rows)
            append_rows(connection, asking.rows([source.source_id for source in sources]))
        return True

    def load(self, collection_id: str, owner: str) -> StoredCollection | None:
        query = select(collections.c.started_at, collections.c.resumed_at).where(_owned(collection_id, owner))
        with self._database.read() as connection:
            whole = connection.execute(query).one_or_none()
            if whole is None:
                return None
            rows = connection.execute(_sources_of(collection_id)).all()
        asked = tuple(self._rows.asked_source(row, digest(owner)) for row in rows)
        return StoredCollection(
            collection_id, whole.started_at, _waiting_since(whole.resumed_at, rows), asked
        )

    def stamp(self, collection_id: str, owner: str) -> object | None:
        """Every run and the end of every outcome, where the tag of its encryption stands (no two have the same): nothing is
        decrypted, and PostgreSQL reads no more of it."""
        outcome = collection_sources.c.outcome
        tag = func.substr(outcome, func.length(outcome) - _TAG_BYTES + 1)
        here = collection_sources.c.collection_id == collections.c.collection_id
        query = (
            select(collections.c.started_at, collections.c.resumed_at, collection_sources.c.run, tag)
            .select_from(collections.outerjoin(collection_sources, here))
            .where(_owned(collection_id, owner))
            .order_by(collection_sources.c.position)
        )
        with self._database.read() as connection:
            rows = connection.execute(query).all()
        return tuple(map(tuple, rows)) or None

    def latest(self, owner: str) -> str | None:
        newest_first = (collections.c.started_at.desc(), collections.c.collection_id)
        query = select(collections.c.collection_id).where(collections.c.owner_hash == digest(owner))
        with self._database.read() as connection:
            found: str | None = connection.execute(
                query.order_by(*newest_first).limit(1)
            ).scalar_one_or_none()
        return found

    def save_outcomes(self, collection_id: str, arrived: Sequence[tuple[int, SourceOutcome]]) -> None:
        """A failure that comes after an outcome of the same run is ignored: it must not hide claims."""
        with self._database.write() as connection:
            owner_hash = _lock(connection, collections.c.collection_id == collection_id)
            if owner_hash is not None:
                rows = [self._outcome_row(collection_id, owner_hash, *one) for one in arrived]
                connection.execute(_SAVE, rows)

    def _outcome_row(
        self, collection_id: str, owner_hash: str, run: int, outcome: SourceOutcome
    ) -> dict[str, Any]:
        source_id = outcome.source.source_id
        place = outcome_place(collection_id, source_id, run, owner_hash)
        return {
            "whole": collection_id,
            "one": source_id,
            "its_run": run,
            "is_answer": isinstance(outcome, SourceAnswer),
            "outcome": self._rows.close_outcome(outcome, place),
        }

    def restart(self, collection_id: str, owner: str, source_id: str, asking: Asking) -> int | None:
        """A source whose deadline passed without an outcome is not being asked any more: its process died."""
        with self._database.write() as connection:
            owner_hash = _lock(connection, _owned(collection_id, owner))
            row = None if owner_hash is None else _find_source(connection, collection_id, source_id)
            if row is None or (row.outcome is None and asking.asked_at < row.deadline_at):
                return None
            run = self._begin_run(connection, row, str(owner_hash), _moments(asking))
            append_rows(connection, asking.rows([source_id]))
        return run

    def watch(self, collection_id: str, owner: str, until: datetime | None) -> bool:
        """Most often nothing changes: then nothing is written."""
        mine = _owned(collection_id, owner)
        query = select(collections.c.watched_until, collections.c.given_up_at).where(mine)
        with self._database.read() as connection:
            row = connection.execute(query).one_or_none()
        if row is not None and row.watched_until != until:
            with self._database.write() as connection:
                connection.execute(update(collections).where(mine).values(watched_until=until))
        return row is not None and row.given_up_at is not None

    def is_wanted(self, collection_id: str, owner: str, now: datetime) -> bool:
        if self.latest(owner) != collection_id:
            return False
        unwatched = and_(_owned(collection_id, owner), collections.c.watched_until < now)
        with self._database.read() as connection:
            if connection.execute(select(collections.c.collection_id).where(unwatched)).first() is None:
                return True
        with self._database.write() as connection:
            given_up = update(collections).where(unwatched).values(given_up_at=now)
            return connection.execute(given_up).rowcount == 0  # else: a sign came just now

    def resume(self, collection_id: str, owner: str, asking: Asking) -> dict[str, int]:
        given_up = and_(_owned(collection_id, owner), collections.c.given_up_at.is_not(None))
        with self._database.write() as connection:
            owner_hash = _lock(connection, given_up)
            if owner_hash is None:
                return {}
            values = {"given_up_at": None, "resumed_at": asking.asked_at}
            connection.execute(update(collections).where(given_up).values(values))
            unanswered = _sources_of(collection_id).where(collection_sources.c.outcome.is_(None))
            rows = connection.execute(unanswered).all()
            moments = _moments(asking)
            runs = {row.source_id: self._begin_run(connection, row, owner_hash, moments) for row in rows}
            append_rows(connection, asking.rows(runs))
        return runs

    def keep_snapshot(
        self, collection_id: str, owner: str, snapshot: StoredSnapshot
    ) -> StoredSnapshot | None:
        place = snapshot_place(collection_id, digest(owner))
        query = select(collections.c.snapshot).where(_owned(collection_id, owner))
        with self._database.write() as connection:
            if _lock(connection, _owned(collection_id, owner)) is None:
                return None
            stored = connection.execute(query).scalar_one()
            kept = None if stored is None else self._rows.open_snapshot(stored, place)
            if kept is not None and kept.fingerprint == snapshot.fingerprint:
                return kept
            values = {"snapshot": self._rows.close_snapshot(snapshot, place)}
            connection.execute(update(collections).where(_owned(collection_id, owner)).values(values))
        return snapshot

    def load_snapshot(self, collection_id: str, owner: str) -> StoredSnapshot | None:
        query = select(collections.c.snapshot).where(_owned(collection_id, owner))
        with self._database.read() as connection:
            stored = connection.execute(query).scalar_one_or_none()
        if stored is None:
            return None
        return self._rows.open_snapshot(stored, snapshot_place(collection_id, digest(owner)))

    def delete_owned_by(self, owner: str) -> None:
        """What this process still knows of it goes too, also when the database cannot be reached now."""
        self._cache.forget(digest(owner))
        with self._database.write() as connection:
            connection.execute(delete(collections).where(collections.c.owner_hash == digest(owner)))

    def purge(self, started_before: datetime) -> int:
        with self._database.write() as connection:
            old = collections.c.started_at < started_before
            return connection.execute(delete(collections).where(old)).rowcount

    def _begin_run(
        self, connection: Connection, row: AnyRow, owner_hash: str, moments: dict[str, datetime]
    ) -> int:
        """The claims that the source gave go along: a run that ends badly, or never, must not hide them."""
        run = int(row.run) + 1
        earlier = self._rows.kept_claims(row, owner_hash, run)
        _change_source(connection, row, {**moments, "run": run, "outcome": None, "earlier": earlier})
        return run

    def _source_columns(
        self, collection_id: str, owner_hash: str, source: Source, asked_at: datetime
    ) -> dict[str, Any]:
        where = source_place(collection_id, source.source_id, owner_hash)
        return {
            "source_id": source.source_id,
            "source": self._rows.close_source(source, asked_at, where),
            "outcome": None,
        }


def _begins(connection: Connection, owner_hash: str, at: datetime) -> datetime:
    """After every other one of this owner, also when that was begun on a machine whose clock is ahead: it is the newest."""
    newest = select(func.max(collections.c.started_at)).where(collections.c.owner_hash == owner_hash)
    last: datetime | None = connection.execute(newest).scalar_one()
    return at if last is None else max(at, last + timedelta(microseconds=1))


def _waiting_since(resumed_at: datetime | None, rows: Sequence[AnyRow]) -> datetime | None:
    """What was asked again on its own was in sight before, so nobody waits for it. Not the start of the collection: where it
    began after one of a machine that is ahead, that is later than its questions."""
    awaited = (row for row in rows if (row.run == 1 if resumed_at is None else row.asked_at == resumed_at))
    return min((row.asked_at for row in awaited), default=None)


def _check_number(connection: Connection, owner_hash: str, at_most: int) -> None:
    lock_name(connection, f"collections of:{owner_hash}")
    query = select(func.count()).select_from(collections).where(collections.c.owner_hash == owner_hash)
    if connection.execute(query).scalar_one() >= at_most:
        raise TooManyCollections


def _moments(asking: Asking) -> dict[str, Any]:
    return {"asked_at": asking.asked_at, "deadline_at": asking.deadline_at}


def _owned(collection_id: str, owner: str) -> ColumnElement[bool]:
    """An address can hold anything, and PostgreSQL refuses to look for a null character."""
    if not collection_id.isprintable():
        return false()
    return and_(collections.c.collection_id == collection_id, collections.c.owner_hash == digest(owner))


def _lock(connection: Connection, condition: ColumnElement[bool]) -> str | None:
    """Lock a whole collection and return its owner's hash. Everybody locks the collection before its sources."""
    query = select(collections.c.owner_hash).where(condition).with_for_update()
    owner_hash: str | None = connection.execute(query).scalar_one_or_none()
    return owner_hash


def _find_source(connection: Connection, collection_id: str, source_id: str) -> AnyRow | None:
    query = _sources_of(collection_id).where(collection_sources.c.source_id == source_id)
    return connection.execute(query).one_or_none()


def _change_source(connection: Connection, row: AnyRow, values: dict[str, Any]) -> None:
    here = collection_sources.c.collection_id == row.collection_id
    this = and_(here, collection_sources.c.source_id == row.source_id)
    connection.execute(update(collection_sources).where(this).values(values))


def _sources_of(collection_id: str) -> Select[tuple[Any, ...]]:
    here = collection_sources.c.collection_id == collection_id
    return select(collection_sources).where(here).order_by(collection_sources.c.position)
