from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.persistence.cipher import KeyRing
from app.persistence.collection_store import SqlCollectionStore
from app.persistence.engine import Database
from app.persistence.outcome_cache import OutcomeCache
from app.persistence.tables import collection_sources, collections
from app.ports.collections import AskedSource, Asking, StoredCollection, StoredSnapshot
from app.ports.storage import StoredDataUnreadable
from claims.money import LARGEST_CENTS
from claims.outcome import FailureCause, SourceFailure
from tests.integration.persistence.outcomes import NOW, answer, failure, source

DEADLINE = NOW + timedelta(seconds=10)
AT_FIRST = Asking(NOW, DEADLINE)
LATER = DEADLINE + timedelta(seconds=1)
SNAPSHOT = StoredSnapshot("BK-2026-0000000000", "f" * 64, b'{"bsn":\n"111111110"}')


@pytest.fixture
def store(database: Database, keys: KeyRing) -> SqlCollectionStore:
    return SqlCollectionStore(database, keys)


def create(store: SqlCollectionStore, collection_id: str = "c1", owner: str = "me") -> None:
    store.create(collection_id, owner, [source("boetes"), source("belastingen")], Asking(NOW, DEADLINE))


def asked(store: SqlCollectionStore, source_id: str) -> AskedSource:
    found = store.load("c1", "me")
    assert found is not None
    return next(one for one in found.sources if one.source.source_id == source_id)


def test_a_new_collection_shows_every_source_as_unanswered_in_the_given_order(
    store: SqlCollectionStore,
) -> None:
    create(store)
    expected = tuple(AskedSource(source(s), 1, NOW, DEADLINE, None) for s in ("boetes", "belastingen"))
    assert store.load("c1", "me") == StoredCollection("c1", NOW, NOW, expected)


def test_of_two_that_make_the_same_collection_at_once_one_does(store: SqlCollectionStore) -> None:
    with ThreadPoolExecutor(2) as pool:
        made = [pool.submit(store.create, "c1", "me", [source("boetes")], AT_FIRST) for _ in range(2)]
        assert sorted(one.result() for one in made) == [False, True]
    assert asked(store, "boetes").run == 1


def test_outcomes_come_back_as_they_were(store: SqlCollectionStore) -> None:
    create(store)
    store.save_outcomes("c1", [(1, answer("belastingen"))])
    store.save_outcomes("c1", [(1, failure("boetes"))])
    assert asked(store, "belastingen").outcome == answer("belastingen")
    assert asked(store, "boetes").outcome == failure("boetes")


def test_an_answer_that_cannot_be_read_back_is_no_answer_and_hides_no_other(
    store: SqlCollectionStore,
) -> None:
    create(store)
    store.save_outcomes("c1", [(1, answer("belastingen"))])
    beyond_one_amount = answer("boetes", cents=LARGEST_CENTS + 1)
    store.save_outcomes("c1", [(1, beyond_one_amount)])
    assert asked(store, "belastingen").outcome == answer("belastingen")
    expected = SourceFailure(source=source("boetes"), failed_at=NOW, cause=FailureCause.INTERNAL)
    assert asked(store, "boetes").outcome == expected


@pytest.mark.parametrize("odd", ["\0", "c1\0", "", "x" * 4000])
def test_an_id_that_we_never_gave_out_is_simply_not_there(store: SqlCollectionStore, odd: str) -> None:
    """Whoever asks, and in whatever order: a page for a browser without scripts says first that somebody waits."""
    create(store)
    assert store.watch(odd, "me", LATER) is False
    assert store.load(odd, "me") is None
    assert store.stamp(odd, "me") is None
    assert store.restart(odd, "me", "boetes", Asking(NOW, LATER)) is None
    assert store.resume(odd, "me", Asking(NOW, LATER)) == {}
    assert store.is_wanted(odd, "me", NOW) is False
    assert store.keep_snapshot(odd, "me", SNAPSHOT) is None
    assert store.load_snapshot(odd, "me") is None


