"""What an operator states of an app is checked before citizens see it."""

import zlib
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from joserfc.jwk import ECKey, RSAKey

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
    whole = Stated(
        client_id="voorbeeld-app",
        name=" Mijn  Schuldhulp ",
        kind=ClientKind.APP,
        authentication=ClientAuthentication.PRIVATE_KEY_JWT,
        binding=Binding.DPOP,
        jwks={"keys": [PUBLIC]},
        redirect_uris=["https://app.example/terug"],
        scopes=["schuldenoverzicht"],
        purpose="De app maakt een plan.",
        oin="00000001900000010000",
    )
    return replace(whole, **changes)


def test_a_good_statement_becomes_a_client() -> None:
    client = checked(stated(), NOW)
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
        ({"jwks": []}, "1 to 10 keys"),
        ({"jwks": {"keys": []}}, "1 to 10 keys"),
        ({"jwks": {"keys": [PUBLIC] * 11}}, "1 to 10 keys"),
        ({"jwks": {"keys": [PUBLIC, PUBLIC]}}, "kid of its own"),
        ({"jwks": {"keys": [{**PUBLIC, "use": "enc"}]}}, "keys for signatures"),
        ({"jwks": {"keys": [PRIVATE]}}, "never a private key"),
        ({"jwks": {"keys": [{**PUBLIC, "kid": 7}]}}, "public JWK"),
        ({"jwks": {"keys": ["x"]}}, "public JWK"),
        ({"jwks": {"keys": [{"kty": "oct", "k": "x"}]}}, "public JWK"),
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


@pytest.mark.filterwarnings("ignore:Key size")
def test_a_short_key_is_refused() -> None:
    short = RSAKey.generate_key(1024).as_dict(private=False)
    with pytest.raises(ValueError, match="2048 bits or more"):
        checked(stated(jwks={"keys": [short]}), NOW)


def test_a_gateway_has_keys_and_nothing_else() -> None:
    gateway = checked(stated(kind=ClientKind.GATEWAY, redirect_uris=[], scopes=[], purpose=""), NOW)
    assert (gateway.redirect_uris, gateway.scopes, gateway.purpose) == ((), frozenset(), "")


def test_plain_http_is_for_the_demo_on_this_machine_only() -> None:
    there = ["http://127.0.0.1:8009/terug"]
    assert checked(stated(redirect_uris=there, allow_loopback_http=True), NOW).redirect_uris == tuple(there)
    with pytest.raises(ValueError, match="https://"):
        checked(stated(redirect_uris=["http://app.example/"], allow_loopback_http=True), NOW)


def test_a_certificate_belongs_to_its_key() -> None:
    by_certificate = ClientAuthentication.CERTIFICATE
    jwks = App(FrozenClock()).client().jwks
    assert checked(stated(jwks=jwks, authentication=by_certificate), NOW).jwks["keys"][0]["x5c"]
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
