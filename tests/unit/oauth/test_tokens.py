"""Access tokens: only ours, only for our API, only while the consent holds; and what a gateway hears of them."""

from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc import jwt
from joserfc.jwk import ECKey, JWKRegistry, RSAKey

from app.oauth.access_tokens import AccessTokens, TokenKeys, load_token_key
from app.oauth.calls import OAuthRefusal
from app.oauth.jwts import Unreadable, unverified_claims
from app.oauth.tokens import Lives
from app.ports.clients import ClientKind
from app.ports.grants import TokenRefused
from tests.support.apps import API_URL, CITIZEN, ISSUER, App, Bench, citizen, code_in, server_keys
from tests.support.audit import Logbook, words_of
from tests.support.clock import FrozenClock


def signed(claims: dict[str, Any], key: Any = None, **header: Any) -> str:
    (own,) = server_keys().keys
    stated = {"alg": "ES256", "kid": own.thumbprint(), "typ": "at+jwt", **header}
    kept = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(stated, kept, key or own, ["ES256", "PS256"])


def refused(bench: Bench, app: App, token: str) -> str:
    with pytest.raises(TokenRefused) as refusal:
        bench.server.access.caller("GET", API_URL, app.headers(token), None)
    return refusal.value.reason


@pytest.mark.threat("T-35")
@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"iss": "https://elders.example"}, "token_issuer_or_audience"),
        ({"aud": ISSUER}, "token_issuer_or_audience"),
        ({"aud": None}, "token_issuer_or_audience"),
        ({"exp": None}, "token_exp_missing"),
        ({"cnf": None}, "token_malformed"),
        ({"cnf": {}}, "token_malformed"),
        ({"cnf": {"jkt": "x", "x5t#S256": "x"}}, "token_malformed"),
        ({"cnf": {"kid": "x"}}, "token_malformed"),
        ({"scope": "alles"}, "token_malformed"),
        ({"scope": None}, "token_malformed"),
        ({"sub": "bestaat-niet"}, "revoked"),
        ({"client_id": "andere-app"}, "revoked"),
    ],
)
def test_a_token_that_says_something_else_is_refused(
    bench: Bench, changes: dict[str, Any], reason: str
) -> None:
    """Even under our own key."""
    app, _ = bench.new_app(), bench.new_app("andere-app")
    claims = unverified_claims(bench.token(app))
    assert refused(bench, app, signed({**claims, **changes})) == reason


@pytest.mark.threat("T-35")
def test_a_token_under_another_key_or_of_another_type_is_refused(bench: Bench) -> None:
    app = bench.new_app()
    token = bench.token(app)
    claims = unverified_claims(token)
    other = ECKey.generate_key("P-256")
    assert refused(bench, app, signed(claims, other)) == "token_signature"
    assert refused(bench, app, signed(claims, other, kid=other.thumbprint())) == "token_key_unknown"
    assert refused(bench, app, signed(claims, typ="JWT")) == "token_type"
    assert refused(bench, app, app.assertion()) == "token_type"
    head, payload, signature = token.split(".")
    assert refused(bench, app, f"{head}.{payload}.") == "token_signature"
    assert refused(bench, app, f"{head}.{payload}.{signature[::-1]}") == "token_signature"
    assert refused(bench, app, "geen.token") == "token_signature"


def test_a_token_ends_after_fifteen_minutes_and_the_consent_with_it(bench: Bench, clock: FrozenClock) -> None:
    app = bench.new_app()
    token = bench.token(app)
    clock.advance(899)
    app.nonce = bench.server.nonces.current()
    assert bench.server.access.caller("GET", API_URL, app.headers(token), None)
    clock.advance(1)
    app.nonce = bench.server.nonces.current()
    assert refused(bench, app, token) == "token_expired"
    assert bench.server.consents.of(CITIZEN) == ()
    assert bench.grants.purge(clock.now()) == 1


def test_a_life_of_more_than_fifteen_minutes_is_refused() -> None:
    for life in (timedelta(minutes=15, seconds=1), timedelta(0)):
        with pytest.raises(ValueError, match="15 minutes"):
            Lives(life)


def test_a_token_of_the_key_before_is_still_believed(bench: Bench) -> None:
    new, old = RSAKey.generate_key(3072), server_keys().keys[0]
    token = bench.token(bench.new_app())
    both = AccessTokens(TokenKeys((new, old)), ISSUER, f"{ISSUER}/api/v1", bench.clock)
    assert both.read(token).client_id == "voorbeeld-app"
    with pytest.raises(Unreadable, match="key_unknown"):
        AccessTokens(TokenKeys((new,)), ISSUER, f"{ISSUER}/api/v1", bench.clock).read(token)
    public = both._keys.public()["keys"]
    assert [key["alg"] for key in public] == ["PS256", "ES256"]
    assert not any("d" in key for key in public)
    assert jwt.decode(token, JWKRegistry.import_key(public[1])).claims["iss"] == ISSUER


