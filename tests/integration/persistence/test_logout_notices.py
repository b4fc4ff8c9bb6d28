"""The log-in provider ends sessions, on SQLite and PostgreSQL."""

import json
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from app.persistence.cipher import KeyRing, new_key_line
from app.persistence.collection_store import SqlCollectionStore
from app.persistence.engine import Database
from app.persistence.grant_store import SqlGrantStore
from app.persistence.session_store import SqlSessionStore
from app.persistence.tables import logout_notices, operator_sessions, sessions
from app.ports.clients import Binding
from app.ports.collections import Asking
from app.ports.consents import AuthorizationRequest, Confirmation, Grant
from app.ports.grants import Scope
from app.ports.login import LogoutNotice, Principal, ProviderSession
from app.ports.sessions import NoticeUsedBefore, StoredSession
from claims.identity import Bsn
from tests.integration.persistence.outcomes import NOW

ROOT = Path(__file__).parents[3]
ISSUER = "https://broker.example"
BSN = "111111110"
UNTIL = NOW + timedelta(minutes=5)


@pytest.fixture
def store(database: Database, keys: KeyRing) -> SqlSessionStore:
    return SqlSessionStore(database, keys)


def session(name: str, sid: str | None, subject: str = BSN) -> StoredSession:
    return StoredSession(b"{}", f"owner-{name}", NOW, NOW, ProviderSession(ISSUER, subject, sid))


def fill(store: SqlSessionStore) -> None:
    """Two log-ins of one person, one of another, one without sid, and one that the provider does not know."""
    for name, sid, subject in (
        ("one", "s1", BSN),
        ("two", "s2", BSN),
        ("other", "s3", "999993549"),
        ("without", None, BSN),
    ):
        store.create(name, session(name, sid, subject))
    store.create("unknown", StoredSession(b"{}", "owner-unknown", NOW, NOW))


def left(store: SqlSessionStore) -> set[str]:
    return {name for name in ("one", "two", "other", "without", "unknown") if store.load(name) is not None}


def notice(sid: str | None, subject: str | None, notice_id: str = "n1") -> LogoutNotice:
    return LogoutNotice(ISSUER, subject, sid, notice_id, UNTIL)


@pytest.mark.parametrize(
    ("sid", "subject", "gone"),
    [
        ("s1", None, {"one"}),
        ("s1", BSN, {"one", "without"}),
        (None, BSN, {"one", "two", "without"}),
        ("s1", "999993549", set()),
        ("s9", None, set()),
        (None, "s1", set()),
        (BSN, None, set()),
    ],
)
def test_what_is_named_ends_and_nothing_else(
    store: SqlSessionStore, sid: str | None, subject: str | None, gone: set[str]
) -> None:
    fill(store)
    assert len(store.end(notice(sid, subject))) == len(gone)
    assert left(store) == {"one", "two", "other", "without", "unknown"} - gone


def test_a_session_of_another_process_ends(
    store: SqlSessionStore, database: Database, key_text: str, url: str, tmp_path: Path
) -> None:
    """One process logs somebody in; the broker tells the other one."""
    key_file = tmp_path / "keys"
    key_file.write_text(key_text)
    program = "tests.integration.persistence.logging_in_process"
    command = [sys.executable, "-m", program, url, str(key_file), ISSUER, "s1"]
    subprocess.run(command, cwd=ROOT, check=True, timeout=100)
    assert store.load("of-the-other") is not None
    assert len(store.end(notice("s1", None))) == 1
    assert store.load("of-the-other") is None


def test_another_issuer_ends_nothing(store: SqlSessionStore) -> None:
    fill(store)
    assert store.end(replace(notice("s1", BSN), issuer="https://ander.example")) == ()


def test_a_notice_counts_once_per_issuer_and_site(
    store: SqlSessionStore, database: Database, keys: KeyRing
) -> None:
    fill(store)
    store.end(notice("s1", None))
    store.create("one", session("one", "s4"))
    with pytest.raises(NoticeUsedBefore):
        store.end(notice("s4", None))
    assert "one" in left(store)
    store.end(replace(notice("s1", None), issuer="https://ander.example"))
    SqlSessionStore(database, keys, operator_sessions).end(notice("s1", None))


def test_what_belongs_to_the_session_ends_with_it(
    store: SqlSessionStore, database: Database, keys: KeyRing
) -> None:
    collections = SqlCollectionStore(database, keys)
    fill(store)
    for name in ("one", "two"):
        collections.create(f"collection-{name}", f"owner-{name}", [], Asking(NOW, NOW))
    store.end(notice("s1", None))
    assert collections.latest("owner-one") is None
    assert collections.latest("owner-two") == "collection-two"


