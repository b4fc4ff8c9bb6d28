"""Who calls: a signed assertion for us, short, once; or the certificate that was registered."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from joserfc import jws, jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

from app.oauth.calls import Call, OAuthRefusal
from app.oauth.clients import ASSERTION_TYPE, ClientAuthenticator
from app.oauth.metadata import Addresses
from app.ports.clients import ClientAuthentication, ClientKind
from tests.support.apps import ISSUER, App, Bench
from tests.support.clock import FrozenClock

NOW_S = 1795338000  # the moment of FrozenClock
CERTIFICATE = ClientAuthentication.CERTIFICATE


@pytest.fixture
def who(bench: Bench) -> ClientAuthenticator:
    return ClientAuthenticator(bench.clients, bench.grants, Addresses(ISSUER).audiences, bench.clock)


def call(assertion: str, **form: str) -> Call:
    given = {"client_assertion_type": ASSERTION_TYPE, "client_assertion": assertion, **form}
    return Call(f"{ISSUER}/oauth/par", {name: value for name, value in given.items() if value})


def refused(who: ClientAuthenticator, attempt: Call, kind: ClientKind = ClientKind.APP) -> str:
    with pytest.raises(OAuthRefusal) as refusal:
        who.client(attempt, kind)
    assert refusal.value.error in {"invalid_client", "unauthorized_client"}
    return refusal.value.reason


def described(who: ClientAuthenticator, attempt: Call) -> str:
    with pytest.raises(OAuthRefusal) as refusal:
        who.client(attempt, ClientKind.APP)
    return refusal.value.description


def test_a_good_assertion_tells_who_it_is(bench: Bench, who: ClientAuthenticator) -> None:
    app = bench.new_app()
    for audience in (ISSUER, f"{ISSUER}/oauth/token", f"{ISSUER}/oauth/par", [ISSUER]):
        found = who.client(call(app.assertion(aud=audience)), ClientKind.APP)
        assert found.client_id == app.client_id
    assert who.client(call(app.assertion(), client_id=app.client_id), ClientKind.APP)


@pytest.mark.threat("T-33")
@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"aud": "https://elders.example"}, "assertion_audience"),
        ({"aud": f"{ISSUER}/"}, "assertion_audience"),
        ({"aud": [ISSUER, "https://elders.example"]}, "assertion_audience"),
        ({"aud": []}, "assertion_audience"),
        ({"aud": [["x"]]}, "assertion_audience"),
        ({"aud": None}, "assertion_audience"),
        ({"iss": "andere-app"}, "assertion_issuer"),
        ({"iss": None}, "assertion_issuer"),
        ({"sub": "bestaat-niet"}, "unknown_client"),
        ({"sub": "app\0"}, "unknown_client"),
        ({"sub": None}, "client_id"),
        ({"sub": 7}, "client_id"),
        ({"exp": NOW_S - 31}, "assertion_expired"),
        ({"exp": NOW_S + 301}, "assertion_life"),
        ({"iat": NOW_S - 400}, "assertion_life"),
        ({"exp": None}, "assertion_exp_missing"),
        ({"iat": None}, "assertion_iat_missing"),
        ({"iat": NOW_S + 31}, "assertion_from_later"),
        ({"nbf": NOW_S + 31}, "assertion_from_later"),
        ({"jti": None}, "assertion_jti"),
        ({"jti": "kort"}, "assertion_jti"),
    ],
)
def test_an_assertion_for_another_or_at_another_moment_is_refused(
    bench: Bench, who: ClientAuthenticator, changes: dict[str, Any], reason: str
) -> None:
    assert refused(who, call(bench.new_app().assertion(**changes))) == reason


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"aud": "https://elders.example"}, "aud"),
        ({"iss": "andere-app"}, "iss"),
        ({"exp": NOW_S - 31}, "exp"),
        ({"exp": None}, "exp"),
        ({"iat": NOW_S + 31}, "iat"),
        ({"nbf": NOW_S + 31}, "nbf"),
        ({"jti": "kort"}, "jti"),
    ],
)
def test_who_showed_the_key_is_told_which_claim_is_wrong_and_nobody_else_is(
    bench: Bench, who: ClientAuthenticator, changes: dict[str, Any], name: str
) -> None:
    app = bench.new_app()
    assert described(who, call(app.assertion(**changes))).startswith(
        f"The client assertion is not right: {name} "
    )
    forged = replace(app, key=ECKey.generate_key("P-256"))
    assert described(who, call(forged.assertion(**changes))) == "The client could not be authenticated."


def test_an_assertion_that_was_used_is_named_and_an_unknown_client_is_not(
    bench: Bench, who: ClientAuthenticator
) -> None:
    app = bench.new_app()
    assertion = app.assertion()
    assert who.client(call(assertion), ClientKind.APP)
    assert described(who, call(assertion)) == "The client assertion is not right: jti was used before."
    unknown = replace(app, client_id="bestaat-niet")
    assert described(who, call(unknown.assertion())) == "The client could not be authenticated."


@pytest.mark.threat("T-33")
def test_an_assertion_under_another_key_algorithm_or_type_is_refused(
    bench: Bench, who: ClientAuthenticator
) -> None:
    app = bench.new_app()
    assert refused(who, call(replace(app, key=ECKey.generate_key("P-256")).assertion())) == (
        "assertion_signature"
    )
    assert refused(who, call(app.assertion({"kid": "twee"}))) == "assertion_key_unknown"
    assert refused(who, call(app.assertion({"typ": "at+jwt"}))) == "assertion_type"
    assert refused(who, call("a.b.c")) == "assertion_malformed"
    assert refused(who, call("x" * 20_000)) == "assertion_too_large"
    claims = {"sub": app.client_id, "iss": app.client_id}
    weak = jwt.encode({"alg": "HS256"}, claims, OctKey.generate_key(256))
    assert refused(who, call(weak)) == "assertion_algorithm"
    head, payload, _ = app.assertion().split(".")
    assert refused(who, call(f"{head}.{payload}.")) == "assertion_signature"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [({"sub": "\ud800"}, "unknown_client"), ({"jti": "\ud800" * 20}, "assertion_jti")],
)
def test_half_a_character_is_refused(
    bench: Bench, who: ClientAuthenticator, changes: dict[str, str], reason: str
) -> None:
    app = bench.new_app()
    name = {"iss": app.client_id, "sub": app.client_id, "aud": ISSUER, "jti": "j" * 20}
    claims = {**name, "iat": NOW_S, "exp": NOW_S + 60, **changes}
    assertion = jws.serialize_compact({"alg": "ES256"}, json.dumps(claims), app.key)
    assert refused(who, call(assertion)) == reason


@pytest.mark.threat("T-33")
def test_an_assertion_counts_once(bench: Bench, who: ClientAuthenticator) -> None:
    assertion = bench.new_app().assertion()
    assert who.client(call(assertion), ClientKind.APP)
    assert refused(who, call(assertion)) == "assertion_replayed"


def test_every_key_of_a_client_counts_by_its_name(bench: Bench, who: ClientAuthenticator) -> None:
    app = App(bench.clock)
    rsa = RSAKey.generate_key(2048)
    keys = [*app.client().jwks["keys"], {**rsa.as_dict(private=False), "kid": "twee"}]
    bench.register(app, jwks={"keys": keys})
    assert who.client(call(app.assertion()), ClientKind.APP)
    claims = jwt.decode(app.assertion(), app.key).claims
    by_rsa = jwt.encode({"alg": "PS256", "kid": "twee"}, claims, rsa, ["PS256"])
    assert who.client(call(by_rsa), ClientKind.APP)
    old = jwt.encode({"alg": "RS256", "kid": "twee"}, {**claims, "jti": "j" * 20}, rsa, ["RS256"])
    assert refused(who, call(old)) == "assertion_algorithm"
    no_name = jwt.encode({"alg": "ES256"}, {**claims, "jti": "k" * 20}, app.key)
    assert refused(who, call(no_name)) == "assertion_key_unknown"


def test_a_client_is_the_same_everywhere_in_the_request(bench: Bench, who: ClientAuthenticator) -> None:
    app, _ = bench.new_app(), bench.new_app("andere-app")
    assert refused(who, call(app.assertion(), client_id="andere-app")) == "client_id"
    assert refused(who, call(app.assertion(), client_assertion_type="x")) == "assertion_type"
    assert refused(who, call("", client_id=app.client_id)) == "assertion_malformed"
    assert refused(who, Call(ISSUER, {"client_id": app.client_id})) == "no_proof"
    assert refused(who, Call(ISSUER, {"client_id": app.client_id, "client_secret": "x"})) == "no_proof"


@pytest.mark.threat("T-33")
def test_a_certificate_must_be_the_one_that_was_registered(
    bench: Bench, who: ClientAuthenticator, clock: FrozenClock
) -> None:
    app = bench.new_app(authentication=CERTIFICATE)
    shown = Call(ISSUER, {"client_id": app.client_id}, None, app.certificate)
    assert who.client(shown, ClientKind.APP).client_id == app.client_id
    assert refused(who, replace(shown, certificate=App(bench.clock).certificate)) == "certificate"
    assert refused(who, replace(shown, certificate=b"geen certificaat")) == "certificate"
    assert refused(who, replace(shown, form={})) == "client_id"
    assert refused(who, call(app.assertion())) == "other_method"
    clock.advance(timedelta(days=2).total_seconds())
    assert refused(who, shown) == "certificate"


def test_a_certificate_does_not_stand_for_an_assertion(bench: Bench, who: ClientAuthenticator) -> None:
    app = bench.new_app()
    shown = Call(ISSUER, {"client_id": app.client_id}, None, app.certificate)
    assert refused(who, shown) == "other_method"


def test_apps_and_gateways_have_doors_of_their_own(bench: Bench, who: ClientAuthenticator) -> None:
    app, gateway = bench.new_app(), bench.new_app("poort", kind=ClientKind.GATEWAY)
    assert refused(who, call(app.assertion()), ClientKind.GATEWAY) == "kind"
    assert refused(who, call(gateway.assertion()), ClientKind.APP) == "kind"
