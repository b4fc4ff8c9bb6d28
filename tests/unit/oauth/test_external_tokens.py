"""Tokens of a configured external issuer: what each demand of OAuth-NL, RFC 9068 and of ours refuses, and what citizens see."""

import base64
import hashlib
import hmac
import json
from datetime import timedelta
from typing import Any

import pytest
from joserfc.jwk import OctKey

from app.oauth.calls import OAuthRefusal
from app.oauth.certificates import thumbprint
from app.oauth.jwts import unverified_claims
from app.oidc.issuer_keys import IssuerKeySet, KeyRules
from app.persistence.engine import Database
from app.ports.clients import Binding
from app.ports.grants import Scope, TokenRefused
from app.ports.issuers import ExternalApp
from tests.support.apps import API_URL, CITIZEN, ISSUER, App, Bench, make_bench, new_certificate, server_keys
from tests.support.audit import Logbook, words_of
from tests.support.clock import FrozenClock
from tests.support.external_issuer import (
    AUDIENCE,
    AZP,
    CLIENT_ID,
    ELSEWHERE,
    OIN,
    ExternalServer,
    our_keys,
    rsa,
    settings,
)

HIGH = "http://eidas.europa.eu/LoA/high"


@pytest.fixture
def server(clock: FrozenClock) -> ExternalServer:
    return ExternalServer(clock)


@pytest.fixture
def outside(database: Database, book: Logbook, clock: FrozenClock, server: ExternalServer) -> Bench:
    """Our API, which knows that server."""
    made = make_bench(database, book.audit, clock, external=(server.known(),))
    made.grants.purge(clock.now() + timedelta(days=2))
    return made


@pytest.fixture
def app(outside: Bench) -> App:
    """Registered there, not here."""
    return App(outside.clock, nonce=outside.server.nonces.current())


def refusal(bench: Bench, app: App, token: str) -> TokenRefused:
    with pytest.raises(TokenRefused) as refused:
        bench.server.access.caller("GET", API_URL, app.headers(token), None)
    return refused.value


def reason(bench: Bench, app: App, token: str) -> str:
    return refusal(bench, app, token).reason.removeprefix("external_")


def test_a_right_token_opens_the_overview_of_its_citizen(
    outside: Bench, app: App, server: ExternalServer, book: Logbook
) -> None:
    token, before = server.token(app), len(words_of(book))
    first, second = (outside.server.access.caller("GET", API_URL, app.headers(token), None) for _ in range(2))
    assert (first.principal.bsn, first.client_id, first.client_name) == (CITIZEN, CLIENT_ID, "Mijn Plan")
    assert first.scopes == {"schuldenoverzicht"}
    assert (second.owner, second.grant_id) == (first.owner, first.grant_id)
    assert first.owner not in token
    assert words_of(book)[before:] == [("token_taken", CLIENT_ID, "schuldenoverzicht")], "once per token"


def test_another_token_has_another_owner(outside: Bench, app: App, server: ExternalServer) -> None:
    """Also of the same citizen and app."""
    owners = {
        outside.server.access.caller("GET", API_URL, app.headers(server.token(app)), None).owner
        for _ in range(2)
    }
    assert len(owners) == 2


