"""What municipalities deliver as files: per person under a keyed hash, encrypted, replaced as a whole.

A delivery is staged under an id of its own in short transactions, so that a large file does not keep other writers
waiting; one more transaction makes it the delivery that counts. A reader sees the old one or the new one, whole.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from itertools import islice
from time import monotonic
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from app.persistence.batch_keys import DeliveryKey, key_place
from app.persistence.batch_rotation import Rotated, rotate_keys
from app.persistence.cipher import KeyRing, Place
from app.persistence.engine import Database, lock_name
from app.persistence.tables import batch_deliveries as deliveries
from app.persistence.tables import batch_records as records_table
from app.ports.storage import StorageUnavailable, StoredDataUnreadable
from claims.identity import Bsn
from sources.errors import Misconfigured, SourceUnavailable
from sources.ports import Delivery, DeliveryRefused, HeldDelivery, HeldRecords

ROWS_PER_TRANSACTION = 2_000
STAGING_MAY_BE_SILENT = timedelta(
    hours=1
)  # an import that works gives a sign with every few thousand records
_SUPERSEDED = deliveries.c.current_of.is_(None) & deliveries.c.digest.is_not(None)


class SqlBatchStore:
    """Implements sources.ports.BatchStore."""

    def __init__(self, database: Database, keys: KeyRing) -> None:
        self._database = database
        self._keys = keys

    def find(self, source_id: str, bsn: Bsn) -> HeldRecords | None:
        with _as_source_errors(), self._database.read() as connection:
            current = connection.execute(_current(source_id)).one_or_none()
            if current is None:
                return None
            key = self._key_of(current)
            person = key.person_hash(source_id, bsn)
            mine = (records_table.c.delivery_id == current.delivery_id) & (
                records_table.c.person_hash == person
            )
            query = select(records_table).where(mine).order_by(records_table.c.position)
            rows = connection.execute(query).all()
            plain = (key.decrypt(r.payload, _place(r.delivery_id, r.position, person)) for r in rows)
            return HeldRecords(current.as_of, current.unplaced, tuple(plain))

    def age(self, source_id: str, now: datetime) -> timedelta | None:
        with self._database.read() as connection:
            current = connection.execute(_current(source_id)).one_or_none()
        return None if current is None else now - current.as_of

    def held(self, source_id: str) -> HeldDelivery | None:
        with _as_source_errors(), self._database.read() as connection:
            current = connection.execute(_current(source_id)).one_or_none()
            if current is None:
                return None
            self._key_of(current)
            own = records_table.c.delivery_id == current.delivery_id
            count = connection.execute(
                select(func.count()).select_from(records_table).where(own)
            ).scalar_one()
        return HeldDelivery(current.as_of, count, current.unplaced)

    def replace(
        self,
        source_id: str,
        started_at: datetime,
        records: Iterable[tuple[Bsn, bytes]],
        finish: Callable[[], Delivery],
    ) -> None:
        staged = secrets.token_hex(16)
        try:
            self._stage(staged, source_id, started_at, records)
            with self._database.write() as connection:
                _swap(connection, staged, source_id, finish())
        except BaseException:
            self._discard(staged)
            raise
        with suppress(StorageUnavailable):  # the new delivery counts already; `purge` deletes what stays
            self._remove_records_of(_SUPERSEDED & (deliveries.c.source_id == source_id))

    def rotate_keys(self) -> Rotated:
        """See `rotate_keys` of app.persistence.batch_rotation."""
        return rotate_keys(self._database, self._keys)

    def purge(self, now: datetime) -> int:
        """Delete deliveries that are too old, and what an import that broke off left. Returns how many deliveries."""
        abandoned = deliveries.c.digest.is_(None) & (deliveries.c.started_at < now - STAGING_MAY_BE_SILENT)
        with self._database.read() as connection:
            query = select(deliveries.c.delivery_id).where(abandoned | (deliveries.c.delete_at <= now))
            gone = connection.execute(query).scalars().all()
        for delivery_id in gone:
            self._remove(delivery_id)
        self._remove_records_of(_SUPERSEDED)
        return len(gone)

    def _stage(
        self, staged: str, source_id: str, started_at: datetime, records: Iterable[tuple[Bsn, bytes]]
    ) -> None:
        key = DeliveryKey.fresh()
        row = {
            "delivery_id": staged,
            "source_id": source_id,
            "key_id": self._keys.newest_id,
            "sealed_key": key.seal(self._keys, key_place(staged, source_id)),
            "started_at": started_at,
        }
        with self._database.write() as connection:
            connection.execute(insert(deliveries).values(row))
        rows, begun, this = (
            _rows(staged, source_id, key, records),
            monotonic(),
            deliveries.c.delivery_id == staged,
        )
        while chunk := list(islice(rows, ROWS_PER_TRANSACTION)):
            alive_at = started_at + timedelta(seconds=monotonic() - begun)
            with self._database.write() as connection:
                connection.execute(insert(records_table), chunk)
                connection.execute(update(deliveries).where(this).values(started_at=alive_at))

    def _key_of(self, delivery: Any) -> DeliveryKey:
        if delivery.sealed_key is None:
            raise StoredDataUnreadable(delivery.delivery_id)
        place = key_place(delivery.delivery_id, delivery.source_id)
        return DeliveryKey.unseal(delivery.sealed_key, self._keys, place)

    def _discard(self, staged: str) -> None:
        """After a failure. A last transaction that went through all the same made the delivery count: it stays."""
        query = select(deliveries.c.current_of).where(deliveries.c.delivery_id == staged)
        with suppress(StorageUnavailable):  # `purge` deletes what stays
            with self._database.read() as connection:
                counts = connection.execute(query).scalar() is not None
            if not counts:
                self._remove(staged)

    def _remove(self, delivery_id: str) -> None:
        """It stops to count before its first record goes: half a delivery must never look like a whole one."""
        this = deliveries.c.delivery_id == delivery_id
        with self._database.write() as connection:
            connection.execute(update(deliveries).where(this).values(current_of=None, sealed_key=None))
        self._remove_records(delivery_id)
        with self._database.write() as connection:
            connection.execute(delete(deliveries).where(this))

    def _remove_records_of(self, which: ColumnElement[bool]) -> None:
        with self._database.read() as connection:
            found = connection.execute(select(deliveries.c.delivery_id).where(which)).scalars().all()
        for delivery_id in found:
            self._remove_records(delivery_id)

    def _remove_records(self, delivery_id: str) -> None:
        own = records_table.c.delivery_id == delivery_id
        while True:
            with self._database.write() as connection:
                first = connection.execute(select(func.min(records_table.c.position)).where(own)).scalar()
                if first is None:
                    return
                some = own & (records_table.c.position < first + ROWS_PER_TRANSACTION)
                connection.execute(delete(records_table).where(some))


def _current(source_id: str) -> Any:
    return select(deliveries).where(deliveries.c.current_of == source_id)


def _swap(connection: Connection, staged: str, source_id: str, delivery: Delivery) -> None:
    lock_name(connection, f"batch:{source_id}")
    _refuse_what_is_not_new(connection, source_id, delivery)
    own = deliveries.c.current_of == source_id
    connection.execute(update(deliveries).where(own).values(current_of=None, sealed_key=None))
    values = {
        "current_of": source_id,
        "digest": delivery.digest,
        "as_of": delivery.as_of,
        "delete_at": delivery.delete_at,
        "unplaced": delivery.unplaced,
    }
    this = (deliveries.c.delivery_id == staged) & deliveries.c.sealed_key.is_not(None)
    if connection.execute(update(deliveries).where(this).values(values)).rowcount != 1:
        raise DeliveryRefused("reading the file took so long that what was read is gone")


def _refuse_what_is_not_new(connection: Connection, source_id: str, delivery: Delivery) -> None:
    """Earlier deliveries keep their row, without records, until their age is over: that is how a replay is known."""
    known = deliveries.c.source_id == source_id
    same = select(deliveries.c.delivery_id).where(known, deliveries.c.digest == delivery.digest)
    if connection.execute(same.limit(1)).one_or_none() is not None:
        raise DeliveryRefused("this very file was imported before")
    newest = connection.execute(select(func.max(deliveries.c.as_of)).where(known)).scalar()
    if newest is not None and delivery.as_of < newest:
        raise DeliveryRefused("the file is older than the delivery that we have")


def _rows(
    staged: str, source_id: str, key: DeliveryKey, records: Iterable[tuple[Bsn, bytes]]
) -> Iterator[dict[str, Any]]:
    """The source is in the hash, so that nobody sees that two sources know the same person."""
    for position, (bsn, plain) in enumerate(records):
        person = key.person_hash(source_id, bsn)
        payload = key.encrypt(plain, _place(staged, position, person))
        yield {"delivery_id": staged, "position": position, "person_hash": person, "payload": payload}


def _place(delivery_id: str, position: int, person_hash: str) -> Place:
    return Place("batch_records", f"{delivery_id}:{position}", person_hash)


@contextmanager
def _as_source_errors() -> Iterator[None]:
    try:
        yield
    except StorageUnavailable as error:
        raise SourceUnavailable("the store of deliveries cannot be used now") from error
    except StoredDataUnreadable as error:
        raise Misconfigured("a stored delivery cannot be opened: its key is gone") from error
