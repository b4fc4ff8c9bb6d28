"""Signatures and encryption, with real keys."""

import base64
import json
from typing import Any

import pytest
from joserfc import jwe, jws
from joserfc.jwk import ECKey, Key, OctKey, RSAKey

from app.oidc import jose
from app.oidc.metadata import parse_keys, select_key
from app.ports.login import LoginRefused, ProviderUnavailable
from tests.unit.oidc.support import ec, rsa, signed

ALLOWED = ("PS256", "ES256", "RS256")
ENCRYPTION = ("RSA-OAEP-256", "RSA-OAEP", "A256GCM")


def published(key: RSAKey | ECKey, **extra: Any) -> dict[str, Any]:
    return {**key.as_dict(private=False), "kid": key.thumbprint(), **extra}


KEYS = parse_keys({"keys": [published(rsa(), use="sig"), published(ec(), use="sig", alg="ES256")]})


def find(kid: str | None, algorithm: str) -> Key:
    found = select_key(KEYS, kid, algorithm)
    if found is None:
        raise LoginRefused("key_unknown")
    return found


def encoded(content: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


@pytest.mark.parametrize(("key", "algorithm"), [(rsa(), "PS256"), (rsa(), "RS256"), (ec(), "ES256")])
def test_a_token_signed_with_an_allowed_algorithm_is_opened(key: RSAKey | ECKey, algorithm: str) -> None:
    assert jose.open_signed(signed(key, algorithm, {"a": 1}), find, ALLOWED) == {"a": 1}


def test_unknown_header_fields_and_certificates_are_ignored() -> None:
    token = signed(rsa(), "PS256", {"a": 1}, iets="anders", x5c=["A" * 3000])
    assert jose.open_signed(token, find, ALLOWED) == {"a": 1}


@pytest.mark.parametrize(
    ("token", "reason"),
    [
        (signed(rsa("other"), "PS256"), "key_unknown"),
        (signed(rsa("other"), "PS256", kid=rsa().thumbprint()), "signature"),
        (signed(rsa(), "PS256", kid=ec().thumbprint()), "key_unknown"),
        (signed(rsa(), "PS384"), "algorithm"),
        (signed(rsa(), "PS256", typ="at+jwt"), "token_type"),
        (signed(rsa(), "PS256", typ="logout+jwt"), "token_type"),
        (f"{encoded({'alg': 'none'})}.{encoded({'a': 1})}.", "algorithm"),
        (f"{encoded({'alg': 'PS256', 'kid': 5})}.{encoded({})}.AAAA", "token_malformed"),
        (f"{encoded({'alg': 'PS256', 'crit': ['exp'], 'exp': 1})}.{encoded({})}.AAAA", "header_critical"),
        (f"{encoded({'alg': 'PS256', 'b64': True})}.{encoded({})}.AAAA", "header_critical"),
        (f"{encoded({'alg': ['PS256']})}.{encoded({})}.AAAA", "algorithm"),
        (f"{encoded([])}.{encoded({})}.AAAA", "signature"),
        ("", "signature"),
        ("a.b", "signature"),
        ("\ud800.b.c", "token_malformed"),
        ("é.b.c", "signature"),
    ],
)
def test_anything_else_is_refused(token: str, reason: str) -> None:
    with pytest.raises(LoginRefused) as caught:
        jose.open_signed(token, find, ALLOWED)
    assert caught.value.reason == reason


def test_the_public_key_is_not_a_secret() -> None:
    secret = OctKey.import_key(rsa().as_pem(private=False).hex())
    token = jws.serialize_compact({"alg": "HS256", "kid": rsa().thumbprint()}, b"{}", secret, ["HS256"])
    with pytest.raises(LoginRefused) as caught:
        jose.open_signed(token, find, ALLOWED)
    assert caught.value.reason == "algorithm"


@pytest.mark.parametrize("payload", [b"[]", b"nee", b'"tekst"', b"[" * 50_000, b'{"sub": "\\ud800"}'])
def test_content_that_is_not_an_object_of_whole_characters_is_refused(payload: bytes) -> None:
    token = jws.serialize_compact({"alg": "PS256", "kid": rsa().thumbprint()}, payload, rsa(), ["PS256"])
    with pytest.raises(LoginRefused) as caught:
        jose.open_signed(token, find, ALLOWED)
    assert caught.value.reason == "token_malformed"


def test_one_changed_character_is_noticed() -> None:
    head, _, tail = signed(rsa(), "PS256", {"sub": "a"}).split(".")
    with pytest.raises(LoginRefused) as caught:
        jose.open_signed(f"{head}.{encoded({'sub': 'b'})}.{tail}", find, ALLOWED)
    assert caught.value.reason == "signature"


def test_without_kid_the_only_fitting_key_is_used_and_a_choice_is_never_made() -> None:
    assert select_key(KEYS, None, "PS256") is not None
    two = parse_keys({"keys": [published(rsa()), published(rsa("other"))]})
    assert select_key(two, None, "PS256") is None


def test_keys_for_encryption_or_another_algorithm_do_not_verify() -> None:
    keys = parse_keys({"keys": [published(rsa(), use="enc"), published(rsa("other"), alg="RS256")]})
    assert select_key(keys, rsa().thumbprint(), "PS256") is None
    assert select_key(keys, rsa("other").thumbprint(), "PS256") is None


def test_keys_that_we_cannot_use_are_skipped() -> None:
    strange = [
        {"kty": "PQ"},
        {"kty": "oct", "k": "c2VjcmV0"},
        {"kty": "RSA", "n": "!", "e": "AQAB"},
        "tekst",
        None,
    ]
    keys = parse_keys({"keys": [*strange, published(rsa())]})
    assert [key.kid for key in keys] == [rsa().thumbprint()]


@pytest.mark.filterwarnings("ignore:Key size should be")  # that it is too short is the point
def test_a_key_that_is_too_short_is_skipped() -> None:
    assert parse_keys({"keys": [published(RSAKey.generate_key(1024))]}) == ()


@pytest.mark.parametrize("document", [{}, {"keys": None}, {"keys": {"a": 1}}])
def test_a_key_set_of_another_form_is_the_providers_fault(document: dict[str, Any]) -> None:
    with pytest.raises(ProviderUnavailable):
        parse_keys(document)


def encrypted(algorithm: str = "RSA-OAEP-256", enc: str = "A256GCM", **header: Any) -> str:
    content = signed(rsa(), "PS256", {"a": 1})
    whole = {"alg": algorithm, "enc": enc, "cty": "JWT", **header}
    rules = jwe.JWERegistry(algorithms=[algorithm, enc, "DEF"], strict_check_header=False)
    return jwe.encrypt_compact(whole, content, rsa("decryption"), registry=rules)


def test_what_is_encrypted_to_any_of_our_keys_is_opened() -> None:
    """A broker need not say which key it took, and may use the old one for a while."""
    for keys in ([rsa("other"), rsa("decryption")], [rsa("decryption"), rsa("other")]):
        inner = jose.decrypt(encrypted(), keys, ENCRYPTION)
        assert jose.open_signed(inner, find, ALLOWED) == {"a": 1}


@pytest.mark.parametrize("algorithm", ["RSA-OAEP-256", "RSA-OAEP"])
def test_an_encrypted_token_opens_with_our_key(algorithm: str) -> None:
    inner = jose.decrypt(encrypted(algorithm, iss="https://kopie.example"), [rsa("decryption")], ENCRYPTION)
    assert jose.open_signed(inner, find, ALLOWED) == {"a": 1}


@pytest.mark.parametrize(
    "token",
    [encrypted(enc="A128CBC-HS256"), encrypted(zip="DEF"), "a.b.c.d.e", "....", encrypted()[:-4] + "AAAA"],
)
def test_other_encryption_is_refused_with_one_and_the_same_reason(token: str) -> None:
    with pytest.raises(LoginRefused) as caught:
        jose.decrypt(token, [rsa("decryption")], ENCRYPTION)
    assert caught.value.reason == "decryption"


def test_what_was_encrypted_to_another_is_refused() -> None:
    with pytest.raises(LoginRefused):
        jose.decrypt(encrypted(), [rsa("other")], ENCRYPTION)


def test_something_encrypted_without_a_key_of_ours_is_refused() -> None:
    with pytest.raises(LoginRefused) as caught:
        jose.decrypt(encrypted(), [], ENCRYPTION)
    assert caught.value.reason == "encrypted_without_key"
