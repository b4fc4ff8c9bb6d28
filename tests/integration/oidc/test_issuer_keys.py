"""The keys of an external issuer over real TLS: kept, asked again, and never believed from somebody else."""

import ssl
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask, Response, jsonify

from app.oidc.issuer_keys import IssuerKeySet, KeyRules, PublishedAt
from app.persistence.engine import Database, open_database
from app.ports.issuers import IssuerUnavailable
from simulators.authority import create_authority
from tests.integration.oidc.support import listening
from tests.integration.oidc.test_refreshing import Seconds
from tests.support.apps import API_URL, CITIZEN, App, Bench, make_bench
from tests.support.audit import make_logbook
from tests.support.clock import FrozenClock
from tests.support.databases import migrated_sqlite
from tests.support.external_issuer import ExternalServer, our_keys


class Elsewhere:
    """Publishes its keys at `address`; `asked` counts."""

    def __init__(self, folder: Path) -> None:
        self.server = ExternalServer(FrozenClock())
        self.time, self.asked, self.down = Seconds(), 0, False
        authority = create_authority(folder / "authority")
        files = authority.issue_server().write(folder, "server")
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.load_cert_chain(files.certificate_file, files.key_file)
        self.root = str(authority.write_tls_root(folder / "root.pem"))
        self.address = ""

    def app(self) -> Flask:
        app = Flask(__name__)
        app.add_url_rule("/jwks", view_func=self._keys)
        return app

    def _keys(self) -> Response:
        self.asked += 1
        return Response(status=503) if self.down else jsonify(self.server.jwks())

    def keys(self, ca_bundle: str | None) -> IssuerKeySet:
        rules = KeyRules(owner=None, now=self.server.clock.now, monotonic=self.time)
        return IssuerKeySet(PublishedAt(jwks_uri=self.address, ca_bundle=ca_bundle), our_keys(), rules)


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Elsewhere]:
    made = Elsewhere(tmp_path)
    with listening(made.tls) as (server, address):
        server.app = made.app()
        made.address = f"{address}/jwks"
        yield made


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(migrated_sqlite(tmp_path / "apps.sqlite3"))
    yield opened
    opened.close()


def bench_for(elsewhere: Elsewhere, database: Database, folder: Path) -> Bench:
    known = elsewhere.server.known(at=PublishedAt(jwks_uri=elsewhere.address, ca_bundle=elsewhere.root))
    book = make_logbook(database, folder)
    return make_bench(database, book.audit, elsewhere.server.clock, external=(known,))


def test_a_citizen_is_found_by_a_token_whose_key_stands_at_the_issuer(
    elsewhere: Elsewhere, database: Database, tmp_path: Path
) -> None:
    bench = bench_for(elsewhere, database, tmp_path)
    app = App(bench.clock, nonce=bench.server.nonces.current())
    caller = bench.server.access.caller("GET", API_URL, app.headers(elsewhere.server.token(app)), None)
    assert caller.principal.bsn == CITIZEN
    elsewhere.down = True
    assert bench.server.access.caller("GET", API_URL, app.headers(elsewhere.server.token(app)), None)
    assert elsewhere.asked == 1


@pytest.mark.threat("T-09")
def test_keys_from_somebody_else_are_not_believed(elsewhere: Elsewhere) -> None:
    with pytest.raises(IssuerUnavailable, match="connection_failed"):
        elsewhere.keys(None).key("elsewhere", "PS256")
    elsewhere.address = "http://toestemming.voorbeeld.example/jwks"
    with pytest.raises(ValueError, match="not https"):
        elsewhere.keys(None)


def test_a_new_key_is_asked_for_once_per_half_minute(elsewhere: Elsewhere) -> None:
    keys = elsewhere.keys(elsewhere.root)
    assert keys.key("elsewhere", "PS256") is not None
    elsewhere.server.key_name = "later"
    for _ in range(3):
        assert keys.key("later", "PS256") is None
    assert elsewhere.asked == 1
    elsewhere.time.now += timedelta(seconds=31).total_seconds()
    assert keys.key("later", "PS256") is not None
    assert keys.key("elsewhere", "PS256") is None
    assert elsewhere.asked == 2


def test_an_issuer_in_trouble_is_not_asked_again_for_seconds_and_then_it_is(elsewhere: Elsewhere) -> None:
    """Nobody says that the token is wrong."""
    elsewhere.down = True
    keys = elsewhere.keys(elsewhere.root)
    for _ in range(3):
        with pytest.raises(IssuerUnavailable, match="status_503"):
            keys.key("elsewhere", "PS256")
    assert elsewhere.asked == 1
    elsewhere.down = False
    elsewhere.time.now += 6
    assert keys.key("elsewhere", "PS256") is not None