def test_another_owner_finds_and_changes_nothing(store: SqlCollectionStore) -> None:
    create(store)
    store.save_outcomes("c1", [(1, answer())])
    assert store.keep_snapshot("c1", "somebody else", SNAPSHOT) is None
    assert store.load("c1", "somebody else") is None
    assert store.stamp("c1", "somebody else") is None
    assert store.latest("somebody else") is None
    assert store.load_snapshot("c1", "somebody else") is None
    assert store.restart("c1", "somebody else", "belastingen", Asking(LATER, LATER)) is None
    store.delete_owned_by("somebody else")
    assert asked(store, "belastingen").outcome == answer()
    assert store.load_snapshot("c1", "me") is None


def test_the_stamp_changes_with_every_change_that_a_page_could_show(store: SqlCollectionStore) -> None:
    create(store)
    stamps = [store.stamp("c1", "me")]
    assert store.stamp("c1", "me") == stamps[0]
    store.save_outcomes("c1", [(1, failure())])
    stamps.append(store.stamp("c1", "me"))
    store.save_outcomes("c1", [(1, answer())])
    stamps.append(store.stamp("c1", "me"))
    store.save_outcomes("c1", [(1, answer("boetes"))])
    stamps.append(store.stamp("c1", "me"))
    assert store.restart("c1", "me", "boetes", Asking(LATER, LATER + timedelta(seconds=10))) == 2
    stamps.append(store.stamp("c1", "me"))
    store.save_outcomes("c1", [(2, answer("boetes", cents=1))])
    stamps.append(store.stamp("c1", "me"))
    store.save_outcomes("c1", [(2, answer("boetes", cents=2))])  # as long as the one before
    stamps.append(store.stamp("c1", "me"))
    assert len(set(stamps)) == 7
    store.delete_owned_by("me")
    assert store.stamp("c1", "me") is None


def test_a_late_outcome_of_an_earlier_run_is_ignored(store: SqlCollectionStore) -> None:
    create(store)
    assert store.restart("c1", "me", "belastingen", Asking(LATER, LATER + timedelta(seconds=10))) == 2
    store.save_outcomes("c1", [(1, failure())])
    assert asked(store, "belastingen").outcome is None
    store.save_outcomes("c1", [(2, answer())])
    store.save_outcomes("c1", [(1, failure())])
    assert asked(store, "belastingen").outcome == answer()


def test_a_failure_never_hides_an_answer_of_the_same_run(store: SqlCollectionStore) -> None:
    create(store)
    store.save_outcomes("c1", [(1, answer())])
    store.save_outcomes("c1", [(1, failure())])
    assert asked(store, "belastingen").outcome == answer()


def test_a_late_answer_replaces_a_failure_of_the_same_run(store: SqlCollectionStore) -> None:
    create(store)
    store.save_outcomes("c1", [(1, failure())])
    store.save_outcomes("c1", [(1, answer())])
    assert asked(store, "belastingen").outcome == answer()


def test_an_outcome_for_a_collection_or_source_that_is_gone_is_ignored(store: SqlCollectionStore) -> None:
    create(store)
    store.save_outcomes("c1", [(1, answer("unknown source"))])
    store.delete_owned_by("me")
    store.save_outcomes("c1", [(1, answer())])
    assert store.load("c1", "me") is None


def test_a_source_that_is_still_being_asked_is_not_restarted(store: SqlCollectionStore) -> None:
    create(store)
    assert store.restart("c1", "me", "belastingen", Asking(NOW, DEADLINE)) is None
    assert store.restart("c1", "me", "unknown", Asking(LATER, LATER)) is None


def test_a_restart_clears_the_failure_and_counts(store: SqlCollectionStore) -> None:
    create(store)
    store.save_outcomes("c1", [(1, failure())])
    assert store.restart("c1", "me", "belastingen", Asking(NOW, LATER)) == 2
    assert asked(store, "belastingen") == AskedSource(source(), 2, NOW, LATER, None)
    assert store.restart("c1", "me", "belastingen", Asking(NOW, LATER)) is None


