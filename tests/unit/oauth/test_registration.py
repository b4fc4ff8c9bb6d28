"""What an operator states of an app is checked before citizens see it."""

import json
import zlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import load_der_x509_certificate
from joserfc.jwk import ECKey, RSAKey

from app.oauth.faults import Field, Problem, RegistrationRefused
from app.oauth.logo import clean_logo
from app.oauth.metadata import Addresses, metadata
from app.oauth.registration import Stated, checked
from app.ports.clients import Binding, ClientAuthentication, ClientKind
from tests.support.apps import ISSUER, App
from tests.support.clock import FrozenClock

NOW = datetime(2026, 11, 22, tzinfo=UTC)
PUBLIC = {**ECKey.generate_key("P-256").as_dict(private=False), "kid": "een"}
PRIVATE = ECKey.generate_key("P-256").as_dict(private=True)


def stated(**changes: Any) -> Stated:
    """`jwks`: what stands in a file with keys."""
    if "jwks" in changes:
        changes["keys"] = [json.dumps(changes.pop("jwks")).encode()]
    whole = Stated(
        client_id="voorbeeld-app",
        name=" Mijn  Schuldhulp ",
        kind=ClientKind.APP,
        authentication=ClientAuthentication.PRIVATE_KEY_JWT,
        binding=Binding.DPOP,
        keys=[json.dumps({"keys": [PUBLIC]}).encode()],
        redirect_uris=["https://app.example/terug"],
        scopes=["schuldenoverzicht"],
        purpose="De app maakt een plan.",
        oin="00000001900000010000",
    )
    return replace(whole, **changes)


def test_a_good_statement_becomes_a_client() -> None:
    client = checked(stated(), NOW).client
    assert client.name == "Mijn Schuldhulp"
    assert client.jwks == {"keys": [{key: PUBLIC[key] for key in ("kty", "crv", "x", "y", "kid")}]}
    assert client.redirect_uris == ("https://app.example/terug",)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"client_id": "A"}, "the id must"),
        ({"client_id": "met spatie"}, "the id must"),
        ({"name": " "}, "the name must"),
        ({"name": "x" * 61}, "the name must"),
        ({"name": "draai \u202e om"}, "the name must"),
        ({"purpose": ""}, "the purpose must"),
        ({"purpose": "x" * 301}, "the purpose must"),
        ({"scopes": []}, "at least one scope"),
        ({"scopes": ["alles"]}, "only these scopes"),
        ({"oin": "123"}, "OIN"),
        ({"redirect_uris": []}, "needs a redirect address"),
        ({"redirect_uris": ["http://app.example/terug"]}, "https://"),
        ({"redirect_uris": ["http://127.0.0.1:9/terug"]}, "https://"),
        ({"redirect_uris": ["mijnapp://terug"]}, "https://"),
        ({"redirect_uris": ["https://app.example/terug#x"]}, "whole web address"),
        ({"redirect_uris": ["https://u@app.example/terug"]}, "whole web address"),
        ({"redirect_uris": ["https://app.example; script-src *"]}, "whole web address"),
        ({"redirect_uris": ["https://app.example\\@elders.example/"]}, "whole web address"),
        ({"redirect_uris": ["https:///terug"]}, "whole web address"),
        ({"redirect_uris": ["https://[::1/terug"]}, "whole web address"),
        ({"redirect_uris": ["https://app.example:poort/"]}, "whole web address"),
        ({"jwks": []}, "keys are a JWK set"),
        ({"jwks": {"keys": []}}, "keys are a JWK set"),
        ({"jwks": {"keys": [PUBLIC] * 11}}, "1 to 10 keys"),
        ({"jwks": {"keys": [PUBLIC, PUBLIC]}}, "kid of its own"),
        ({"jwks": {"keys": [{**PUBLIC, "use": "enc"}]}}, "keys for signatures"),
        ({"jwks": {"keys": [PRIVATE]}}, "this is a private key"),
        ({"jwks": {"keys": [{**PUBLIC, "kid": 7}]}}, "public JWK"),
        ({"jwks": {"keys": ["x"]}}, "keys are a JWK set"),
        ({"jwks": {"keys": [{"kty": "oct", "k": "x"}]}}, "this is a private key"),
        ({"jwks": {"keys": [ECKey.generate_key("P-384").as_dict(private=False)]}}, "public JWK"),
        ({"kind": ClientKind.GATEWAY}, "gateway"),
        ({"kind": ClientKind.GATEWAY, "redirect_uris": []}, "gateway"),
        ({"authentication": ClientAuthentication.CERTIFICATE}, "certificate in x5c"),
    ],
)
def test_a_bad_statement_is_refused_in_one_line(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words) as refusal:
        checked(stated(**changes), NOW)
    assert "\n" not in str(refusal.value)


def test_everything_that_is_wrong_is_told_at_once() -> None:
    many = stated(
        client_id="A",
        name="",
        oin="1",
        redirect_uris=["https://app.example/", "http://app.example/", "x"],
        scopes=[],
        jwks={"keys": [PUBLIC, PRIVATE]},
        logo=b"<svg onload=alert(1)>",
    )
    with pytest.raises(RegistrationRefused) as refusal:
        checked(many, NOW)
    assert [(fault.field, fault.problem, fault.place) for fault in refusal.value.faults] == [
        (Field.LOGO, Problem.LOGO_FORM, None),
        (Field.CLIENT_ID, Problem.ID, None),
        (Field.NAME, Problem.NAME, None),
        (Field.KEYS, Problem.PRIVATE_KEY, None),
        (Field.REDIRECT, Problem.NOT_HTTPS, 2),
        (Field.REDIRECT, Problem.NOT_AN_ADDRESS, 3),
        (Field.SCOPE, Problem.NO_SCOPE, None),
        (Field.OIN, Problem.OIN, None),
    ]


