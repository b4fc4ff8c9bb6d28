"""Overviews shared with an organisation: found and opened with its own keys only, and really gone in the end."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from app.persistence.cipher import KeyRing
from app.persistence.engine import Database
from app.persistence.organisation_share_store import SqlOrganisationShareStore
from app.persistence.organisation_vault import OrganisationVault
from app.persistence.share_store import TICKET_LASTS, SqlShareStore, purge_shares
from app.persistence.share_vault import ShareVault
from app.persistence.tables import metadata, shares
from app.ports.audit import Pseudonym
from app.ports.shares import NewShare, SharedFile

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
WEEK = timedelta(days=7)
ANNA = Pseudonym("p1", "a" * 64)
FILES = {"pdf": SharedFile("a.pdf", "application/pdf", b"%PDF 999993549")}
SECRET, KEY = os.urandom(32), os.urandom(32)


def open_store(
    database: Database, keys: KeyRing, *own: bytes, secret: bytes = SECRET
) -> SqlOrganisationShareStore:
    """Two organisations; `own`: the keys of the first, oldest first."""
    stated = [(f"k{number}", key) for number, key in enumerate(own or (KEY,))]
    vault = OrganisationVault(secret, {"bank": stated, "team": [("k0", KEY)]})
    return SqlOrganisationShareStore(database, keys, vault)


@pytest.fixture
def store(database: Database, keys: KeyRing) -> SqlOrganisationShareStore:
    return open_store(database, keys)


@pytest.fixture
def codes(database: Database, keys: KeyRing) -> SqlShareStore:
    """Counts, ends, and knows nothing of organisations."""
    return SqlShareStore(database, keys, ShareVault(SECRET))


def share(
    store: SqlOrganisationShareStore, share_id: str = "s1", whose: str = "bank", openings: int = 2
) -> None:
    number = "BK-2026-0000000000"
    new = NewShare(share_id, ANNA, "Stadsbank (OIN 1)", number, NOW, NOW + WEEK, openings, FILES)
    store.create(whose, "Sam, dossier 12", new)


@pytest.mark.threat("T-45")
def test_only_the_organisation_finds_it(store: SqlOrganisationShareStore) -> None:
    """Also when two organisations have the same key in their files by mistake."""
    share(store)
    [line] = store.listed("bank", NOW)
    assert (line.share_id, line.known_as, line.openings_left) == ("s1", "Sam, dossier 12", 2)
    found = store.find("bank", "s1", NOW)
    assert found is not None
    assert (found.files, found.subject) == (FILES, ANNA)
    for whose in ("team", "onbekend"):
        assert store.listed(whose, NOW) == ()
        assert store.find(whose, "s1", NOW) is None
    assert store.find("bank", "s1\0", NOW) is None
    with pytest.raises(KeyError):
        share(store, "s2", "onbekend")


def test_it_opens_as_often_as_was_agreed_and_a_ticket_downloads_for_a_moment(
    store: SqlOrganisationShareStore, codes: SqlShareStore
) -> None:
    share(store, openings=1)
    counted = codes.count("s1", "Noor, Stadsbank", NOW, ())
    assert counted is not None
    assert store.find("bank", "s1", NOW) is None
    assert store.listed("bank", NOW) == ()
    assert store.find_again("bank", "s1", counted.ticket, NOW + TICKET_LASTS / 2) is not None
    assert store.find_again("bank", "s1", counted.ticket, NOW + TICKET_LASTS) is None
    assert store.find_again("bank", "s1", "een andere bon", NOW) is None
    assert store.find_again("team", "s1", counted.ticket, NOW) is None
    [state] = codes.of_person([ANNA])
    assert (state.by_log_in, state.openings[0].by) == (True, "Noor, Stadsbank")


@pytest.mark.threat("T-45")
@pytest.mark.threat("T-39")
def test_the_database_with_one_of_both_secrets_reveals_nothing(
    store: SqlOrganisationShareStore, database: Database, keys: KeyRing
) -> None:
    share(store)
    for thief in (
        open_store(database, keys, os.urandom(32)),
        open_store(database, keys, secret=os.urandom(32)),
    ):
        assert thief.listed("bank", NOW) == ()
        assert thief.find("bank", "s1", NOW) is None
    with database.read() as connection:
        rows = [row for table in metadata.sorted_tables for row in connection.execute(select(table)).all()]
    stored = b"\n".join(one if isinstance(one, bytes) else str(one).encode() for row in rows for one in row)
    assert b"BK-2026-0000000000" in stored  # the search finds what is there in plain
    assert not [word for word in (b"Sam", b"bank", b"Stadsbank", b"999993549", b"%PDF") if word in stored]


def test_a_new_key_closes_and_the_old_one_still_opens(
    store: SqlOrganisationShareStore, database: Database, keys: KeyRing
) -> None:
    share(store)
    new = os.urandom(32)
    both = open_store(database, keys, KEY, new)
    share(both, "s2")
    assert [line.share_id for line in both.listed("bank", NOW)] == ["s1", "s2"]
    assert all(both.find("bank", share_id, NOW) for share_id in ("s1", "s2"))
    assert [line.share_id for line in store.listed("bank", NOW)] == ["s1"]


@pytest.mark.threat("T-45")
def test_a_row_in_the_place_of_another_opens_nothing(
    store: SqlOrganisationShareStore, database: Database
) -> None:
    """Whoever can write in the database gives a share to another organisation, or mixes two."""
    share(store)
    share(store, "s2")
    share(store, "s3", "team")
    with database.write() as connection:
        rows = {row.share_id: row for row in connection.execute(select(shares)).all()}
        for share_id, source in (("s1", rows["s2"]), ("s3", rows["s1"])):
            stolen = {"content": source.content, "known_as": source.known_as}
            connection.execute(update(shares).where(shares.c.share_id == share_id).values(stolen))
        theirs = {"organisation_hash": rows["s3"].organisation_hash}
        connection.execute(update(shares).where(shares.c.share_id == "s2").values(theirs))
    assert store.find("bank", "s1", NOW) is None
    assert [store.find("team", share_id, NOW) for share_id in ("s2", "s3")] == [None, None]
    assert {line.known_as for line in (*store.listed("bank", NOW), *store.listed("team", NOW))} == {""}


def test_what_ended_leaves_nothing_to_read(
    store: SqlOrganisationShareStore, codes: SqlShareStore, database: Database
) -> None:
    """By the citizen, or by itself."""
    share(store)
    share(store, "s2")
    assert codes.end("s1", [ANNA], NOW) is not None
    assert [line.share_id for line in store.listed("bank", NOW)] == ["s2"]
    assert store.listed("bank", NOW + WEEK) == ()
    assert store.find("bank", "s2", NOW + WEEK) is None
    assert purge_shares(database, NOW + WEEK) == 1
    with database.read() as connection:
        left = connection.execute(select(shares.c.content, shares.c.known_as)).all()
    assert [tuple(row) for row in left] == [(None, None), (None, None)]