def test_the_newest_collection_of_an_owner_is_found(store: SqlCollectionStore) -> None:
    create(store, "old")
    store.create("new", "me", [], Asking(LATER, LATER))
    create(store, "theirs", "them")
    assert store.latest("me") == "new"


def test_the_newest_snapshot_is_kept_byte_for_byte(store: SqlCollectionStore) -> None:
    create(store)
    assert store.load_snapshot("c1", "me") is None
    store.keep_snapshot("c1", "me", StoredSnapshot("BK-old", "x", b"old"))
    assert store.keep_snapshot("c1", "me", SNAPSHOT) == SNAPSHOT
    assert store.load_snapshot("c1", "me") == SNAPSHOT


def test_downloads_at_once_of_the_same_outcomes_share_one_snapshot(store: SqlCollectionStore) -> None:
    create(store)
    made = [StoredSnapshot(f"BK-{n}", "same", b"%d" % n) for n in range(4)]
    with ThreadPoolExecutor() as pool:
        kept = set(pool.map(lambda one: store.keep_snapshot("c1", "me", one), made))
    assert len(kept) == 1
    assert kept == {store.load_snapshot("c1", "me")}


def test_purging_takes_the_outcomes_along(store: SqlCollectionStore, database: Database) -> None:
    create(store)
    store.create("young", "me", [source()], Asking(LATER, LATER))
    assert store.purge(LATER) == 1
    assert store.load("c1", "me") is None
    with database.read() as connection:
        left = connection.execute(select(collection_sources.c.collection_id)).scalars().all()
    assert left == ["young"]


def test_a_row_given_to_another_owner_cannot_be_opened(store: SqlCollectionStore, database: Database) -> None:
    create(store)
    create(store, "theirs", "them")
    store.save_outcomes("c1", [(1, answer())])
    with database.write() as connection:
        query = select(collections.c.owner_hash).where(collections.c.collection_id == "theirs")
        thief = connection.execute(query).scalar_one()
        moved = update(collections).where(collections.c.collection_id == "c1")
        connection.execute(moved.values(owner_hash=thief))
    with pytest.raises(StoredDataUnreadable):
        store.load("c1", "them")


def test_what_one_person_has_just_looked_at_is_never_opened_for_another(
    database: Database, keys: KeyRing
) -> None:
    """Both rows are in the memory of this process, and one is copied over the other in the database."""
    store = SqlCollectionStore(database, keys)
    for collection_id, owner, cents in (("c1", "me", 100), ("theirs", "them", 999)):
        create(store, collection_id, owner)
        store.save_outcomes(collection_id, [(1, answer(cents=cents))])
        assert store.load(collection_id, owner) is not None
    assert asked(store, "belastingen").outcome == answer(cents=100)
    of_them = (collection_sources.c.collection_id == "theirs") & (
        collection_sources.c.source_id == "belastingen"
    )
    with database.write() as connection:
        theirs = connection.execute(select(collection_sources.c.outcome).where(of_them)).scalar_one()
        mine = update(collection_sources).where(collection_sources.c.collection_id == "c1")
        here = mine.where(collection_sources.c.source_id == "belastingen")
        connection.execute(here.values(outcome=theirs))
    with pytest.raises(StoredDataUnreadable):
        store.load("c1", "me")
    assert store.load("theirs", "me") is None


def test_an_outcome_is_decoded_once_and_a_new_one_is_seen_at_once(database: Database, keys: KeyRing) -> None:
    store, elsewhere = SqlCollectionStore(database, keys), SqlCollectionStore(database, keys)
    create(store)
    elsewhere.save_outcomes("c1", [(1, answer(cents=100))])
    assert asked(store, "belastingen").outcome is asked(store, "belastingen").outcome
    elsewhere.save_outcomes("c1", [(1, answer(cents=200))])
    assert asked(store, "belastingen").outcome == answer(cents=200)


