"""Shared overviews in the database: opened by the code alone, counted, ended, and really gone."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from app.persistence.cipher import KeyRing
from app.persistence.engine import Database
from app.persistence.key_uses import uses_of
from app.persistence.share_store import KEPT_AFTER_END, TICKET_LASTS, SqlShareStore, purge_shares
from app.persistence.share_vault import ShareVault
from app.persistence.tables import share_openings, shares
from app.ports.audit import Pseudonym
from app.ports.shares import Counted, NewShare, SharedFile
from app.services.share_code import new_code

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
WEEK = timedelta(days=7)
ANNA, BRAM = Pseudonym("p1", "a" * 64), Pseudonym("p1", "b" * 64)
FILES = {
    "pdf": SharedFile("a.pdf", "application/pdf", b"%PDF 999993549"),
    "csv": SharedFile("a.csv", "text/csv", b"x"),
}
SECRET = os.urandom(32)


@pytest.fixture
def store(database: Database, keys: KeyRing) -> SqlShareStore:
    return SqlShareStore(database, keys, ShareVault(SECRET))


def share(store: SqlShareStore, share_id: str = "s1", openings: int = 2) -> str:
    code = new_code()
    number = "BK-2026-0000000000"
    store.create(code, NewShare(share_id, ANNA, "Mevrouw De Wit", number, NOW, NOW + WEEK, openings, FILES))
    return code


def opening(store: SqlShareStore, code: str, by: str = "Jan", now: datetime = NOW) -> Counted | None:
    found = store.find(code, now)
    return None if found is None else store.count(found.share_id, by, now, ())


@pytest.mark.threat("T-39")
def test_the_code_opens_it_as_often_as_was_agreed_and_every_time_is_written_down(
    store: SqlShareStore,
) -> None:
    code = share(store)
    found = store.find(code, NOW)
    assert found is not None
    assert found.files == FILES
    opened = [opening(store, code, by) for by in ("Jan", "Els", "te veel")]
    assert [one and one.openings_left for one in opened] == [1, 0, None]
    assert store.count("s1", "te veel", NOW, ()) is None
    [state] = store.of_person([ANNA])
    assert (state.with_whom, state.openings_left) == ("Mevrouw De Wit", 0)
    assert [one.by for one in state.openings] == ["Jan", "Els"]
    assert store.of_person([BRAM]) == ()


def test_the_ticket_of_an_opening_downloads_for_a_moment_without_counting(store: SqlShareStore) -> None:
    code = share(store, openings=1)
    opened = opening(store, code)
    assert opened is not None
    again = store.find_again(code, opened.ticket, NOW + TICKET_LASTS / 2)
    assert again is not None
    assert again.files == FILES
    assert store.find_again(code, opened.ticket, NOW + TICKET_LASTS) is None
    assert store.find_again(code, "een andere bon", NOW) is None


@pytest.mark.threat("T-39")
def test_ended_expired_or_another_code_opens_nothing(
    store: SqlShareStore, database: Database, keys: KeyRing
) -> None:
    code = share(store)
    assert store.find(new_code(), NOW) is None
    assert store.find(code, NOW + WEEK) is None
    assert store.count("s1", "Jan", NOW + WEEK, ()) is None
    assert SqlShareStore(database, keys, ShareVault(os.urandom(32))).find(code, NOW) is None
    assert store.end("s1", [BRAM], NOW) is None
    assert store.end("s1\0", [ANNA], NOW) is None
    assert store.end("s1", [ANNA], NOW) is not None
    assert store.end("s1", [ANNA], NOW) is None
    assert store.find(code, NOW) is None
    assert store.count("s1", "Jan", NOW, ()) is None
    assert content(database) == [None]


def test_of_two_at_once_the_last_opening_is_for_one(store: SqlShareStore) -> None:
    code = share(store, openings=1)
    with ThreadPoolExecutor(2) as pool:
        opened = [one.result() for one in [pool.submit(opening, store, code) for _ in range(2)]]
    assert sorted(one is not None for one in opened) == [False, True]


@pytest.mark.threat("T-39")
def test_a_row_in_the_place_of_another_opens_nothing(store: SqlShareStore, database: Database) -> None:
    code = share(store)
    share(store, "s2")
    with database.write() as connection:
        other = connection.execute(select(shares.c.content).where(shares.c.share_id == "s2")).scalar_one()
        connection.execute(update(shares).where(shares.c.share_id == "s1").values(content=other))
    assert store.find(code, NOW) is None


def test_purging_deletes_the_files_when_it_ends_and_the_rest_a_month_later(
    store: SqlShareStore, database: Database
) -> None:
    code = share(store, openings=1)
    assert opening(store, code) is not None
    assert purge_shares(database, NOW + TICKET_LASTS / 2) == 0
    assert purge_shares(database, NOW + TICKET_LASTS) == 1
    assert content(database) == [None]
    [state] = store.of_person([ANNA])
    assert state.ended_at == NOW + TICKET_LASTS
    assert purge_shares(database, NOW + WEEK + KEPT_AFTER_END) == 1
    with database.read() as connection:
        assert connection.execute(select(share_openings)).all() == []
    assert store.of_person([ANNA]) == ()


def test_the_storage_key_of_its_words_cannot_go_while_it_is_there(
    store: SqlShareStore, database: Database, keys: KeyRing
) -> None:
    share(store)
    assert uses_of(database, keys.newest_id) == {"shares": 1}


def content(database: Database) -> list[bytes | None]:
    with database.read() as connection:
        return list(connection.execute(select(shares.c.content)).scalars())
