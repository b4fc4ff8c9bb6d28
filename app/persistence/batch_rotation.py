"""After a new installation key: the sealed keys of all deliveries come under it. Records stay as they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select, text, update

from app.persistence.batch_keys import DeliveryKey, key_place
from app.persistence.cipher import KeyRing
from app.persistence.engine import Database
from app.persistence.tables import batch_deliveries as deliveries
from app.ports.storage import StoredDataUnreadable


@dataclass(frozen=True, slots=True)
class Rotated:
    """How many deliveries came under the newest key, and how many cannot: their key is not in the ring."""

    deliveries: int
    lost: int


def rotate_keys(database: Database, keys: KeyRing) -> Rotated:
    """While the service runs; may break off anywhere and be done again. Programs that do not know the newest key yet
    find no delivery of which the key was rotated. Raises StorageUnavailable."""
    old = select(deliveries).where(
        deliveries.c.sealed_key.is_not(None), deliveries.c.key_id != keys.newest_id
    )
    with database.read() as connection:
        found = connection.execute(old).all()
    done = [_rotate_one(database, keys, row) for row in found]
    _forget_old_versions(database)
    return Rotated(sum(done), len(done) - sum(done))


def _rotate_one(database: Database, keys: KeyRing, row: Row[Any]) -> bool:
    place = key_place(row.delivery_id, row.source_id)
    try:
        sealed = DeliveryKey.unseal(row.sealed_key, keys, place).seal(keys, place)
    except StoredDataUnreadable:
        return False
    # Nothing happens when a newer delivery made this key forgotten meanwhile.
    same = (deliveries.c.delivery_id == row.delivery_id) & (deliveries.c.sealed_key == row.sealed_key)
    with database.write() as connection:
        connection.execute(update(deliveries).where(same).values(sealed_key=sealed, key_id=keys.newest_id))
    return True


def _forget_old_versions(database: Database) -> None:
    """What was overwritten still stands in the write-ahead log of SQLite, or as an old row version in PostgreSQL. The
    table is tiny: one row per delivery."""
    clean = {"sqlite": "PRAGMA wal_checkpoint(TRUNCATE)", "postgresql": "VACUUM FULL batch_deliveries"}
    with database.outside_transactions() as connection:
        connection.execute(text(clean[database.engine.dialect.name]))
