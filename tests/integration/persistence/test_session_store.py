import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Table, insert, select, update

from app.persistence.cipher import KeyRing, new_key_line
from app.persistence.collection_store import SqlCollectionStore
from app.persistence.engine import Database
from app.persistence.key_uses import uses_of
from app.persistence.session_store import SqlSessionStore
from app.persistence.tables import operator_sessions, sessions
from app.ports.collections import Asking
from app.ports.sessions import EndedSession, StoredSession

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
PAYLOAD = b'{"bsn": "111111110"}'
ME = "111111110"


def stored(owner: str = "owner", at: datetime = NOW) -> StoredSession:
    return StoredSession(PAYLOAD, owner, at, at)


@pytest.fixture
def store(database: Database, keys: KeyRing) -> SqlSessionStore:
    return SqlSessionStore(database, keys)


def test_a_session_comes_back_as_it_was(store: SqlSessionStore) -> None:
    store.create("id", stored())
    assert store.load("id") == stored()
    assert store.load("other") is None


def test_an_update_changes_the_newest_payload(store: SqlSessionStore) -> None:
    store.create("id", stored())
    later = NOW + timedelta(seconds=5)
    assert store.update("id", lambda payload: payload + b"!", later)
    assert store.load("id") == StoredSession(PAYLOAD + b"!", "owner", NOW, later)


def test_parallel_updates_lose_nothing(store: SqlSessionStore) -> None:
    store.create("id", stored())

    def add() -> None:
        for _ in range(5):
            store.update("id", lambda payload: payload + b".", NOW)

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = store.load("id")
    assert found is not None
    assert found.payload == PAYLOAD + b"." * 20


def test_an_update_does_not_bring_back_an_ended_session(store: SqlSessionStore) -> None:
    store.create("id", stored())
    store.delete("id")
    assert not store.update("id", lambda payload: payload, NOW)
    store.touch("id", NOW)
    assert store.load("id") is None


def test_touching_never_goes_back_in_time(store: SqlSessionStore) -> None:
    store.create("id", stored())
    store.touch("id", NOW + timedelta(seconds=9))
    store.touch("id", NOW + timedelta(seconds=3))
    found = store.load("id")
    assert found is not None
    assert found.seen_at == NOW + timedelta(seconds=9)


def test_purging_keeps_what_is_within_both_limits(store: SqlSessionStore) -> None:
    store.create("idle", StoredSession(PAYLOAD, "a", NOW, NOW - timedelta(minutes=16)))
    store.create("old", StoredSession(PAYLOAD, "b", NOW - timedelta(minutes=61), NOW))
    store.create("fresh", stored("c"))
    assert len(store.purge(NOW - timedelta(minutes=60), NOW - timedelta(minutes=15))) == 2
    assert store.load("fresh") is not None
    assert store.load("idle") is store.load("old") is None


def test_collections_end_with_the_session_of_their_owner(
    store: SqlSessionStore, database: Database, keys: KeyRing
) -> None:
    collections = SqlCollectionStore(database, keys)
    for name in ("one", "two"):
        store.create(name, stored(owner=f"owner-{name}"))
        collections.create(f"collection-{name}", f"owner-{name}", [], Asking(NOW, NOW))
    store.delete("one")
    assert collections.latest("owner-one") is None
    assert collections.latest("owner-two") == "collection-two"
    store.purge(NOW + timedelta(seconds=1), NOW)
    assert collections.latest("owner-two") is None


def test_who_deletes_a_session_is_told_what_it_was_and_nobody_else_is(store: SqlSessionStore) -> None:
    """Each end stands in the audit log once, whoever of two processes was first."""
    seen = NOW + timedelta(minutes=1)
    store.create("id", StoredSession(PAYLOAD, "owner", NOW, seen))
    assert store.delete("id") == (EndedSession(PAYLOAD, NOW, seen),)
    assert store.delete("id") == ()


def test_a_session_that_cannot_be_read_any_more_is_deleted_all_the_same(
    store: SqlSessionStore, database: Database
) -> None:
    SqlSessionStore(database, KeyRing.parse(new_key_line("lost"))).create("id", stored())
    assert store.delete("id") == (EndedSession(b"", NOW, NOW),)


def of(person: str, owner: str) -> StoredSession:
    return StoredSession(PAYLOAD, owner, NOW, NOW, person=person)