def test_keys_that_are_too_weak_are_refused() -> None:
    def pem(key: Any) -> str:
        return str(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode())

    load_token_key(pem(ec.generate_private_key(ec.SECP256R1())))
    for weak in (
        pem(ec.generate_private_key(ec.SECP384R1())),
        pem(rsa.generate_private_key(65537, 2048)),
        "geen sleutel",
    ):
        with pytest.raises(ValueError, match="the key for access tokens"):
            load_token_key(weak)


def test_a_citizen_withdraws_and_the_app_can_do_nothing_more(bench: Bench, book: Logbook) -> None:
    app = bench.new_app()
    token = bench.token(app)
    (consent,) = bench.server.consents.of(CITIZEN)
    assert consent.client_name == "Mijn Schuldhulp"
    other = type(CITIZEN)("111111110")
    assert bench.server.consents.of(other) == ()
    assert not bench.server.consents.withdraw(other, consent.grant_id)
    assert bench.server.consents.withdraw(CITIZEN, consent.grant_id)
    assert not bench.server.consents.withdraw(CITIZEN, consent.grant_id)
    assert refused(bench, app, token) == "revoked"
    assert words_of(book)[-1] == ("consent_withdrawn", "voorbeeld-app", "schuldenoverzicht")


def test_an_app_gives_its_token_back(bench: Bench, book: Logbook) -> None:
    app = bench.new_app()
    token = bench.token(app)
    bench.give_back(app, "geen token van ons")
    bench.give_back(app, token)
    assert words_of(book)[-1] == ("token_revoked", "voorbeeld-app", "given_back")
    bench.give_back(app, token)
    assert refused(bench, app, token) == "revoked"


def test_nobody_gives_back_the_token_of_another(bench: Bench) -> None:
    app, other = bench.new_app(), bench.new_app("andere-app")
    token = bench.token(app)
    with pytest.raises(OAuthRefusal, match="other_client"):
        bench.give_back(other, token)
    assert bench.server.access.caller("GET", API_URL, app.headers(token), None)


def test_a_gateway_hears_whether_a_token_holds_and_not_of_whom(bench: Bench) -> None:
    app, gateway = bench.new_app(), bench.new_app("poort", kind=ClientKind.GATEWAY)
    token = bench.token(app)
    answer = bench.look(gateway, token)
    assert answer["active"] is True
    assert (answer["scope"], answer["client_id"]) == ("schuldenoverzicht", app.client_id)
    assert (answer["token_type"], answer["cnf"]) == ("DPoP", {"jkt": app.dpop_key.thumbprint()})
    assert CITIZEN.digits not in str(answer)
    bench.give_back(app, token)
    assert bench.look(gateway, token) == {"active": False}
    assert bench.look(gateway, "geen token") == {"active": False}
    with pytest.raises(OAuthRefusal, match="kind"):
        bench.look(app, token)


def test_a_scope_that_was_taken_from_an_app_is_gone_at_once(bench: Bench) -> None:
    app = bench.new_app()
    token = bench.token(app)
    bench.register(app, scopes=frozenset())
    assert bench.server.access.caller("GET", API_URL, app.headers(token), None).scopes == frozenset()


@pytest.mark.threat("T-35")
def test_no_token_outlives_the_session_that_a_log_in_can_have(bench: Bench, clock: FrozenClock) -> None:
    """An hour after DigiD said who it is, whoever asks must let them log in again."""
    app = bench.new_app()
    asked = bench.pushed(app)
    logged_in = citizen(clock)
    clock.advance(50 * 60)
    app.nonce = bench.server.nonces.current()
    code = code_in(bench.server.authorizations.allow(asked, logged_in))
    answer = bench.server.exchange.exchange(bench.token_call(app, code))
    assert answer["expires_in"] == 600
    clock.advance(600)
    app.nonce = bench.server.nonces.current()
    assert refused(bench, app, str(answer["access_token"])) == "token_expired"
    late = code_in(bench.server.authorizations.allow(bench.pushed(app), logged_in))
    with pytest.raises(OAuthRefusal) as refusal:
        bench.server.exchange.exchange(bench.token_call(app, late))
    assert (refusal.value.error, refusal.value.reason) == ("invalid_grant", "log_in_too_old")