@pytest.mark.threat("T-44")
@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"aud": None}, "audience"),
        ({"aud": "https://elders.example"}, "audience"),
        ({"aud": f"{AUDIENCE}/"}, "audience"),
        ({"aud": [f"{AUDIENCE} https://elders.example"]}, "audience"),
        ({"aud": [[AUDIENCE]]}, "audience"),
        ({"aud": [AUDIENCE, 5]}, "audience"),
        ({"aud": {AUDIENCE: AUDIENCE}}, "audience"),
        ({"aud": [AUDIENCE, *map(str, range(10))]}, "audience"),
        ({"exp": None}, "exp_missing"),
        ({"exp": "later"}, "exp_missing"),
        ({"iat": None}, "iat_missing"),
        ({"auth_time": None}, "auth_time_missing"),
        ({"azp": None}, "azp"),
        ({"azp": "andere-app"}, "azp"),
        ({"azp": [AZP]}, "azp"),
        ({"client_id": "andere-app"}, "azp"),
        ({"acr": None}, "level"),
        ({"acr": "http://eidas.europa.eu/LoA/low"}, "level"),
        ({"acr": HIGH}, "level"),
        ({"acr": [HIGH]}, "level"),
        ({"cnf": None}, "cnf"),
        ({"cnf": {}}, "cnf"),
        ({"cnf": {"jkt": "kort"}}, "cnf"),
        ({"cnf": {"x5t#S256": "A" * 43}}, "cnf"),
        ({"cnf": {"jkt": "A" * 43, "x5t#S256": "A" * 43}}, "cnf"),
        ({"cnf": {"jkt": "A" * 43}}, "dpop_other_key"),
        ({"scope": None}, "scope"),
        ({"scope": ["nl.schulden.lezen"]}, "scope"),
        ({"scope": "schuldenoverzicht"}, "scope"),
        ({"scope": "toestemmingen"}, "scope"),
        ({"jti": None}, "jti"),
        ({"jti": "kort"}, "jti"),
        ({"act": {"sub": "iemand anders"}}, "acts_for_another"),
        ({"represents": {"sub": "iemand anders"}}, "acts_for_another"),
        ({"bsn": None}, "bsn_not_encrypted"),
        ({"bsn": CITIZEN.digits}, "bsn_not_encrypted"),
        ({"bsn": "a.b.c.d.e"}, "bsn_not_for_us"),
        ({"sub": CITIZEN.digits}, "bsn_readable"),
        ({"gegevens": [{"nummer": int(CITIZEN.digits)}]}, "bsn_readable"),
    ],
)
def test_a_token_that_says_something_else_is_refused(
    outside: Bench, app: App, server: ExternalServer, changes: dict[str, Any], expected: str, book: Logbook
) -> None:
    """Even under the right key."""
    before = len(words_of(book))
    assert reason(outside, app, server.token(app, **changes)) == expected
    assert outside.server.consents.of(CITIZEN) == ()
    assert len(words_of(book)) == before


@pytest.mark.threat("T-44")
def test_the_times_must_be_right(
    outside: Bench, app: App, server: ExternalServer, clock: FrozenClock
) -> None:
    now = int(clock.now().timestamp())
    for changes, expected in (
        ({"exp": now}, "expired"),
        ({"iat": now + 31, "exp": now + 60}, "from_later"),
        ({"nbf": now + 31}, "from_later"),
        ({"exp": now + 901}, "life"),
        ({"iat": now - 600, "exp": now + 301}, "life"),
        ({"iat": now + 20, "exp": now + 910}, "life"),
        ({"auth_time": now - 3601}, "auth_time"),
        ({"auth_time": now + 31}, "auth_time"),
    ):
        assert reason(outside, app, server.token(app, **changes)) == expected, changes


@pytest.mark.threat("T-44")
@pytest.mark.parametrize(
    "stated",
    [
        f"s00000000:{CITIZEN.digits}",
        f"urn:bsn:{CITIZEN.digits}",
        [{"over": f"\u00e9{CITIZEN.digits}"}],
        {CITIZEN.digits: "bsn"},
        float(CITIZEN.digits),
    ],
)
def test_the_number_stands_nowhere_where_it_can_be_read(
    outside: Bench, app: App, server: ExternalServer, stated: object
) -> None:
    assert reason(outside, app, server.token(app, sub=stated)) == "bsn_readable"


@pytest.mark.threat("T-44")
def test_the_number_must_be_one_and_in_a_jwe_to_us(outside: Bench, app: App, server: ExternalServer) -> None:
    for text in ("999993548", "99999354", " 999993549", '"999993549"', "s00000000:999993549"):
        assert reason(outside, app, server.token(app, bsn=server.encrypted(text))) == "bsn_invalid", text
    for header in ({"alg": "RSA-OAEP"}, {"enc": "A128CBC-HS256"}, {"zip": "DEF"}):
        encrypted = server.encrypted(CITIZEN.digits, **header)
        assert reason(outside, app, server.token(app, bsn=encrypted)) == "bsn_not_for_us", header
    server.our_key_name = "of somebody else"
    assert reason(outside, app, server.token(app)) == "bsn_not_for_us"


def under_the_public_key(server: ExternalServer, claims: dict[str, Any]) -> str:
    """Its public key as the secret of an HMAC (RFC 8725, section 2.1). The library would not make it."""
    head, payload, _ = server.signed(claims).split(".")
    stated = json.dumps({"alg": "HS256", "kid": server.key_name, "typ": "at+jwt"}).encode()
    head = base64.urlsafe_b64encode(stated).rstrip(b"=").decode()
    secret = rsa(server.key_name).as_pem(private=False)
    made = hmac.new(secret, f"{head}.{payload}".encode(), hashlib.sha256).digest()
    return f"{head}.{payload}.{base64.urlsafe_b64encode(made).rstrip(b'=').decode()}"