def test_the_sessions_of_one_person_are_found_and_end_without_touching_others(store: SqlSessionStore) -> None:
    for name, person in (("one", ME), ("two", ME), ("other", "999993549")):
        store.create(name, of(person, f"owner-{name}"))
    store.create("nobody", stored("owner-nobody"))
    found = store.of_person(ME, "owner-one")
    assert sorted(one.is_this for one in found) == [False, True]
    assert store.of_person("999998493", "owner-one") == ()
    theirs = store.of_person("999993549", "owner-one")[0].handle
    assert store.end_person(ME, [theirs]) == ()
    assert len(store.end_person(ME, [one.handle for one in found if not one.is_this])) == 1
    assert [name for name in ("one", "two", "other", "nobody") if store.load(name)] == [
        "one",
        "other",
        "nobody",
    ]
    assert len(store.end_person(ME)) == 1
    assert len(store.end_all()) == 2


def test_sessions_of_one_person_are_found_after_a_change_of_keys_and_not_on_the_other_site(
    database: Database, key_text: str
) -> None:
    SqlSessionStore(database, KeyRing.parse(key_text)).create("old", of(ME, "a"))
    ring = KeyRing.parse(key_text + new_key_line("two"))
    rotated = SqlSessionStore(database, ring)
    rotated.create("new", of(ME, "b"))
    assert len(rotated.of_person(ME, "a")) == 2
    assert SqlSessionStore(database, ring, operator_sessions).of_person(ME, "a") == ()
    with database.read() as connection:
        values = {str(value) for row in connection.execute(select(sessions)) for value in row}
    assert not [value for value in values if ME in value]


def test_what_is_written_again_stays_under_the_key_of_its_row(database: Database, key_text: str) -> None:
    """The names in the row were made with that key: while the row is there, the key is still needed."""
    SqlSessionStore(database, KeyRing.parse(key_text)).create("id", of(ME, "a"))
    rotated = SqlSessionStore(database, KeyRing.parse(key_text + new_key_line("two")))
    assert rotated.update("id", lambda payload: payload + b"!", NOW)
    assert uses_of(database, "one") == {"sessions": 1}
    assert uses_of(database, "two") == {}
    assert rotated.end_person(ME) == (EndedSession(PAYLOAD + b"!", NOW, NOW),)


def test_a_payload_moved_to_another_session_cannot_be_opened(
    store: SqlSessionStore, database: Database
) -> None:
    store.create("mine", stored("me"))
    store.create("theirs", stored("them"))
    with database.write() as connection:
        payload = connection.execute(select(sessions.c.payload)).scalars().first()
        connection.execute(update(sessions).values(payload=payload))
    assert [store.load("mine"), store.load("theirs")].count(None) == 1


def test_sessions_survive_a_new_storage_key_and_end_with_a_lost_one(
    database: Database, key_text: str
) -> None:
    SqlSessionStore(database, KeyRing.parse(key_text)).create("id", stored())
    rotated = KeyRing.parse(key_text + new_key_line("two"))
    lost = KeyRing.parse(new_key_line("three"))
    assert SqlSessionStore(database, rotated).load("id") == stored()
    assert SqlSessionStore(database, lost).load("id") is None


def test_a_session_of_one_site_does_not_exist_for_the_other(database: Database, keys: KeyRing) -> None:
    public, operator = SqlSessionStore(database, keys), SqlSessionStore(database, keys, operator_sessions)
    public.create("citizen", stored())
    operator.create("employee", stored("other owner"))
    assert public.load("employee") is None
    assert operator.load("citizen") is None
    operator.delete("citizen")
    assert len(operator.purge(NOW + timedelta(days=1), NOW + timedelta(days=1))) == 1
    assert public.load("citizen") == stored()


@pytest.mark.parametrize(("origin", "target"), [(sessions, operator_sessions), (operator_sessions, sessions)])
def test_a_row_that_is_copied_to_the_table_of_the_other_site_cannot_be_read_there(
    database: Database, keys: KeyRing, origin: Table, target: Table
) -> None:
    """By somebody who can write in the database, but has no key."""
    SqlSessionStore(database, keys, origin).create("id", stored())
    with database.write() as connection:
        rows = connection.execute(select(origin)).mappings().all()
        connection.execute(insert(target), [dict(row) for row in rows])
    assert SqlSessionStore(database, keys, origin).load("id") == stored()
    assert SqlSessionStore(database, keys, target).load("id") is None
