"""Only what a pinned key signed, in the way that this key signs, is opened."""

import hmac
import json
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

from sources.errors import Misconfigured, SourceUntrusted
from sources.fcid.scheme.signed import MAX_BYTES, key_of_jwk, load_pinned_keys, open_signed
from tests.unit.sources.scheme.support import KEY, OTHER_KEY, es256, forged, sign, unsigned

KIND = "organisations+jws"


def opened(token: bytes) -> dict[str, object]:
    return open_signed(token, (KEY,), KIND)[0]


def test_what_the_pinned_key_signed_is_opened() -> None:
    assert opened(sign({"a": 1}) + b"\n") == {"a": 1}


@pytest.mark.parametrize(
    "key", [OKPKey.generate_key("Ed25519"), RSAKey.generate_key(2048)], ids=["Ed25519", "RSA"]
)
@pytest.mark.parametrize("algorithm", ["Ed25519", "EdDSA", "PS256", "RS256", "ES256"])
def test_a_key_counts_with_its_own_algorithms_only(key: RSAKey | OKPKey, algorithm: str) -> None:
    fits = algorithm.startswith("Ed") == isinstance(key, OKPKey) and algorithm != "ES256"
    if fits:
        assert open_signed(sign({"a": 1}, key, alg=algorithm), (KEY, key), KIND) == ({"a": 1}, key)
    else:
        with pytest.raises(SourceUntrusted):
            open_signed(sign({"a": 1}, KEY, alg="ES256"), (key,), KIND)


def test_another_key_is_not_trusted_whatever_the_header_says() -> None:
    headers: tuple[dict[str, Any], ...] = (
        {},
        {"kid": KEY.thumbprint()},
        {"jwk": OTHER_KEY.as_dict(private=False)},
        {"x5c": ["AAAA"]},
        {"jku": "https://x.invalid", "x5u": "https://x.invalid"},
    )
    for header in headers:
        with pytest.raises(SourceUntrusted):
            opened(sign({"a": 1}, OTHER_KEY, **header))


def test_what_the_header_says_of_keys_does_not_matter_either_when_the_pinned_key_signed() -> None:
    assert opened(sign({"a": 1}, kid="somebody else", x5c=["AAAA"])) == {"a": 1}


@pytest.mark.parametrize("algorithm", ["none", "NONE", "HS256", "ES256"])
def test_no_signature_is_no_signature(algorithm: str) -> None:
    with pytest.raises(SourceUntrusted):
        opened(unsigned({"a": 1}, algorithm))


def test_the_public_key_as_a_shared_secret_is_refused() -> None:
    """The classic confusion of RS256 and HS256, and the like."""
    pem = KEY.as_pem(private=False)
    for secret in (
        pem,
        pem.strip(),
        KEY.as_der(private=False),
        json.dumps(KEY.as_dict(private=False)).encode(),
    ):
        with pytest.raises(SourceUntrusted):
            opened(forged({"alg": "HS256"}, {"a": 1}, partial(hmac.digest, secret, digest="sha256")))


def test_every_changed_character_breaks_it() -> None:
    token = sign({"a": 1})
    for place in range(len(token) - 1):  # of the last character two bits mean nothing
        changed = token[:place] + (b"A" if token[place : place + 1] != b"A" else b"B") + token[place + 1 :]
        with pytest.raises(SourceUntrusted):
            opened(changed)


@pytest.mark.parametrize(
    "header", [{"typ": "discovery+jws"}, {"typ": None}, {"crit": ["exp"], "exp": 1}, {"b64": True}]
)
def test_another_kind_or_a_header_that_we_must_understand_is_refused(header: dict[str, Any]) -> None:
    assert opened(forged({"alg": "ES256"}, {"a": 1}, es256)) == {"a": 1}
    with pytest.raises(SourceUntrusted):
        opened(forged({"alg": "ES256", **header}, {"a": 1}, es256))


@pytest.mark.parametrize(
    "token",
    [b"", b".", b"..", b"a.b.c", b"\xff\xfe", b"{}", b"<html>", b"x" * (MAX_BYTES + 1)],
)
def test_what_is_no_signed_document_is_untrusted(token: bytes) -> None:
    with pytest.raises(SourceUntrusted):
        opened(token)


@pytest.mark.parametrize("payload", [b"[]", b"1", b'{"a":1,"a":2}', b'{"a":1.5}', b"\xff", b"[" * 5000])
def test_signed_content_that_can_be_read_in_two_ways_is_refused(payload: bytes) -> None:
    with pytest.raises(SourceUntrusted):
        opened(sign(payload))


def certificate_of(public: ec.EllipticCurvePublicKey) -> bytes:
    issuer, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Lijst")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(public)
    builder = builder.serial_number(1).not_valid_before(now).not_valid_after(now + timedelta(days=1))
    return builder.sign(issuer, hashes.SHA256()).public_bytes(Encoding.PEM)


def pem(public: ec.EllipticCurvePublicKey | rsa.RSAPublicKey | ed25519.Ed25519PublicKey) -> bytes:
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def test_a_key_is_pinned_as_certificate_public_key_jwk_or_set(tmp_path: Path) -> None:
    public = KEY.public_key
    jwk = json.dumps(KEY.as_dict(private=False))
    both = certificate_of(public) + certificate_of(OTHER_KEY.public_key)
    for text in (pem(public), certificate_of(public), both, jwk.encode(), f'{{"keys": [{jwk}]}}'.encode()):
        (tmp_path / "key").write_bytes(text)
        keys = load_pinned_keys(tmp_path / "key")
        assert open_signed(sign({"a": 1}), keys, KIND)[1].thumbprint() == KEY.thumbprint()


def test_a_pinned_key_that_is_not_a_good_public_key_is_our_mistake(tmp_path: Path) -> None:
    weak = rsa.generate_private_key(65537, 1024).public_key()
    private = json.dumps(KEY.as_dict(private=True)).encode()
    secret = json.dumps(OctKey.generate_key(256).as_dict(private=True)).encode()
    other_curve = json.dumps(ECKey.generate_key("P-384").as_dict(private=False)).encode()
    for text in (b"", b"{}", b"{", b'{"keys": []}', b"-----BEGIN", pem(weak), private, secret, other_curve):
        (tmp_path / "key").write_bytes(text)
        with pytest.raises(Misconfigured):
            load_pinned_keys(tmp_path / "key")
    with pytest.raises(Misconfigured):
        load_pinned_keys(tmp_path / "absent")


@pytest.mark.parametrize(
    "value", [None, "x", [], {}, {"kty": "oct", "k": "AAAA"}, {"kty": 1}, {"kty": "EC", "crv": 5}]
)
def test_a_key_from_outside_that_is_none_is_a_value_error(value: object) -> None:
    with pytest.raises(ValueError, match="key"):
        key_of_jwk(value)


@given(
    kind=st.sampled_from(["EC", "RSA", "OKP"]),
    members=st.dictionaries(
        st.sampled_from(["crv", "x", "y", "n", "e", "d", "alg", "use", "key_ops"]),
        st.one_of(
            st.none(),
            st.integers(),
            st.sampled_from(["P-256", "Ed25519", "AQAB", "AA", "é", "X25519"]),
            st.just([]),
        ),
    ),
)
def test_any_members_of_a_key_are_survived(kind: str, members: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="key"):
        key_of_jwk({"kty": kind, **members})
