"""From a pushed request to a token, and every way in which a code is refused."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from joserfc.jwk import ECKey

from app.oauth.calls import OAuthRefusal
from app.oauth.jwts import unverified_claims
from app.oauth.register import ClientRegistry, Registrar
from app.oauth.registration import Stated
from app.ports.audit import ActorKind
from app.ports.clients import Binding, Client
from app.ports.grants import TokenRefused
from tests.support.apps import (
    API_URL,
    CITIZEN,
    ISSUER,
    REDIRECT,
    App,
    Bench,
    answer_in,
    citizen,
)
from tests.support.audit import Logbook, words_of
from tests.support.clock import FrozenClock


def refusal(bench: Bench, app: App, code: str, **changes: str | None) -> OAuthRefusal:
    with pytest.raises(OAuthRefusal) as refused:
        bench.server.exchange.exchange(bench.token_call(app, code, **changes))
    return refused.value


def test_a_consent_gives_one_token_of_at_most_fifteen_minutes_without_refresh(
    bench: Bench, book: Logbook
) -> None:
    app, before = bench.new_app(), len(words_of(book))
    answer = bench.server.exchange.exchange(bench.token_call(app, bench.code(app)))
    assert answer == {
        "access_token": answer["access_token"],
        "token_type": "DPoP",
        "expires_in": 900,
        "scope": "schuldenoverzicht",
    }
    assert words_of(book)[before:] == [
        ("consent_given", "voorbeeld-app", "schuldenoverzicht"),
        ("token_issued", "voorbeeld-app", "schuldenoverzicht"),
    ]


@pytest.mark.threat("T-24")
def test_the_token_says_nothing_about_who_the_citizen_is(bench: Bench) -> None:
    app = bench.new_app()
    claims = unverified_claims(bench.token(app))
    assert CITIZEN.digits not in str(claims)
    assert claims | {"sub": "", "jti": ""} == {
        "iss": ISSUER,
        "aud": f"{ISSUER}/api/v1",
        "sub": "",
        "client_id": "voorbeeld-app",
        "azp": "voorbeeld-app",
        "scope": "schuldenoverzicht",
        "acr": "http://eidas.europa.eu/LoA/substantial",
        "auth_time": claims["iat"],
        "iat": claims["iat"],
        "exp": claims["iat"] + 900,
        "jti": "",
        "cnf": {"jkt": app.dpop_key.thumbprint()},
    }


def test_two_tokens_of_one_citizen_have_nothing_in_common(bench: Bench) -> None:
    app = bench.new_app()
    first, second = (unverified_claims(bench.token(app)) for _ in range(2))
    assert first["sub"] != second["sub"]
    assert first["jti"] != second["jti"]


def test_the_api_hears_who_calls_for_whom(bench: Bench) -> None:
    app = bench.new_app()
    caller = bench.server.access.caller("GET", API_URL, app.headers(bench.token(app)), None)
    assert caller.principal == citizen(bench.clock)
    assert (caller.client_id, caller.client_name) == ("voorbeeld-app", "Mijn Schuldhulp")
    assert caller.scopes == {"schuldenoverzicht"}
    assert caller.owner not in {caller.grant_id, ""}
    assert CITIZEN.digits not in repr(caller)


def test_the_browser_comes_back_with_state_and_issuer(bench: Bench) -> None:
    app = bench.new_app()
    asked = bench.pushed(app)
    address = bench.server.authorizations.allow(asked, citizen(bench.clock))
    assert address.startswith(f"{REDIRECT}?")
    assert answer_in(address) | {"code": ""} == {"code": "", "state": app.state, "iss": ISSUER}


def test_a_no_is_told_to_the_app_and_gives_nothing(bench: Bench, book: Logbook) -> None:
    app = bench.new_app()
    address = bench.server.authorizations.refuse(bench.pushed(app), citizen(bench.clock))
    assert answer_in(address) == {"error": "access_denied", "state": app.state, "iss": ISSUER}
    assert words_of(book)[-1] == ("consent_refused", "voorbeeld-app", "schuldenoverzicht")


def test_a_redirect_address_with_a_query_keeps_it(bench: Bench) -> None:
    address = f"{REDIRECT}?klant=a"
    app = bench.new_app(redirect_uris=(address,))
    asked = bench.pushed(app, redirect_uri=address)
    assert answer_in(bench.server.authorizations.fail(asked, "x"))["klant"] == "a"


@pytest.mark.threat("T-34")
@pytest.mark.parametrize(
    "changes",
    [
        {"code_verifier": "a" * 64},
        {"code_verifier": "kort"},
        {"code_verifier": None},
        {"redirect_uri": f"{REDIRECT}/"},
        {"redirect_uri": None},
    ],
    ids=lambda changes: "-".join(f"{name}={value}"[:24] for name, value in changes.items()),
)
def test_a_code_with_another_verifier_or_address_is_refused_and_gone(
    bench: Bench, changes: dict[str, Any]
) -> None:
    app = bench.new_app()
    code = bench.code(app)
    assert refusal(bench, app, code, **changes).error in {"invalid_grant", "invalid_request"}
    assert refusal(bench, app, code).error == "invalid_grant"
    assert bench.server.consents.of(CITIZEN) == ()


def test_an_unknown_code_and_another_grant_type_are_refused(bench: Bench) -> None:
    app = bench.new_app()
    assert refusal(bench, app, "bestaat-niet").error == "invalid_grant"
    code = bench.code(app)
    assert refusal(bench, app, code, grant_type="client_credentials").error == "unsupported_grant_type"
    assert refusal(bench, app, code, grant_type=None).error == "unsupported_grant_type"
    assert refusal(bench, app, "").error == "invalid_grant"


@pytest.mark.threat("T-34")
def test_a_code_of_one_app_is_worth_nothing_to_another(bench: Bench) -> None:
    app, other = bench.new_app(), bench.new_app("andere-app")
    code = bench.code(app)
    other.verifier, other.dpop_key = app.verifier, app.dpop_key
    assert refusal(bench, other, code).error == "invalid_grant"
    assert refusal(bench, app, code).error == "invalid_grant"


@pytest.mark.threat("T-34")
def test_a_code_is_tied_to_the_dpop_key_of_the_request(bench: Bench) -> None:
    app = bench.new_app()
    code = bench.code(app)
    thief = replace(app, dpop_key=type(app.dpop_key).generate_key("P-256"))
    assert refusal(bench, thief, code).reason == "other_key"
    assert refusal(bench, app, code).error == "invalid_grant"


@pytest.mark.threat("T-34")
def test_a_code_that_comes_twice_ends_the_token_that_it_gave(bench: Bench, book: Logbook) -> None:
    app = bench.new_app()
    code = bench.code(app)
    token = str(bench.server.exchange.exchange(bench.token_call(app, code))["access_token"])
    bench.server.access.caller("GET", API_URL, app.headers(token), None)
    assert refusal(bench, app, code).error == "invalid_grant"
    with pytest.raises(TokenRefused, match="revoked"):
        bench.server.access.caller("GET", API_URL, app.headers(token), None)
    assert words_of(book)[-1] == ("token_revoked", "voorbeeld-app", "code_used_before")


def test_a_code_lives_sixty_seconds(bench: Bench, clock: FrozenClock) -> None:
    app = bench.new_app()
    code = bench.code(app)
    clock.advance(60)
    assert refusal(bench, app, code).error == "invalid_grant"


def test_a_consent_that_is_withdrawn_before_the_code_is_used_gives_no_token(bench: Bench) -> None:
    app = bench.new_app()
    code = bench.code(app)
    (consent, *_) = bench.server.consents.of(CITIZEN)
    assert bench.server.consents.withdraw(CITIZEN, consent.grant_id)
    assert refusal(bench, app, code).error == "invalid_grant"


def test_an_app_that_was_removed_or_changed_meanwhile_gets_nothing(bench: Bench) -> None:
    app = bench.new_app()
    asked = bench.pushed(app)
    bench.register(app, redirect_uris=("https://app.example/nieuw",))
    assert answer_in(bench.server.authorizations.allow(asked, citizen(bench.clock)))["error"]
    bench.register(app)
    code = bench.code(app)
    assert bench.clients.remove(app.client_id)
    assert refusal(bench, app, code).error == "invalid_client"
    assert bench.server.consents.of(CITIZEN) == ()


def test_taking_a_key_of_an_app_away_ends_its_tokens_and_adding_one_does_not(
    bench: Bench, book: Logbook
) -> None:
    app, registry = bench.new_app(), ClientRegistry(bench.clients, book.audit, bench.clock)
    old, new = (
        {**key.as_dict(private=False), "kid": kid}
        for kid, key in (("een", app.key), ("twee", ECKey.generate_key("P-256")))
    )
    headers = app.headers(bench.token(app))

    def put(*keys: object) -> None:
        registry.put(_as_registered(app.client(), keys), Registrar(ActorKind.OPERATOR, "beheer"))

    put(old, new)
    assert bench.server.access.caller("GET", API_URL, headers, None).client_id == app.client_id
    put({**new, "kid": "drie"})
    assert bench.server.consents.of(CITIZEN) == ()
    with pytest.raises(TokenRefused, match="revoked"):
        bench.server.access.caller("GET", API_URL, app.headers(headers["Authorization"][5:]), None)


def _as_registered(client: Client, keys: Sequence[object]) -> Stated:
    return Stated(
        client_id=client.client_id,
        name=client.name,
        kind=client.kind,
        authentication=client.authentication,
        binding=client.binding,
        keys=[json.dumps({"keys": keys}).encode()],
        redirect_uris=client.redirect_uris,
        scopes=sorted(client.scopes),
        purpose=client.purpose,
        oin=client.oin,
    )


def test_a_token_can_be_tied_to_a_certificate_instead(bench: Bench) -> None:
    app = bench.new_app(binding=Binding.CERTIFICATE)
    code = bench.code(app, app.certificate, dpop_jkt=None)
    call = replace(bench.token_call(app, code), certificate=app.certificate)
    answer = bench.server.exchange.exchange(call)
    assert answer["token_type"] == "Bearer"
    headers = {"Authorization": f"Bearer {answer['access_token']}"}
    assert bench.server.access.caller("GET", API_URL, headers, app.certificate).client_id == app.client_id
    for certificate in (None, App(bench.clock).certificate):
        with pytest.raises(TokenRefused, match="certificate"):
            bench.server.access.caller("GET", API_URL, headers, certificate)


def test_a_code_for_a_certificate_needs_that_certificate(bench: Bench) -> None:
    app = bench.new_app(binding=Binding.CERTIFICATE)
    for other, reason in ((None, "no_certificate"), (App(bench.clock).certificate, "other_key")):
        code = bench.code(app, app.certificate, dpop_jkt=None)
        call = replace(bench.token_call(app, code), certificate=other)
        with pytest.raises(OAuthRefusal, match=reason):
            bench.server.exchange.exchange(call)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("code", None, "code is missing."),
        ("code_verifier", None, "code_verifier is missing."),
        ("code_verifier", "kort", "code_verifier is not of 43 to 128 "),
    ],
)
def test_the_parameter_of_an_exchange_that_is_wrong_is_named(
    bench: Bench, name: str, value: str | None, said: str
) -> None:
    app = bench.new_app()
    call = bench.token_call(app, bench.code(app))
    form = {key: kept for key, kept in {**call.form, name: value}.items() if kept is not None}
    with pytest.raises(OAuthRefusal) as refused:
        bench.server.exchange.exchange(replace(call, form=form))
    assert refused.value.error == "invalid_request"
    assert refused.value.description.startswith(said)