@pytest.mark.threat("T-44")
def test_only_the_listed_algorithms_types_and_keys_count(
    outside: Bench, app: App, server: ExternalServer
) -> None:
    claims = server.claims(app)
    assert reason(outside, app, server.signed(claims, alg="RS256")) == "algorithm"
    assert reason(outside, app, server.signed(claims, alg="RS512")) == "algorithm"
    assert reason(outside, app, under_the_public_key(server, claims)) == "algorithm"
    assert (
        reason(outside, app, server.signed(claims, OctKey.import_key(b"k" * 32), alg="none")) == "algorithm"
    )
    assert reason(outside, app, server.signed(claims, typ="JWT")) == "type"
    assert reason(outside, app, server.signed(claims, typ=None)) == "type"
    assert reason(outside, app, server.signed(claims, typ="dpop+jwt")) == "type"
    assert reason(outside, app, server.signed(claims, kid=None)) == "key_unknown"
    assert reason(outside, app, server.signed(claims, kid="anders")) == "key_unknown"
    assert reason(outside, app, server.signed(claims, rsa("another"))) == "signature"
    brought = rsa("another").as_dict(private=False)
    assert reason(outside, app, server.signed(claims, rsa("another"), jwk=brought)) == "signature"
    assert reason(outside, app, server.signed(claims, crit=["kid"])) == "critical"


@pytest.mark.threat("T-44")
def test_an_issuer_vouches_for_its_own_tokens_only(outside: Bench, server: ExternalServer) -> None:
    """Ours under its name, its under ours, and those of somebody whom nobody configured."""
    registered = outside.new_app()
    (own,) = server_keys().keys
    ours = unverified_claims(outside.token(registered))
    as_theirs = {**ours, "iss": ELSEWHERE}
    assert reason(outside, registered, server.signed(as_theirs, own, alg="ES256")) == "algorithm"
    assert reason(outside, registered, server.signed({**server.claims(registered), "iss": ISSUER})) == (
        "token_key_unknown"
    )
    for issuer in ("https://onbekend.example", f"{ELSEWHERE}/", ELSEWHERE.upper(), None, [ELSEWHERE]):
        token = server.signed({**server.claims(registered), "iss": issuer})
        assert reason(outside, registered, token) == "token_key_unknown"


@pytest.mark.threat("T-44")
def test_a_jti_counts_for_one_token(
    outside: Bench, app: App, server: ExternalServer, clock: FrozenClock
) -> None:
    """OAuth-NL: "MUST check for reuse of jti values and reject all tokens issued with duplicate jti values"."""
    first = server.token(app)
    jti = unverified_claims(first)["jti"]
    assert outside.server.access.caller("GET", API_URL, app.headers(first), None)
    assert reason(outside, app, server.token(app, jti=jti)) == "used_or_withdrawn"
    assert outside.server.access.caller("GET", API_URL, app.headers(first), None)
    clock.advance(601)
    outside.grants.purge(clock.now())
    app.nonce = outside.server.nonces.current()
    assert reason(outside, app, first) == "expired"
    assert reason(outside, app, server.token(app, jti=jti)) == "used_or_withdrawn"


def test_the_citizen_sees_it_and_can_end_it_here(
    outside: Bench, app: App, server: ExternalServer, book: Logbook
) -> None:
    token = server.token(app)
    assert outside.server.access.caller("GET", API_URL, app.headers(token), None)
    (consent,) = outside.server.consents.of(CITIZEN)
    assert (consent.client_id, consent.client_name) == (CLIENT_ID, "Mijn Plan (via Landelijk Portaal)")
    assert consent.scopes == {Scope.OVERVIEW}
    assert outside.server.consents.withdraw(CITIZEN, consent.grant_id)
    written = words_of(book)
    assert written[-1] == ("consent_withdrawn", CLIENT_ID, "schuldenoverzicht")
    assert reason(outside, app, token) == "used_or_withdrawn"
    assert words_of(book) == written
    assert outside.server.consents.of(CITIZEN) == ()


