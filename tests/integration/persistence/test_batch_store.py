from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from app.persistence.batch_store import ROWS_PER_TRANSACTION, STAGING_MAY_BE_SILENT, SqlBatchStore
from app.persistence.cipher import KeyRing, new_key_line
from app.persistence.engine import Database, open_database
from app.persistence.tables import batch_deliveries, batch_records
from claims.identity import Bsn
from sources.errors import Misconfigured, SourceUnavailable
from sources.ports import Delivery, DeliveryRefused, HeldRecords
from tests.integration.persistence.outcomes import NOW

ME, OTHER = Bsn("111111110"), Bsn("999993549")
DAY = timedelta(days=1)
TOWN = "zonnedael"


@pytest.fixture
def store(database: Database, keys: KeyRing) -> SqlBatchStore:
    return SqlBatchStore(database, keys)


def delivery(number: int = 1, unplaced: int = 0) -> Delivery:
    return Delivery(f"{number:064}", NOW + number * DAY, NOW + (number + 60) * DAY, unplaced)


def deliver(
    store: SqlBatchStore, *records: tuple[Bsn, bytes], number: int = 1, source_id: str = TOWN
) -> None:
    store.replace(source_id, NOW, records, lambda: delivery(number))


def count(database: Database) -> int:
    with database.read() as connection:
        return connection.execute(select(func.count()).select_from(batch_records)).scalar_one()


def found(store: SqlBatchStore, bsn: Bsn = ME, source_id: str = TOWN) -> tuple[bytes, ...]:
    held = store.find(source_id, bsn)
    assert held is not None
    return held.records


def test_a_source_without_delivery_is_not_a_person_without_records(store: SqlBatchStore) -> None:
    assert store.find(TOWN, ME) is None
    assert store.age(TOWN, NOW) is None
    deliver(store, (OTHER, b"theirs"))
    assert store.find(TOWN, ME) == HeldRecords(NOW + DAY, 0, ())
    assert store.age(TOWN, NOW + 3 * DAY) == 2 * DAY


def test_each_person_gets_all_own_records_in_the_order_of_the_file(store: SqlBatchStore) -> None:
    deliver(store, (ME, b"one"), (OTHER, b"theirs"), (ME, b"two"))
    assert found(store) == (b"one", b"two")
    assert found(store, OTHER) == (b"theirs",)


def test_sources_do_not_see_each_others_deliveries(store: SqlBatchStore) -> None:
    deliver(store, (ME, b"here"))
    deliver(store, (ME, b"there"), source_id="elders")
    assert found(store) == (b"here",)
    assert found(store, source_id="elders") == (b"there",)


def test_one_person_has_another_hash_at_every_source(store: SqlBatchStore, database: Database) -> None:
    deliver(store, (ME, b"here"))
    deliver(store, (ME, b"there"), source_id="elders")
    with database.read() as connection:
        hashes = connection.execute(select(batch_records.c.person_hash)).scalars().all()
    assert len(set(hashes)) == 2


def test_a_new_delivery_replaces_the_old_one_wholly(store: SqlBatchStore, database: Database) -> None:
    deliver(store, (ME, b"old"), (OTHER, b"gone"))
    deliver(store, (ME, b"new"), number=2)
    assert found(store) == (b"new",)
    assert found(store, OTHER) == ()
    assert count(database) == 1


def broken(records: int, error: BaseException) -> Iterator[tuple[Bsn, bytes]]:
    for _ in range(records):
        yield ME, b"half"
    raise error


@pytest.mark.parametrize("error", [DeliveryRefused("cut off"), OSError("disk"), KeyboardInterrupt()])
def test_a_file_that_breaks_off_changes_nothing(
    store: SqlBatchStore, database: Database, error: BaseException
) -> None:
    deliver(store, (ME, b"old"))
    with pytest.raises(type(error)):
        store.replace(TOWN, NOW, broken(ROWS_PER_TRANSACTION + 5, error), lambda: delivery(2))
    assert found(store) == (b"old",)
    assert count(database) == 1


def test_a_delivery_that_counts_is_not_discarded_when_the_import_is_stopped_just_then(
    store: SqlBatchStore, database: Database
) -> None:
    deliver(store, (ME, b"new"))
    with database.read() as connection:
        delivery_id = connection.execute(select(batch_records.c.delivery_id)).scalar_one()
    store._discard(delivery_id)
    assert found(store) == (b"new",)


