"""Proof of the key: made for this request, now, once, with our nonce (RFC 9449)."""

import json
from typing import Any

import pytest
from joserfc import jws, jwt
from joserfc.jwk import ECKey, OctKey

from app.oauth.calls import OAuthRefusal
from app.oauth.dpop import BadProof, Dpop, NonceNeeded, Target
from app.oauth.nonces import Nonces
from app.ports.grants import TokenRefused
from tests.support.apps import API_URL, ISSUER, App, Bench
from tests.support.clock import FrozenClock

URL = f"{ISSUER}/oauth/token"
NOW_S = 1795338000  # the moment of FrozenClock


@pytest.fixture
def dpop(bench: Bench) -> Dpop:
    return Dpop(bench.grants, bench.server.nonces, bench.clock)


def thumbprint(dpop: Dpop, proof: str | None, target: Target) -> str:
    found = dpop.read(proof, target)
    dpop.use(found)
    return found.thumbprint


def refused(dpop: Dpop, proof: str | None, url: str = URL, token: str | None = None) -> str:
    with pytest.raises(BadProof) as bad:
        thumbprint(dpop, proof, Target("POST", url, token))
    return bad.value.reason


def test_a_good_proof_tells_its_key(bench: Bench, dpop: Dpop) -> None:
    app = bench.new_app()
    assert thumbprint(dpop, app.proof(URL), Target("POST", URL)) == app.dpop_key.thumbprint()
    assert thumbprint(dpop, app.proof(f"{URL}?x=1#y"), Target("POST", URL)) == app.dpop_key.thumbprint()


@pytest.mark.threat("T-35")
@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"htm": "GET"}, "htm"),
        ({"htm": "post"}, "htm"),
        ({"htm": None}, "htm"),
        ({"htu": f"{ISSUER}/oauth/par"}, "htu"),
        ({"htu": "http://schulden.example/oauth/token"}, "htu"),
        ({"htu": "https://schulden.example:443/oauth/token"}, "htu"),
        ({"htu": "https://[kapot"}, "htu"),
        ({"htu": None}, "htu"),
        ({"htu": 7}, "htu"),
        ({"iat": NOW_S - 61}, "iat"),
        ({"iat": NOW_S + 61}, "iat"),
        ({"iat": None}, "iat_missing"),
        ({"iat": "nu"}, "iat_missing"),
        ({"iat": True}, "iat_missing"),
        ({"iat": 1e300}, "iat_missing"),
        ({"jti": None}, "jti"),
        ({"jti": "kort"}, "jti"),
        ({"jti": "x" * 201}, "jti"),
        ({"jti": 12345678901234567890}, "jti"),
        ({"nonce": None}, "nonce"),
        ({"nonce": "verzonnen"}, "nonce"),
        ({"nonce": 7}, "nonce"),
    ],
)
def test_a_proof_for_another_request_or_moment_is_refused(
    bench: Bench, dpop: Dpop, changes: dict[str, Any], reason: str
) -> None:
    app = bench.new_app()
    if changes.get("nonce", "") is None:
        app.nonce = None
    assert refused(dpop, app.proof(URL, **changes)) == reason


def with_header(app: App, key: Any, algorithms: list[str] | None = None, **header: Any) -> str:
    claims = {"htm": "POST", "htu": URL, "iat": NOW_S, "jti": "j" * 20, "nonce": app.nonce}
    stated = {"typ": "dpop+jwt", "alg": "ES256", "jwk": app.dpop_key.as_dict(private=False), **header}
    kept = {name: value for name, value in stated.items() if value is not None}
    return jwt.encode(kept, claims, key, algorithms)


@pytest.mark.threat("T-35")
def test_a_proof_of_another_kind_or_with_another_key_is_refused(bench: Bench, dpop: Dpop) -> None:
    app = bench.new_app()
    key = app.dpop_key
    assert refused(dpop, None) == "missing"
    assert refused(dpop, "") == "missing"
    assert refused(dpop, "a.b.c") == "signature"
    assert refused(dpop, "x" * 20_000) == "too_large"
    assert refused(dpop, with_header(app, key, typ="JWT")) == "type"
    assert refused(dpop, with_header(app, key, typ=None)) == "type"
    assert refused(dpop, with_header(app, key, jwk=None)) == "key"
    assert refused(dpop, with_header(app, key, jwk=key.as_dict(private=True))) == "key"
    assert refused(dpop, with_header(app, key, jwk={"kty": "oct", "k": "c2VjcmV0"})) == "key"
    assert refused(dpop, with_header(app, ECKey.generate_key("P-256"))) == "signature"
    secret = OctKey.generate_key(256)
    assert refused(dpop, with_header(app, secret, ["HS256"], alg="HS256")) in {"algorithm", "signature"}
    head, payload, _ = with_header(app, key).split(".")
    assert refused(dpop, f"{head}.{payload}.") == "signature"


