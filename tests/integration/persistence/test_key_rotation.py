"""A new storage key: deliveries come under it while the service runs, and the old key opens nothing any more."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select, text, update

from app.persistence.batch_keys import DeliveryKey, key_place
from app.persistence.batch_rotation import Rotated
from app.persistence.batch_store import SqlBatchStore
from app.persistence.cipher import KeyRing, Place, new_key_line
from app.persistence.engine import Database
from app.persistence.key_uses import uses_of
from app.persistence.session_store import SqlSessionStore
from app.persistence.tables import batch_deliveries, batch_records
from app.ports.sessions import StoredSession
from app.ports.storage import StoredDataUnreadable
from claims.identity import Bsn
from sources.errors import Misconfigured
from sources.ports import HeldRecords
from tests.integration.persistence.outcomes import NOW
from tests.integration.persistence.test_batch_store import DAY, ME, OTHER, TOWN, deliver, delivery, found


@pytest.fixture
def new_line() -> str:
    return new_key_line("two")


@pytest.fixture
def both(database: Database, key_text: str, new_line: str) -> SqlBatchStore:
    """As a program that was started after the new key was put into the file."""
    return SqlBatchStore(database, KeyRing.parse(key_text + new_line))


@pytest.fixture
def only_old(database: Database, keys: KeyRing) -> SqlBatchStore:
    return SqlBatchStore(database, keys)


@pytest.fixture
def only_new(database: Database, new_line: str) -> SqlBatchStore:
    return SqlBatchStore(database, KeyRing.parse(new_line))


def sealed_keys(database: Database) -> list[tuple[str, str, bytes]]:
    with database.read() as connection:
        rows = connection.execute(select(batch_deliveries)).all()
    return [(row.delivery_id, row.source_id, row.sealed_key) for row in rows if row.sealed_key]


def test_after_rotation_the_old_key_may_go(
    both: SqlBatchStore, only_old: SqlBatchStore, only_new: SqlBatchStore
) -> None:
    deliver(only_old, (ME, b"mine"), (OTHER, b"theirs"))
    deliver(only_old, (ME, b"there"), source_id="elders")
    with pytest.raises(Misconfigured):
        found(only_new)
    assert both.rotate_keys() == Rotated(2, 0)
    assert (found(only_new), found(only_new, OTHER)) == ((b"mine",), (b"theirs",))
    assert found(only_new, source_id="elders") == (b"there",)
    assert only_new.find(TOWN, Bsn("999998493")) == HeldRecords(NOW + DAY, 0, ())


def test_rotating_again_finds_nothing_to_do(both: SqlBatchStore, only_old: SqlBatchStore) -> None:
    deliver(only_old, (ME, b"mine"))
    assert both.rotate_keys() == Rotated(1, 0)
    assert both.rotate_keys() == Rotated(0, 0)


def test_a_rotation_that_broke_off_is_finished_by_the_next(
    both: SqlBatchStore, only_old: SqlBatchStore, only_new: SqlBatchStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        deliver(only_old, (ME, b"mine"), source_id=f"s{number}")
    real, calls = DeliveryKey.seal, []

    def broken(self: DeliveryKey, keys: KeyRing, place: Place) -> bytes:
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(self, keys, place)

    monkeypatch.setattr(DeliveryKey, "seal", broken)
    with pytest.raises(KeyboardInterrupt):
        both.rotate_keys()
    assert all(found(both, source_id=f"s{number}") == (b"mine",) for number in range(3))
    monkeypatch.undo()
    assert both.rotate_keys() == Rotated(2, 0)
    assert all(found(only_new, source_id=f"s{number}") == (b"mine",) for number in range(3))


def test_a_delivery_that_is_being_imported_meanwhile_is_rotated_too(
    both: SqlBatchStore, only_old: SqlBatchStore, only_new: SqlBatchStore
) -> None:
    def records() -> Iterator[tuple[Bsn, bytes]]:
        yield ME, b"before"
        assert both.rotate_keys() == Rotated(1, 0)
        yield ME, b"after"

    only_old.replace(TOWN, NOW, records(), lambda: delivery(1))
    assert found(only_new) == (b"before", b"after")


def test_a_delivery_of_which_the_key_is_gone_is_told_and_left(
    both: SqlBatchStore, database: Database, only_new: SqlBatchStore
) -> None:
    lost = SqlBatchStore(database, KeyRing.parse(new_key_line("lost")))
    deliver(lost, (ME, b"mine"))
    deliver(both, (ME, b"there"), source_id="elders")
    assert both.rotate_keys() == Rotated(0, 1)
    assert found(lost) == (b"mine",)
    assert found(only_new, source_id="elders") == (b"there",)


def test_no_bsn_is_needed_and_no_record_is_touched(
    both: SqlBatchStore, only_old: SqlBatchStore, database: Database
) -> None:
    deliver(only_old, (ME, b"mine"), (OTHER, b"theirs"))
    with database.read() as connection:
        before = connection.execute(select(batch_records)).all()
    both.rotate_keys()
    with database.read() as connection:
        assert connection.execute(select(batch_records)).all() == before


@pytest.mark.threat("T-23")
def test_a_stolen_database_and_the_old_key_open_nothing(
    both: SqlBatchStore, only_old: SqlBatchStore, database: Database, keys: KeyRing
) -> None:
    deliver(only_old, (ME, b"mine"))
    both.rotate_keys()
    with pytest.raises(Misconfigured):
        found(only_old)
    [(delivery_id, source_id, new)] = sealed_keys(database)
    with pytest.raises(StoredDataUnreadable):
        DeliveryKey.unseal(new, keys, key_place(delivery_id, source_id))


def traces(database: Database, sealed: bytes) -> bool:
    """Whether the sealed key may still stand on the disk: in the file or the log of SQLite; in PostgreSQL in the file
    that the table had before (it is written anew, so then it has another)."""
    if database.engine.dialect.name == "sqlite":
        assert database.engine.url.database
        file = Path(database.engine.url.database)
        return any(sealed in one.read_bytes() for one in file.parent.glob(f"{file.name}*"))
    with database.read() as connection:
        path = connection.execute(text("SELECT pg_relation_filepath('batch_deliveries')")).scalar_one()
    return bool(FILES.setdefault(sealed, path) == path)


FILES: dict[bytes, str] = {}


def test_what_was_sealed_under_the_old_key_leaves_the_disk(
    both: SqlBatchStore, only_old: SqlBatchStore, database: Database
) -> None:
    deliver(only_old, (ME, b"mine"))
    [(_, _, old)] = sealed_keys(database)
    assert traces(database, old)
    both.rotate_keys()
    assert not traces(database, old)
    assert traces(database, sealed_keys(database)[0][2])


def test_a_delivery_that_was_replaced_has_no_key_left(only_old: SqlBatchStore, database: Database) -> None:
    deliver(only_old, (ME, b"old"))
    [(_, _, old)] = sealed_keys(database)
    deliver(only_old, (ME, b"new"), number=2)
    assert len(sealed_keys(database)) == 1
    assert sealed_keys(database)[0][2] != old


def test_a_key_that_was_moved_to_another_delivery_opens_nothing(
    only_old: SqlBatchStore, database: Database
) -> None:
    deliver(only_old, (ME, b"here"))
    deliver(only_old, (ME, b"there"), source_id="elders")
    [(first, _, _), (_, _, key)] = sorted(sealed_keys(database), key=lambda row: row[1], reverse=True)
    with database.write() as connection:
        own = batch_deliveries.c.delivery_id == first
        connection.execute(update(batch_deliveries).where(own).values(sealed_key=key))
    with pytest.raises(Misconfigured):
        found(only_old)


def test_a_key_is_needed_as_long_as_anything_stands_under_it(
    both: SqlBatchStore, only_old: SqlBatchStore, database: Database, keys: KeyRing
) -> None:
    sessions = SqlSessionStore(database, keys)
    sessions.create("id", StoredSession(b"{}", "owner", NOW, NOW))
    deliver(only_old, (ME, b"mine"))
    assert uses_of(database, "one") == {"sessions": 1, "batch_deliveries": 1}
    assert uses_of(database, "two") == {}
    both.rotate_keys()
    sessions.delete("id")
    assert uses_of(database, "one") == {}
    assert uses_of(database, "two") == {"batch_deliveries": 1}