def test_until_its_end_a_new_delivery_does_not_count(store: SqlBatchStore) -> None:
    deliver(store, (ME, b"old"))
    seen: list[tuple[bytes, ...]] = []

    def look() -> Iterator[tuple[Bsn, bytes]]:
        for _ in range(ROWS_PER_TRANSACTION + 1):
            yield ME, b"new"
        seen.append(found(store))

    store.replace(TOWN, NOW, look(), lambda: delivery(2))
    assert seen == [(b"old",)]
    assert len(found(store)) == ROWS_PER_TRANSACTION + 1


@pytest.mark.parametrize(("number", "why"), [(2, "before"), (1, "before"), (0, "older")])
def test_a_replayed_or_older_delivery_is_refused(store: SqlBatchStore, number: int, why: str) -> None:
    deliver(store, (ME, b"first"), number=1)
    deliver(store, (ME, b"second"), number=2)
    with pytest.raises(DeliveryRefused, match=why):
        deliver(store, (ME, b"again"), number=number)
    assert found(store) == (b"second",)


def test_what_is_too_old_is_deleted_and_then_unknown(store: SqlBatchStore, database: Database) -> None:
    deliver(store, (ME, b"old"))
    assert store.purge(NOW + 60 * DAY) == 0
    assert found(store) == (b"old",)
    assert store.purge(NOW + 61 * DAY) == 1
    assert store.find(TOWN, ME) is None
    assert count(database) == 0


def test_what_a_killed_import_left_is_deleted_when_it_gave_no_sign_of_life(
    store: SqlBatchStore, database: Database
) -> None:
    store._stage("killed", TOWN, NOW, [(ME, b"half")] * (ROWS_PER_TRANSACTION + 1))
    assert store.find(TOWN, ME) is None
    assert store.purge(NOW + STAGING_MAY_BE_SILENT) == 0
    assert store.purge(NOW + 3 * STAGING_MAY_BE_SILENT) == 1
    assert count(database) == 0


def test_an_import_that_works_gives_a_sign_of_life_with_every_few_records(
    store: SqlBatchStore, database: Database
) -> None:
    """So one that takes many hours is not taken for a broken one."""
    signs = []

    def sign() -> datetime:
        with database.read() as connection:
            moment: datetime = connection.execute(select(batch_deliveries.c.started_at)).scalar_one()
        return moment

    def records() -> Iterator[tuple[Bsn, bytes]]:
        for number in range(2 * ROWS_PER_TRANSACTION + 1):
            if number % ROWS_PER_TRANSACTION == 0:
                signs.append(sign())
            yield ME, b"one"

    store.replace(TOWN, NOW, records(), lambda: delivery())
    assert NOW == signs[0] < signs[1] < signs[2]


def test_after_a_new_key_old_deliveries_are_still_found(
    store: SqlBatchStore, database: Database, key_text: str
) -> None:
    deliver(store, (ME, b"old"))
    rotated = SqlBatchStore(database, KeyRing.parse(key_text + new_key_line("two")))
    assert found(rotated) == (b"old",)
    deliver(rotated, (ME, b"new"), number=2)
    assert found(rotated) == (b"new",)


def test_a_delivery_under_a_lost_key_is_a_failure(store: SqlBatchStore, database: Database) -> None:
    deliver(store, (ME, b"old"))
    with pytest.raises(Misconfigured):
        SqlBatchStore(database, KeyRing.parse(new_key_line("other"))).find(TOWN, ME)


def test_a_record_that_was_moved_to_another_person_is_not_opened(
    store: SqlBatchStore, database: Database
) -> None:
    deliver(store, (ME, b"mine"), (OTHER, b"theirs"))
    with database.write() as connection:
        rows = connection.execute(select(batch_records).order_by(batch_records.c.position)).all()
        moved = update(batch_records).where(batch_records.c.position == 1)
        connection.execute(moved.values(person_hash=rows[0].person_hash))
    with pytest.raises(Misconfigured):
        store.find(TOWN, ME)


def test_a_database_that_is_away_is_a_source_that_is_unavailable(empty_url: str, keys: KeyRing) -> None:
    """Not migrated counts as away."""
    database = open_database(empty_url)
    with pytest.raises(SourceUnavailable):
        SqlBatchStore(database, keys).find(TOWN, ME)
    database.close()
