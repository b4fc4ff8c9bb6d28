"""Grants, requests and proofs on SQLite and PostgreSQL: found by who may, once where once is meant, and gone in time."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.persistence.cipher import KeyRing, new_key_line
from app.persistence.client_store import SqlClientStore
from app.persistence.collection_store import SqlCollectionStore
from app.persistence.engine import Database, open_database
from app.persistence.grant_store import SqlGrantStore
from app.persistence.tables import collections, grants, pushed_requests, used_proofs
from app.ports.clients import Binding, ClientExists
from app.ports.collections import Asking
from app.ports.consents import AuthorizationRequest, CodeUsedBefore, Confirmation, Grant
from app.ports.grants import Scope
from app.ports.login import Principal
from claims.identity import Bsn
from tests.integration.persistence.outcomes import NOW
from tests.support.apps import API_URL, App, make_bench
from tests.support.audit import Logbook, make_logbook
from tests.support.clock import FrozenClock

ANNA, BRAM = Bsn("999993549"), Bsn("111111110")
SOON = NOW + timedelta(minutes=1)
REQUEST = AuthorizationRequest(
    client_id="voorbeeld-app",
    redirect_uri="https://app.example/terug",
    state="s" * 22,
    scopes=frozenset({Scope.OVERVIEW}),
    code_challenge="c" * 43,
    confirmation=Confirmation(Binding.DPOP, "t" * 43),
)


def grant(name: str, citizen: Bsn = ANNA, **changes: object) -> Grant:
    principal = Principal(citizen, "http://eidas.europa.eu/LoA/substantial", NOW)
    made = Grant(name, f"owner-{name}", principal, REQUEST, NOW, SOON)
    return replace(made, **changes)  # type: ignore[arg-type]


@pytest.fixture
def store(database: Database, keys: KeyRing) -> SqlGrantStore:
    return SqlGrantStore(database, keys)


@pytest.fixture
def elsewhere(url: str, keys: KeyRing) -> Iterator[SqlGrantStore]:
    """As another process has it."""
    database = open_database(url)
    yield SqlGrantStore(database, keys)
    database.close()


def test_a_grant_comes_back_as_it_went_in(store: SqlGrantStore, elsewhere: SqlGrantStore) -> None:
    made = grant("a")
    store.create(made, "code-a")
    assert elsewhere.load("a", NOW) == made
    assert elsewhere.redeem("code-a", NOW) == made
    assert elsewhere.extend("a", SOON + timedelta(minutes=1))
    assert store.load("a", SOON) == replace(made, expires_at=SOON + timedelta(minutes=1))


@pytest.mark.threat("T-34")
def test_of_many_that_bring_one_code_at_once_one_gets_it_and_then_nobody(
    store: SqlGrantStore, elsewhere: SqlGrantStore
) -> None:
    store.create(grant("a"), "code-a")

    def redeem(number: int) -> str:
        try:
            return "got it" if (store, elsewhere)[number % 2].redeem("code-a", NOW) else "nothing"
        except CodeUsedBefore:
            return "used"

    with ThreadPoolExecutor(8) as pool:
        answers = sorted(pool.map(redeem, range(8)))
    assert answers == ["got it", *["nothing"] * 6, "used"]
    assert not store.extend("a", SOON)


def test_a_request_is_taken_once_by_its_own_client(store: SqlGrantStore, elsewhere: SqlGrantStore) -> None:
    store.push("naam", REQUEST, SOON)
    assert elsewhere.take_pushed("naam", "andere-app", NOW) is None
    assert elsewhere.take_pushed("naam", REQUEST.client_id, NOW) == REQUEST
    assert store.take_pushed("naam", REQUEST.client_id, NOW) is None


def test_a_proof_counts_once_for_all_at_once(store: SqlGrantStore, elsewhere: SqlGrantStore) -> None:
    with ThreadPoolExecutor(8) as pool:
        first = [
            pool.submit((store, elsewhere)[number % 2].is_first_use, "dpop", "jti", SOON)
            for number in range(8)
        ]
        assert sorted(one.result() for one in first) == [False] * 7 + [True]
    assert store.is_first_use("assertion", "jti", SOON), "another kind of proof"


@pytest.mark.threat("T-44")
def test_of_many_that_bring_one_external_token_at_once_all_get_the_same_grant(
    store: SqlGrantStore, elsewhere: SqlGrantStore
) -> None:
    def admit(number: int) -> tuple[bool, Grant | None]:
        used = (store, elsewhere)[number % 2]
        mine = grant("een", owner=f"owner-{number}")
        return used.admit(mine, "external token", "issuer\njti", SOON), used.load("een", NOW)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(admit, range(8)))
    assert {admitted for admitted, _ in answers} == {True}
    assert len({found.owner for _, found in answers if found is not None}) == 1
    assert not store.admit(grant("twee"), "external token", "issuer\njti", SOON), "the jti in another token"
    assert (store.load("twee", NOW), store.was_used("external token", "issuer\njti")) == (None, True)
    assert store.delete("een")
    assert not store.admit(grant("een"), "external token", "issuer\njti", SOON), "withdrawn"
    assert not store.was_used("external token", "another")


def test_a_citizen_has_their_own_grants_only_also_after_a_change_of_keys(
    store: SqlGrantStore, database: Database, key_text: str
) -> None:
    store.create(grant("a"), "code-a")
    store.create(grant("b", BRAM), "code-b")
    renewed = SqlGrantStore(database, KeyRing.parse(key_text + new_key_line("two")))
    renewed.create(grant("c", given_at=NOW + timedelta(seconds=1)), "code-c")
    assert [one.grant_id for one in renewed.of_citizen(ANNA, NOW)] == ["c", "a"]
    assert [one.grant_id for one in renewed.of_citizen(BRAM, NOW)] == ["b"]
    forgotten = SqlGrantStore(database, KeyRing.parse(new_key_line("three")))
    assert forgotten.load("a", NOW) is None
    assert forgotten.redeem("code-b", NOW) is None


def test_what_has_expired_is_deleted_with_all_that_was_collected_for_it(
    store: SqlGrantStore, database: Database, keys: KeyRing
) -> None:
    collected = SqlCollectionStore(database, keys)
    store.create(grant("a"), "code-a")
    store.create(grant("b", expires_at=SOON + timedelta(minutes=15)), "code-b")
    store.push("naam", REQUEST, SOON)
    store.is_first_use("dpop", "jti", SOON)
    for name in ("a", "b"):
        collected.create(f"collection-{name}", f"owner-{name}", [], Asking(NOW, SOON))
    assert store.load("a", SOON) is None
    assert store.redeem("code-a", SOON) is None
    assert store.purge(SOON) == 2
    with database.read() as connection:
        left = [
            connection.execute(select(column)).scalars().all()
            for column in (
                grants.c.grant_id,
                collections.c.collection_id,
                pushed_requests.c.name_hash,
                used_proofs.c.proof_hash,
            )
        ]
    assert left == [["b"], ["collection-b"], [], []]
    assert store.delete("b")
    assert not store.delete("b")
    assert collected.latest("owner-b") is None


@pytest.mark.threat("T-23")
def test_a_grant_that_is_moved_to_another_row_cannot_be_opened(
    store: SqlGrantStore, database: Database
) -> None:
    store.create(grant("a"), "code-a")
    store.create(grant("b", BRAM), "code-b")
    with database.write() as connection:
        stolen = connection.execute(select(grants.c.payload).where(grants.c.grant_id == "b")).scalar_one()
        connection.execute(update(grants).where(grants.c.grant_id == "a").values(payload=stolen))
        rows = connection.execute(select(grants)).all()
    assert store.load("a", NOW) is None
    assert not any(number.digits in str(rows) for number in (ANNA, BRAM))


def test_a_client_is_kept_replaced_and_removed_with_its_grants(
    store: SqlGrantStore, database: Database
) -> None:
    clients, client = SqlClientStore(database), App(FrozenClock()).client()
    clients.add(client, b"png", replace=False)
    assert clients.find(client.client_id) == replace(client, has_logo=True)
    assert clients.logo(client.client_id) == b"png"
    with pytest.raises(ClientExists):
        clients.add(client, None, replace=False)
    other = replace(client, client_id="andere-app", name="aap")
    clients.add(replace(client, name="Nieuw"), None, replace=True)
    clients.add(other, None, replace=False)
    assert [one.name for one in clients.all()] == ["aap", "Nieuw"]
    assert clients.logo(client.client_id) is None
    assert clients.logo("app\0") is None
    store.create(grant("a"), "code-a")
    assert clients.remove(client.client_id)
    assert not clients.remove(client.client_id)
    assert (store.load("a", NOW), clients.find(client.client_id)) == (None, None)


def test_a_flow_goes_on_at_another_process_at_every_step(
    url: str, database: Database, keys: KeyRing, book: Logbook
) -> None:
    second = open_database(url)
    clock = FrozenClock()
    here, there = (make_bench(one, book.audit, clock, keys) for one in (database, second))
    app = here.new_app()
    code = there.code(app)
    token = str(here.server.exchange.exchange(there.token_call(app, code))["access_token"])
    request = app.headers(token)
    assert there.server.access.caller("GET", API_URL, request, None).client_id == app.client_id
    there.give_back(app, token)
    assert here.server.consents.of(ANNA) == ()
    second.close()


@pytest.fixture
def book(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Logbook:
    return make_logbook(database, tmp_path_factory.mktemp("book"))
