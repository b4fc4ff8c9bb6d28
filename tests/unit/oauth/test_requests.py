"""What an app may ask, and of whom: checked before a browser is involved."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from app.oauth.calls import Call, OAuthRefusal
from app.oauth.metadata import PAR, TOKEN
from app.oauth.par import PREFIX
from app.persistence.engine import Database
from app.persistence.tables import used_proofs
from app.ports.clients import Binding, ClientKind
from app.ports.grants import Scope
from tests.support.apps import ISSUER, REDIRECT, App, Bench
from tests.support.clock import FrozenClock

URL = ISSUER + PAR


def push(bench: Bench, app: App, proof: str | None = None, **changes: str | None) -> dict[str, object]:
    return bench.server.pushing.push(Call(URL, app.identified(app.push_form(**changes)), proof))


def refused(bench: Bench, app: App, proof: str | None = None, **changes: str | None) -> str:
    with pytest.raises(OAuthRefusal) as refusal:
        push(bench, app, proof, **changes)
    assert refusal.value.description.isascii()
    return refusal.value.error


@pytest.mark.threat("T-34")
@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"redirect_uri": None}, "invalid_request"),
        ({"redirect_uri": "https://elders.example/terug"}, "invalid_request"),
        ({"redirect_uri": f"{REDIRECT}/"}, "invalid_request"),
        ({"redirect_uri": f"{REDIRECT}?x"}, "invalid_request"),
        ({"redirect_uri": "HTTPS://app.example/terug"}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": "code id_token"}, "unsupported_response_type"),
        ({"response_type": None}, "unsupported_response_type"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"scope": None}, "invalid_scope"),
        ({"scope": " "}, "invalid_scope"),
        ({"scope": "schuldenoverzicht beheer"}, "invalid_scope"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge": "x" * 42}, "invalid_request"),
        ({"code_challenge": "x" * 44}, "invalid_request"),
        ({"code_challenge": "x" * 42 + "="}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge": None, "code_challenge_method": None}, "invalid_request"),
        ({"state": None}, "invalid_request"),
        ({"state": "x" * 21}, "invalid_request"),
        ({"state": "x" * 513}, "invalid_request"),
        ({"state": "x" * 30 + "\n"}, "invalid_request"),
        ({"request_uri": f"{PREFIX}x"}, "invalid_request"),
        ({"request": "a.b.c"}, "invalid_request"),
        ({"dpop_jkt": "kort"}, "invalid_request"),
        ({"dpop_jkt": None}, "invalid_dpop_proof"),
        ({"client_id": "andere-app"}, "invalid_client"),
    ],
)
def test_a_request_that_is_not_right_is_refused(bench: Bench, changes: dict[str, Any], error: str) -> None:
    assert refused(bench, bench.new_app(), **changes) == error


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"client_id": None}, "client_id is missing."),
        ({"redirect_uri": None}, "redirect_uri is missing."),
        ({"redirect_uri": f"{REDIRECT}/"}, "redirect_uri is not, to the letter, "),
        ({"code_challenge": None}, "code_challenge is missing."),
        ({"code_challenge": "x" * 42}, "code_challenge is not a SHA-256 "),
        ({"code_challenge_method": None}, "code_challenge_method is missing."),
        ({"code_challenge_method": "plain"}, "code_challenge_method must be S256."),
    ],
)
def test_the_parameter_that_is_wrong_is_named(bench: Bench, changes: dict[str, Any], said: str) -> None:
    with pytest.raises(OAuthRefusal) as refusal:
        push(bench, bench.new_app(), **changes)
    assert refusal.value.description.startswith(said)


def test_an_app_gets_no_more_than_it_was_registered_for(bench: Bench) -> None:
    app = bench.new_app(scopes=frozenset({Scope.OVERVIEW}))
    assert refused(bench, app, scope="schuldenoverzicht toestemmingen") == "invalid_scope"
    assert bench.pushed(bench.new_app(), scope="toestemmingen schuldenoverzicht").scopes == set(Scope)


def test_a_gateway_cannot_ask_citizens_anything(bench: Bench) -> None:
    assert refused(bench, bench.new_app("poort", kind=ClientKind.GATEWAY)) == "unauthorized_client"


def test_the_key_can_be_shown_by_a_proof_instead(bench: Bench) -> None:
    app = bench.new_app()
    name = push(bench, app, app.proof(URL), dpop_jkt=None)["request_uri"]
    asked = bench.server.authorizations.open(app.client_id, str(name))
    assert asked is not None
    assert asked.confirmation.thumbprint == app.dpop_key.thumbprint()
    assert refused(bench, app, app.proof(URL), dpop_jkt="x" * 43) == "invalid_dpop_proof"
    app.nonce = None
    assert refused(bench, app, app.proof(URL)) == "use_dpop_nonce"


def test_who_is_tied_to_a_certificate_must_bring_it(bench: Bench) -> None:
    app = bench.new_app(binding=Binding.CERTIFICATE)
    assert refused(bench, app) == "invalid_request"
    assert bench.pushed(app, app.certificate).confirmation.binding is Binding.CERTIFICATE


def test_a_request_has_a_random_name_that_works_once_for_its_own_app(
    bench: Bench, clock: FrozenClock
) -> None:
    app, other = bench.new_app(), bench.new_app("andere-app")
    answer = push(bench, app)
    name = str(answer["request_uri"])
    assert answer["expires_in"] == 90
    opened = bench.server.authorizations.open
    assert opened(other.client_id, name) is None
    assert opened(app.client_id, "https://app.example/verzoek") is None
    assert opened(app.client_id, name) is not None
    assert opened(app.client_id, name) is None
    late = str(push(bench, app)["request_uri"])
    clock.advance(90)
    assert opened(app.client_id, late) is None


def test_a_request_of_an_app_that_was_changed_meanwhile_is_unknown(bench: Bench) -> None:
    app = bench.new_app()
    name = str(push(bench, app)["request_uri"])
    bench.register(app, scopes=frozenset({Scope.CONSENTS}))
    assert bench.server.authorizations.open(app.client_id, name) is None


def test_nothing_that_was_sent_comes_back_in_a_description(bench: Bench) -> None:
    app = bench.new_app()
    call = Call(URL, app.identified(app.push_form(redirect_uri="https://elders.example/<b>")))
    with pytest.raises(OAuthRefusal) as refusal:
        bench.server.pushing.push(replace(call))
    assert "elders" not in refusal.value.description


@pytest.mark.threat("T-33")
@pytest.mark.parametrize("path", [PAR, TOKEN])
def test_who_is_no_client_of_ours_uses_nothing_up(bench: Bench, database: Database, path: str) -> None:
    """Neither the table of used proofs, nor the proof of somebody else."""
    app = bench.new_app()
    stranger = App(bench.clock, "bestaat-niet", dpop_key=app.dpop_key, nonce=app.nonce)
    forged = App(bench.clock, app.client_id, dpop_key=app.dpop_key, nonce=app.nonce)
    proof = app.proof(ISSUER + path)
    late = int(bench.clock.now().timestamp()) - 600
    wrong = [
        app.push_form(),
        stranger.identified(stranger.push_form()),
        forged.identified(app.push_form()),
        {**app.identified(app.push_form()), "client_assertion": app.assertion(aud="https://elders.example")},
        {**app.identified(app.push_form()), "client_assertion": app.assertion(iat=late, exp=late + 60)},
        {**app.identified(app.push_form()), "client_assertion": app.assertion(jti="kort")},
    ]
    send = bench.server.pushing.push if path == PAR else bench.server.exchange.exchange
    for form in wrong:
        with pytest.raises(OAuthRefusal) as refused:
            send(Call(ISSUER + path, form, proof))
        assert refused.value.error == "invalid_client"
    with database.read() as connection:
        assert connection.execute(select(used_proofs)).all() == []
    good = app.push_form() if path == PAR else app.token_form(bench.code(app))
    assert send(Call(ISSUER + path, app.identified(good), proof))
    with pytest.raises(OAuthRefusal) as refused:
        send(Call(ISSUER + path, app.identified(good), proof))
    assert refused.value.reason == "dpop_replayed"
