"""A delivery that lost half of its people is refused, whatever it says of itself."""

from collections.abc import Iterable

import pytest

from app.persistence.batch_store import SqlBatchStore
from app.persistence.cipher import KeyRing, new_key_line
from app.persistence.engine import open_database
from claims.identity import Bsn
from sources.errors import Misconfigured
from sources.ports import BatchStore, Delivery, DeliveryRefused, HeldDelivery
from sources.shrinking import FEWEST, NotMuchSmaller
from tests.unit.sources.batch.support import ME, NOW, Town

DORP = "dorp"


def deliver(store: BatchStore, number: int, digest: str) -> None:
    records: Iterable[tuple[Bsn, bytes]] = ((Bsn(ME), b"x") for _ in range(number))
    delivery = Delivery(digest * 32, NOW, NOW.replace(year=NOW.year + 1), 0)
    store.replace(DORP, NOW, records, lambda: delivery)


def held(store: SqlBatchStore) -> int:
    found = store.held(DORP)
    return 0 if found is None else found.records


def test_far_fewer_records_than_before_change_nothing_and_the_numbers_are_told(town: Town) -> None:
    deliver(town.store, 100, "aa")
    with pytest.raises(
        DeliveryRefused, match=r"49 usable records and the delivery before it 100.*--accept-smaller"
    ):
        deliver(NotMuchSmaller(town.store, 0.5), 49, "bb")
    assert held(town.store) == 100


def test_half_of_it_more_of_it_or_a_confirmed_file_is_taken(town: Town) -> None:
    guarded = NotMuchSmaller(town.store, 0.5)
    deliver(guarded, 100, "aa")
    deliver(guarded, 50, "bb")
    assert held(town.store) == 50
    deliver(guarded, 500, "cc")
    deliver(NotMuchSmaller(town.store, 0.0), 1, "dd")
    assert held(town.store) == 1


def test_a_handful_may_halve(town: Town) -> None:
    deliver(town.store, FEWEST - 1, "aa")
    deliver(NotMuchSmaller(town.store, 1.0), 1, "bb")
    assert held(town.store) == 1


def test_another_refusal_is_told_first(town: Town) -> None:
    deliver(town.store, 100, "aa")

    def finish() -> Delivery:
        raise DeliveryRefused("cut off")

    with pytest.raises(DeliveryRefused, match="cut off"):
        NotMuchSmaller(town.store, 0.5).replace(DORP, NOW, [], finish)


def test_what_nobody_can_open_any_more_does_not_stand_in_the_way_of_a_new_file(town: Town) -> None:
    deliver(town.store, 100, "aa")
    database = open_database(f"sqlite:///{town.folder / 'town.sqlite3'}")
    elsewhere = SqlBatchStore(database, KeyRing.parse(new_key_line("another")))
    with pytest.raises(Misconfigured):
        elsewhere.held(DORP)
    deliver(NotMuchSmaller(elsewhere, 0.5), 1, "bb")
    assert elsewhere.held(DORP) == HeldDelivery(NOW, 1, 0)
    database.close()
