"""Lists survive a restart, are replaced whole, and two processes cannot take an older one after a newer one."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.persistence.engine import Database, open_database
from app.persistence.scheme_store import SqlSchemeStore
from sources.errors import SourceUnavailable
from sources.ports import HeldScheme, RememberedOrganisation, SchemeCheck

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HELD = HeldScheme(
    token=b"a.b.c",
    version=2**52,
    fingerprint="f" * 64,
    issued_at=NOON,
    taken_at=NOON + timedelta(microseconds=1),
    organisations=(
        RememberedOrganisation("00000001900000021000", "Gemeente Één"),
        RememberedOrganisation("00000001900000022000", "Gemeente Twee", NOON),
    ),
)


class Refused(Exception):
    pass


def test_what_is_held_comes_back_as_it_was(database: Database, url: str) -> None:
    store = SqlSchemeStore(database)
    assert store.load("lijst") is None
    assert store.last_check("lijst") is None
    assert store.replace("lijst", lambda held: held or HELD) == HELD
    other = open_database(url)
    assert SqlSchemeStore(other).load("lijst") == HELD
    assert SqlSchemeStore(other).load("andere") is None
    other.close()


def test_a_check_is_noted_beside_the_list_and_without_one(database: Database) -> None:
    store = SqlSchemeStore(database)
    for problem in ("refused", None):
        store.note("lijst", SchemeCheck(NOON, problem))
        assert store.last_check("lijst") == SchemeCheck(NOON, problem)
    assert store.load("lijst") is None
    store.replace("lijst", lambda _held: HELD)
    assert store.last_check("lijst") == SchemeCheck(NOON, None)
    assert store.load("lijst") == HELD


def test_a_refusal_changes_nothing(database: Database) -> None:
    store = SqlSchemeStore(database)
    store.replace("lijst", lambda _held: HELD)

    def refuse(held: HeldScheme | None) -> HeldScheme:
        assert held == HELD
        raise Refused

    with pytest.raises(Refused):
        store.replace("lijst", refuse)
    assert store.load("lijst") == HELD


def test_of_many_that_replace_at_once_the_highest_version_stays(database: Database) -> None:
    store = SqlSchemeStore(database)

    def offer(version: int) -> None:
        def decide(held: HeldScheme | None) -> HeldScheme:
            return replace(HELD, version=max(version, held.version if held else 0))

        store.replace("lijst", decide)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(offer, [3, 1, 9, 4, 2, 8, 5, 7, 6]))
    held = store.load("lijst")
    assert held is not None
    assert held.version == 9


def test_a_database_that_cannot_be_used_is_a_source_error() -> None:
    store = SqlSchemeStore(open_database("sqlite:////nowhere/at/all.sqlite3"))
    with pytest.raises(SourceUnavailable):
        store.load("lijst")
    with pytest.raises(SourceUnavailable):
        store.note("lijst", SchemeCheck(NOON, None))