def test_what_this_process_knows_ends_with_the_session(database: Database, keys: KeyRing) -> None:
    cache = OutcomeCache()
    store = SqlCollectionStore(database, keys, cache)
    create(store)
    create(store, "theirs", "them")
    for collection_id in ("c1", "theirs"):
        store.save_outcomes(collection_id, [(1, answer())])
    assert store.load("c1", "me")
    assert store.load("theirs", "them")
    before = len(cache)
    store.delete_owned_by("me")
    assert store.load("c1", "me") is None
    assert len(cache) == before - 3  # an outcome and two sources


def test_an_old_outcome_cannot_be_put_back_under_a_newer_run(
    store: SqlCollectionStore, database: Database
) -> None:
    create(store)
    store.save_outcomes("c1", [(1, failure("boetes"))])
    with database.write() as connection:
        connection.execute(update(collection_sources).values(run=2))
    with pytest.raises(StoredDataUnreadable):
        store.load("c1", "me")


SOON, LATER = NOW + timedelta(seconds=9), NOW + timedelta(seconds=10)


def test_without_a_watching_page_it_is_wanted_to_the_end(store: SqlCollectionStore) -> None:
    create(store)
    assert store.is_wanted("c1", "me", DEADLINE + timedelta(days=1))
    assert store.resume("c1", "me", Asking(LATER, DEADLINE)) == {}


def test_a_page_that_missed_its_moment_is_noticed_once_and_whoever_comes_back_first_resumes(
    store: SqlCollectionStore,
) -> None:
    create(store)
    store.save_outcomes("c1", [(1, answer("boetes"))])
    assert not store.watch("c1", "me", SOON)
    assert store.is_wanted("c1", "me", SOON)
    assert not store.is_wanted("c1", "me", LATER)
    assert store.watch("c1", "me", None)
    assert store.resume("c1", "me", Asking(LATER, DEADLINE)) == {"belastingen": 2}
    assert store.resume("c1", "me", Asking(LATER, DEADLINE)) == {}
    assert not store.watch("c1", "me", None)
    assert store.is_wanted("c1", "me", DEADLINE)
    found = store.load("c1", "me")
    assert found is not None
    assert (found.started_at, found.waiting_since) == (NOW, LATER)
    assert asked(store, "boetes").outcome == answer("boetes")


def test_an_answer_that_came_before_the_page_came_back_counts_and_later_ones_do_not(
    store: SqlCollectionStore,
) -> None:
    create(store)
    store.watch("c1", "me", SOON)
    store.is_wanted("c1", "me", LATER)
    store.save_outcomes("c1", [(1, answer("boetes"))])
    assert store.resume("c1", "me", Asking(LATER, DEADLINE)) == {"belastingen": 2}
    store.save_outcomes("c1", [(1, failure("belastingen"))])
    assert asked(store, "belastingen").outcome is None


def test_nobody_watches_or_resumes_for_somebody_else(store: SqlCollectionStore) -> None:
    create(store)
    assert not store.watch("c1", "you", SOON)
    assert store.is_wanted("c1", "me", LATER)
    store.watch("c1", "me", SOON)
    assert not store.is_wanted("c1", "me", LATER)
    assert store.resume("c1", "you", Asking(LATER, DEADLINE)) == {}
    assert not store.watch("c1", "you", None)


def test_a_collection_that_is_gone_or_no_longer_the_newest_is_not_wanted(store: SqlCollectionStore) -> None:
    create(store)
    store.create("c2", "me", [source("boetes")], Asking(LATER, DEADLINE))
    assert not store.is_wanted("c1", "me", NOW)
    assert store.is_wanted("c2", "me", NOW)
    store.delete_owned_by("me")
    assert not store.is_wanted("c2", "me", NOW)