def pem_of(key: ECKey | RSAKey) -> tuple[bytes, bytes]:
    """Public, private."""
    return key.as_pem(private=False), key.as_pem(private=True)


def test_keys_come_as_a_set_a_key_or_pem() -> None:
    key, app = ECKey.generate_key("P-256"), App(FrozenClock())
    public, private = pem_of(key)
    certificate = load_der_x509_certificate(app.certificate).public_bytes(Encoding.PEM)
    plain = {name: PUBLIC[name] for name in ("kty", "crv", "x", "y", "kid")}
    for data, kid in ((json.dumps(PUBLIC).encode(), "een"), (public, key.thumbprint())):
        assert checked(stated(keys=[data]), NOW).client.jwks["keys"][0]["kid"] == kid
    both = checked(stated(keys=[plain, b"\n" + certificate + public]), NOW).client.jwks["keys"]
    assert [jwk["kid"] for jwk in both] == ["een", app.key.thumbprint(), key.thumbprint()]
    two = checked(stated(keys=[public + pem_of(RSAKey.generate_key(2048))[0]]), NOW).client.jwks["keys"]
    assert [jwk["kty"] for jwk in two] == ["EC", "RSA"]
    by_certificate = stated(keys=[certificate], authentication=ClientAuthentication.CERTIFICATE)
    assert checked(by_certificate, NOW).client.jwks["keys"][0]["x5c"]
    secret = (private, public + private, b"-----BEGIN ENCRYPTED PRIVATE KEY-----\nhalf")
    for data in secret:
        with pytest.raises(RegistrationRefused, match="this is a private key"):
            checked(stated(keys=[data]), NOW)
    for data in (
        b"",
        b"\xff",
        b"[1]",
        b"[" * 100_000,
        b"-----BEGIN X-----",
        public[:-40],
        certificate + public[:-40],
    ):
        with pytest.raises(RegistrationRefused, match="keys are a JWK set"):
            checked(stated(keys=[data]), NOW)


def test_a_certificate_that_has_ended_lets_nobody_in() -> None:
    certificate = load_der_x509_certificate(App(FrozenClock()).certificate).public_bytes(Encoding.PEM)
    with pytest.raises(RegistrationRefused, match="has ended"):
        checked(stated(keys=[certificate]), NOW + timedelta(days=30))


@pytest.mark.filterwarnings("ignore:Key size")
def test_a_short_key_is_refused() -> None:
    short = RSAKey.generate_key(1024).as_dict(private=False)
    with pytest.raises(ValueError, match="2048 bits or more"):
        checked(stated(jwks={"keys": [short]}), NOW)


def test_a_gateway_has_keys_and_nothing_else() -> None:
    gateway = checked(stated(kind=ClientKind.GATEWAY, redirect_uris=[], scopes=[], purpose=""), NOW).client
    assert (gateway.redirect_uris, gateway.scopes, gateway.purpose) == ((), frozenset(), "")


def test_plain_http_is_for_the_demo_on_this_machine_only() -> None:
    there = ["http://127.0.0.1:8009/terug"]
    made = checked(stated(redirect_uris=there, allow_loopback_http=True), NOW).client
    assert made.redirect_uris == tuple(there)
    with pytest.raises(ValueError, match="https://"):
        checked(stated(redirect_uris=["http://app.example/"], allow_loopback_http=True), NOW)


def test_a_certificate_belongs_to_its_key() -> None:
    by_certificate = ClientAuthentication.CERTIFICATE
    jwks = App(FrozenClock()).client().jwks
    made = checked(stated(jwks=jwks, authentication=by_certificate), NOW).client
    assert made.jwks["keys"][0]["x5c"]
    mixed = {"keys": [{**PUBLIC, "x5c": jwks["keys"][0]["x5c"]}]}
    with pytest.raises(ValueError, match="another key"):
        checked(stated(jwks=mixed, authentication=by_certificate), NOW)


def chunk(kind: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")


def png(side: int = 64, extra: bytes = b"") -> bytes:
    header = side.to_bytes(4, "big") * 2 + b"\x08\x00\x00\x00\x00"
    rows = zlib.compress((b"\x00" + b"\x7f" * side) * side)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def test_a_logo_is_a_small_png_without_anything_hidden_in_it() -> None:
    assert clean_logo(png()) == png()
    assert clean_logo(png(extra=chunk(b"tEXt", b"waar\x00thuis"))) == png()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"\xff\xd8\xff\xe0 jpeg",
        b"\x89PNG\r\n\x1a\n",
        png()[:-1],
        png() + b"<script>",
        png().replace(b"IDAT", b"IDAX"),
        png(31),
        png(513),
        png(extra=chunk(b"tEXt", b"x" * 70_000)),
    ],
)
def test_anything_else_is_no_logo(data: bytes) -> None:
    with pytest.raises(ValueError, match="the logo"):
        clean_logo(data)


def test_the_metadata_says_only_what_is_there() -> None:
    plain = metadata(Addresses(ISSUER))
    assert plain["issuer"] == ISSUER
    assert plain["require_pushed_authorization_requests"] is True
    assert plain["code_challenge_methods_supported"] == ["S256"]
    assert plain["token_endpoint_auth_methods_supported"] == ["private_key_jwt"]
    assert "mtls_endpoint_aliases" not in plain
    assert not any("refresh" in str(value) for value in plain.values())
    with_certificates = metadata(Addresses(ISSUER, f"{ISSUER}:8443"))
    assert with_certificates["mtls_endpoint_aliases"]["token_endpoint"] == f"{ISSUER}:8443/oauth/token"
    assert "self_signed_tls_client_auth" in with_certificates["token_endpoint_auth_methods_supported"]