def test_a_name_with_half_a_character_is_refused(bench: Bench, dpop: Dpop) -> None:
    """Anybody can make a key, and ask for a nonce."""
    app = bench.new_app()
    claims = {"htm": "POST", "htu": URL, "iat": NOW_S, "jti": "\ud800" * 20, "nonce": app.nonce}
    header = {"typ": "dpop+jwt", "alg": "ES256", "jwk": app.dpop_key.as_dict(private=False)}
    assert refused(dpop, jws.serialize_compact(header, json.dumps(claims), app.dpop_key)) == "jti"


@pytest.mark.threat("T-35")
def test_a_proof_counts_once_for_all_processes(bench: Bench, dpop: Dpop) -> None:
    app = bench.new_app()
    proof = app.proof(URL)
    thumbprint(dpop, proof, Target("POST", URL))
    other = Dpop(bench.grants, Nonces([b"n" * 32], bench.clock), bench.clock)
    assert refused(other, proof) == "replayed"
    assert refused(dpop, proof) == "replayed"


def test_a_nonce_holds_for_its_window_and_the_next(bench: Bench, dpop: Dpop, clock: FrozenClock) -> None:
    app = bench.new_app()
    for _ in range(2):
        thumbprint(dpop, app.proof(URL), Target("POST", URL))
        clock.advance(300)
    with pytest.raises(NonceNeeded) as needed:
        thumbprint(dpop, app.proof(URL), Target("POST", URL))
    app.nonce = needed.value.nonce
    thumbprint(dpop, app.proof(URL), Target("POST", URL))


def test_a_nonce_of_the_storage_key_before_still_counts(clock: FrozenClock) -> None:
    before = Nonces([b"a" * 32], clock).current()
    assert Nonces([b"a" * 32, b"b" * 32], clock).is_good(before)
    assert not Nonces([b"b" * 32], clock).is_good(before)


def test_a_code_survives_a_proof_without_nonce(bench: Bench) -> None:
    """A client hears of the nonce in that answer, and tries again with the same code."""
    app = bench.new_app()
    code, nonce = bench.code(app), app.nonce
    app.nonce = None
    with pytest.raises(OAuthRefusal) as refusal:
        bench.server.exchange.exchange(bench.token_call(app, code))
    assert (refusal.value.error, refusal.value.dpop_nonce) == ("use_dpop_nonce", nonce)
    app.nonce = nonce
    assert bench.server.exchange.exchange(bench.token_call(app, code))["access_token"]


@pytest.mark.threat("T-35")
def test_a_token_is_worth_nothing_without_its_key(bench: Bench) -> None:
    app, other = bench.new_app(), bench.new_app("andere-app")
    token = bench.token(app)

    def reason(headers: dict[str, str], method: str = "GET", url: str = API_URL) -> tuple[str, str | None]:
        with pytest.raises(TokenRefused) as refusal:
            bench.server.access.caller(method, url, headers, None)
        return refusal.value.reason, refusal.value.code

    assert reason({}) == ("no_token", None)
    assert reason({"Authorization": "DPoP"}) == ("no_token", None)
    assert reason({"Authorization": f"Bearer {token}"}) == ("scheme", "invalid_token")
    assert reason({"Authorization": f"DPoP {token}"}) == ("dpop_missing", "invalid_dpop_proof")
    assert reason(other.headers(token)) == ("dpop_other_key", "invalid_token")
    assert reason(app.headers(token), method="POST") == ("dpop_htm", "invalid_dpop_proof")
    assert reason(app.headers(token), url=f"{API_URL}/x") == ("dpop_htu", "invalid_dpop_proof")
    assert reason(app.headers(token, ath="x")) == ("dpop_ath", "invalid_dpop_proof")
    assert reason(app.headers(token, nonce="x")) == ("dpop_nonce", "use_dpop_nonce")
    again = app.headers(token)
    assert bench.server.access.caller("GET", API_URL, again, None).client_id == app.client_id
    assert reason(again) == ("dpop_replayed", "invalid_dpop_proof")


def test_a_proof_for_one_token_is_none_for_another(bench: Bench) -> None:
    app = bench.new_app()
    first, second = bench.token(app), bench.token(app)
    mixed = {**app.headers(second), "Authorization": f"DPoP {first}"}
    with pytest.raises(TokenRefused, match="dpop_ath"):
        bench.server.access.caller("GET", API_URL, mixed, None)