def test_an_issuer_or_app_that_was_taken_away_is_refused(
    outside: Bench, app: App, server: ExternalServer, book: Logbook
) -> None:
    token = server.token(app)
    assert outside.server.access.caller("GET", API_URL, app.headers(token), None)
    other = {"andere-app": ExternalApp(name="Andere app", oin=None, scopes=frozenset(Scope))}
    without_app = make_bench(
        outside.grants._database, book.audit, outside.clock, external=(server.known(settings(apps=other)),)
    )
    assert reason(without_app, app, token) == "azp"
    without_issuer = make_bench(outside.grants._database, book.audit, outside.clock)
    assert reason(without_issuer, app, token) == "token_key_unknown"


@pytest.mark.threat("T-44")
def test_a_token_tied_to_a_certificate_needs_it_and_its_organisation(
    outside: Bench, app: App, server: ExternalServer, book: Logbook, clock: FrozenClock
) -> None:
    known = server.known(settings(binding=Binding.CERTIFICATE))
    bench = make_bench(outside.grants._database, book.audit, clock, external=(known,))
    good, other = new_certificate(app.key, clock.now(), OIN), new_certificate(app.key, clock.now(), "0" * 20)

    def call(certificate: bytes | None, tied_to: bytes, scheme: str = "Bearer") -> str:
        token = server.token(app, cnf={"x5t#S256": thumbprint(tied_to)})
        try:
            bench.server.access.caller("GET", API_URL, {"Authorization": f"{scheme} {token}"}, certificate)
        except TokenRefused as refused:
            return refused.reason
        return "taken"

    assert call(good, good) == "taken"
    assert call(None, good) == "certificate"
    assert call(other, good) == "certificate"
    assert call(good, good, "DPoP") == "scheme"
    assert call(other, other) == "external_certificate_oin"
    assert call(app.certificate, app.certificate) == "external_certificate_oin"
    assert reason(bench, app, server.token(app)) == "cnf"


def test_a_stolen_token_is_worth_nothing(
    outside: Bench, app: App, server: ExternalServer, clock: FrozenClock
) -> None:
    token, thief = server.token(app), App(clock, nonce=app.nonce)
    assert reason(outside, thief, token) == "dpop_other_key"
    with pytest.raises(TokenRefused, match="scheme"):
        outside.server.access.caller("GET", API_URL, {"Authorization": f"Bearer {token}"}, None)
    assert outside.server.consents.of(CITIZEN) == ()


def test_what_is_missing_is_told_by_the_words_of_the_standards(
    outside: Bench, app: App, server: ExternalServer
) -> None:
    assert refusal(outside, app, server.token(app, acr=HIGH)).code == "insufficient_user_authentication"
    assert refusal(outside, app, server.token(app, scope="iets")).code == "insufficient_scope"
    assert refusal(outside, app, server.token(app, azp="x")).code == "invalid_token"


def test_both_of_our_keys_open_while_one_replaces_the_other(
    outside: Bench, server: ExternalServer, clock: FrozenClock
) -> None:
    rules = KeyRules(owner=None, now=clock.now)
    keys = IssuerKeySet(server.jwks(), our_keys("new", "ours"), rules)
    assert keys.opened(server.encrypted("999993549")) == "999993549"
    server.our_key_name = "new"
    assert keys.opened(server.encrypted("999993549")) == "999993549"
    assert IssuerKeySet(server.jwks(), our_keys("ours"), rules).opened(server.encrypted("999993549")) is None
    assert [key["kid"] for key in keys.our_public_keys()] == [
        rsa("new").thumbprint(),
        rsa("ours").thumbprint(),
    ]
    published = outside.server.public_keys["keys"]
    assert [key["use"] for key in published] == ["sig", "enc"]
    assert not any("d" in key for key in published)


def test_issuers_that_cannot_be_told_apart_are_refused(
    database: Database, book: Logbook, clock: FrozenClock, server: ExternalServer
) -> None:
    ours = server.known(settings(issuer=ISSUER))
    for external in ((ours,), (server.known(), server.known())):
        with pytest.raises(ValueError, match="each issuer of tokens stands once"):
            make_bench(database, book.audit, clock, external=external)


def test_nobody_exchanges_or_gives_back_such_a_token_at_our_server(
    outside: Bench, app: App, server: ExternalServer
) -> None:
    token, registered = server.token(app), outside.new_app()
    assert outside.server.access.caller("GET", API_URL, app.headers(token), None)
    with pytest.raises(OAuthRefusal, match="invalid_grant"):
        outside.server.exchange.exchange(outside.token_call(registered, token))
    outside.give_back(registered, token)
    assert len(outside.server.consents.of(CITIZEN)) == 1
