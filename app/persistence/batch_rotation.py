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

# The owner may, and since PostgreSQL 17 whoever was granted MAINTAIN (app.persistence.rights), which older ones do not know.
_MAY_WRITE_ANEW = """
    SELECT pg_has_role(relowner, 'USAGE')
        OR CASE WHEN current_setting('server_version_num')::int >= 170000
                THEN has_table_privilege(oid, 'MAINTAIN') ELSE false END
    FROM pg_class WHERE oid = 'batch_deliveries'::regclass
"""


@dataclass(frozen=True, slots=True)
class Rotated:
    """How many deliveries came under the newest key, and how many cannot: their key is not in the ring. `wiped`: whether the
    old sealed keys left the disk."""

    deliveries: int
    lost: int
    wiped: bool = True


def rotate_keys(database: Database, keys: KeyRing) -> Rotated:
    """While the service runs; may break off anywhere and be done again. Programs that do not know the newest key yet
    find no delivery of which the key was rotated. Raises StorageUnavailable."""
    old = select(deliveries).where(
        deliveries.c.sealed_key.is_not(None), deliveries.c.key_id != keys.newest_id
    )
    with database.read() as connection:
        found = connection.execute(old).all()
    done = [_rotate_one(database, keys, row) for row in found]
    wiped = _forget_old_versions(database)
    return Rotated(sum(done), len(done) - sum(done), wiped)


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


def _forget_old_versions(database: Database) -> bool:
    """What was overwritten still stands in the write-ahead log of SQLite, or as an old row version in PostgreSQL. The
    table is tiny: one row per delivery. False: this role may not do so, and PostgreSQL would only warn."""
    if database.engine.dialect.name == "sqlite":
        return _upkeep(database, "PRAGMA wal_checkpoint(TRUNCATE)")
    with database.read() as connection:
        allowed = connection.execute(text(_MAY_WRITE_ANEW)).scalar_one()
    return bool(allowed) and _upkeep(database, "VACUUM FULL batch_deliveries")


def _upkeep(database: Database, statement: str) -> bool:
    with database.outside_transactions() as connection:
        connection.execute(text(statement))
    return True