def test_a_session_that_is_stored_after_its_end_is_not_stored(store: SqlSessionStore) -> None:
    assert store.end(notice("s1", None)) == ()
    fill(store)
    assert left(store) == {"two", "other", "without", "unknown"}


def test_sessions_from_before_a_change_of_keys_end_too(database: Database, key_text: str) -> None:
    fill(SqlSessionStore(database, KeyRing.parse(key_text)))
    rotated = SqlSessionStore(database, KeyRing.parse(key_text + new_key_line("two")))
    rotated.create("new", session("new", "s5"))
    assert len(rotated.end(notice(None, BSN))) == 4


def test_the_names_of_the_provider_are_not_readable_and_differ_per_site(
    store: SqlSessionStore, database: Database, keys: KeyRing
) -> None:
    store.create("one", session("one", "s1"))
    SqlSessionStore(database, keys, operator_sessions).create("one", session("one", "s1"))
    SqlSessionStore(database, keys, operator_sessions).end(notice("s7", None, "n7"))
    with database.read() as connection:
        rows = [connection.execute(select(table)).one() for table in (sessions, operator_sessions)]
        used = connection.execute(select(logout_notices)).one()
    assert rows[0].subject_hash != rows[1].subject_hash
    assert rows[0].sid_hash != rows[1].sid_hash
    texts = [str(value) for row in (*rows, used) for value in row]
    assert not [text for text in texts if BSN in text or text in {"s1", "s7"}]


def test_notices_are_forgotten_when_no_session_can_be_left(
    store: SqlSessionStore, database: Database
) -> None:
    store.end(notice("s1", None))
    store.purge(UNTIL, UNTIL)
    with database.read() as connection:
        assert len(connection.execute(select(logout_notices)).all()) == 1
    store.purge(UNTIL + timedelta(seconds=1), UNTIL)
    with database.read() as connection:
        assert connection.execute(select(logout_notices)).all() == []


def allowed(app_grants: SqlGrantStore, name: str, sid: str | None, subject: str = BSN) -> None:
    """An app may ask for a citizen who logged in so; something was collected for it."""
    known_as = ProviderSession(ISSUER, subject, sid)
    principal = Principal(Bsn(BSN), "http://eidas.europa.eu/LoA/substantial", NOW, known_as)
    request = AuthorizationRequest(
        client_id="app",
        redirect_uri="https://app.example/terug",
        state="s" * 22,
        scopes=frozenset({Scope.OVERVIEW}),
        code_challenge="c" * 43,
        confirmation=Confirmation(Binding.DPOP, "t" * 43),
    )
    grant = Grant(name, f"owner-of-{name}", principal, request, NOW, UNTIL)
    app_grants.create(grant, f"code-{name}")


@pytest.mark.threat("T-35")
def test_what_an_app_may_do_ends_with_the_log_in_that_allowed_it(
    store: SqlSessionStore, database: Database, keys: KeyRing
) -> None:
    app_grants, collections = SqlGrantStore(database, keys), SqlCollectionStore(database, keys)
    fill(store)
    for name, sid, subject in (("a", "s1", BSN), ("b", "s2", BSN), ("c", None, BSN), ("d", None, "x")):
        allowed(app_grants, name, sid, subject)
        collections.create(f"collection-{name}", f"owner-of-{name}", [], Asking(NOW, NOW))

    def still() -> str:
        return "".join(name for name in "abcd" if app_grants.load(name, NOW) is not None)

    SqlSessionStore(database, keys, operator_sessions).end(notice("s1", None))
    assert still() == "abcd"
    ended = store.end(notice("s1", None))
    assert still() == "bcd"
    assert [json.loads(one.payload) for one in ended] == [
        {},
        {"ended_grant": {"bsn": BSN, "client_id": "app"}},
    ]
    assert (collections.latest("owner-of-a"), collections.latest("owner-of-b")) == (None, "collection-b")
    allowed(app_grants, "a", "s1")
    assert still() == "bcd"  # the notice came between the log-in and the yes
    store.end(notice("s2", BSN, "n2"))
    assert still() == "d"
    assert len(store.end_person(BSN)) == 1
    assert still() == ""


def test_ending_all_sessions_ends_what_apps_may_do_too(
    store: SqlSessionStore, database: Database, keys: KeyRing
) -> None:
    app_grants = SqlGrantStore(database, keys)
    allowed(app_grants, "a", None)
    assert store.end_person(BSN, ["geen-van-deze"]) == ()
    assert SqlSessionStore(database, keys, operator_sessions).end_all() == ()
    assert app_grants.load("a", NOW) is not None
    assert len(store.end_all()) == 1
    assert app_grants.load("a", NOW) is None
