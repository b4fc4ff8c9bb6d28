"""Opening what a pinned key signed: a compact JWS (RFC 7515) over one strict JSON object.

The key decides which algorithms count (RFC 8725, 3.1). Whatever keys or addresses of keys the header brings along
(`jwk`, `jku`, `x5c`, `x5u`, `kid`) is never looked at.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode
from collections.abc import Sequence
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey, import_key

from claims.strict_json import loads_strict
from sources.errors import Misconfigured, SourceUntrusted

MAX_BYTES = 2_000_000
_MAX_HEADER_BYTES = 32 * 1024  # room for a chain of certificates, which we ignore
_MINIMUM_RSA_BITS = 2048
_KINDS = ("EC", "OKP", "RSA")  # never "oct": a secret that two sides share signs nothing


class _Rules(jws.JWSRegistry):
    max_header_length = _MAX_HEADER_BYTES
    max_payload_length = MAX_BYTES


def load_pinned_keys(file: Path) -> tuple[Key, ...]:
    """The keys of a PEM file (certificates or one public key) or of a JWK or JWK set. Of a certificate only the key
    counts. Raises Misconfigured."""
    try:
        text = file.read_bytes()
        keys = _keys_of_json(text) if text.lstrip().startswith(b"{") else _keys_of_pem(text)
    except (OSError, ValueError):
        raise Misconfigured("the file with the key of the list cannot be used") from None
    if not keys:
        raise Misconfigured("the file with the key of the list holds no key")
    return keys


def key_of_jwk(unverified: object) -> Key:
    """A public key that can verify a signature. Raises ValueError for anything else, also for a private key."""
    if not isinstance(unverified, dict) or unverified.get("kty") not in _KINDS:
        raise ValueError("not a key of a kind that we verify with")
    try:
        key = import_key({str(name): value for name, value in unverified.items()})
        fits = bool(algorithms_of(key)) and not key.is_private and key.raw_value is not None
    except (JoseError, ValueError, TypeError, KeyError, AttributeError):
        raise ValueError("not a key") from None
    if not fits:
        raise ValueError("not a public key that we verify with")
    return key


def algorithms_of(key: Key) -> tuple[str, ...]:
    """What this key may have signed with (RFC 7518, RFC 9864); empty for a key that is too weak or of another kind."""
    if isinstance(key, ECKey) and key.curve_name == "P-256":
        return ("ES256",)
    if isinstance(key, OKPKey) and key.curve_name == "Ed25519":
        return ("Ed25519", "EdDSA")
    if isinstance(key, RSAKey) and key.public_key.key_size >= _MINIMUM_RSA_BITS:
        return ("PS256", "RS256")
    return ()


def open_signed(unverified: bytes, keys: Sequence[Key], kind: str) -> tuple[dict[str, object], Key]:
    """The content, and which of the keys signed it. `kind` is the `typ` that the header must have.
    Raises SourceUntrusted."""
    if len(unverified) > MAX_BYTES:
        raise SourceUntrusted("a signed document is too large")
    token = unverified.strip()
    algorithm = _algorithm(token, kind)
    key = next((key for key in keys if algorithm in algorithms_of(key) and _verifies(token, key)), None)
    if key is None:
        raise SourceUntrusted("no key that we trust has signed this")
    return _json_part(token, 1, MAX_BYTES), key


def _algorithm(token: bytes, kind: str) -> str:
    header = _json_part(token, 0, _MAX_HEADER_BYTES)
    algorithm, stated_kind = header.get("alg"), header.get("typ")
    if "crit" in header or "b64" in header or not isinstance(algorithm, str):
        raise SourceUntrusted("the header of a signed document is not one that we accept")
    if stated_kind != kind:
        raise SourceUntrusted("a signed document is of another kind")
    return algorithm


def _verifies(token: bytes, key: Key) -> bool:
    rules = _Rules(algorithms=list(algorithms_of(key)), strict_check_header=False)
    try:
        jws.deserialize_compact(token, key, registry=rules)
    except (JoseError, ValueError, TypeError):
        return False
    return True


def _json_part(token: bytes, number: int, max_bytes: int) -> dict[str, object]:
    """One part of the token; whether it may be believed is for the caller to know."""
    try:
        part = token.split(b".")[number]
        content = loads_strict(urlsafe_b64decode(part + b"=" * (-len(part) % 4)), max_bytes)
    except (IndexError, ValueError):
        raise SourceUntrusted("not a signed JSON document") from None
    if not isinstance(content, dict):
        raise SourceUntrusted("not a signed JSON object")
    return content


def _keys_of_json(text: bytes) -> tuple[Key, ...]:
    value = loads_strict(text, MAX_BYTES)
    several = value.get("keys") if isinstance(value, dict) else None
    return tuple(key_of_jwk(one) for one in (several if isinstance(several, list) else [value]))


def _keys_of_pem(text: bytes) -> tuple[Key, ...]:
    if b"BEGIN CERTIFICATE" in text:
        return tuple(_key_of_public(one.public_key()) for one in x509.load_pem_x509_certificates(text))
    return (_key_of_public(load_pem_public_key(text)),)


def _key_of_public(public: object) -> Key:
    key: Key
    if isinstance(public, ec.EllipticCurvePublicKey):
        key = ECKey.import_key(public)
    elif isinstance(public, rsa.RSAPublicKey):
        key = RSAKey.import_key(public)
    elif isinstance(public, ed25519.Ed25519PublicKey):
        key = OKPKey.import_key(public)
    else:
        raise ValueError("a key of another kind")
    if not algorithms_of(key):
        raise ValueError("a key that is too weak")
    return key
