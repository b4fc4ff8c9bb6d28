"""The public key of who may read a report that lies in a folder."""

from __future__ import annotations

from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, RSAKey, import_key

from claims.strict_json import loads_strict
from sources.errors import Misconfigured

_MINIMUM_RSA_BITS = 2048
_CURVES = ("P-256", "P-384")
_MAX_BYTES = 64 * 1024


def load_receiver_key(file: Path) -> Key:
    """Of a PEM file (one certificate or public key) or a JWK. Raises Misconfigured, also for a private key: that is the
    receiver's alone."""
    try:
        text = file.read_bytes()
        key = _of_jwk(text) if text.lstrip().startswith(b"{") else _of_pem(text)
        algorithm_of(key)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, JoseError):
        raise Misconfigured("the file with the key of the receiver cannot be used") from None
    if key.is_private:
        raise Misconfigured("the file with the key of the receiver holds a private key")
    return key


def algorithm_of(key: Key) -> str:
    """How the content key is wrapped (RFC 7518, sections 4.3 and 4.6). Raises ValueError for a weak or other key."""
    if isinstance(key, ECKey) and key.curve_name in _CURVES:
        return "ECDH-ES+A256KW"
    if isinstance(key, RSAKey) and key.public_key.key_size >= _MINIMUM_RSA_BITS:
        return "RSA-OAEP-256"
    raise ValueError("not a key that we encrypt to")


def _of_jwk(text: bytes) -> Key:
    value = loads_strict(text, _MAX_BYTES)
    if not isinstance(value, dict):
        raise ValueError("not a key")
    return import_key({str(name): part for name, part in value.items()})


def _of_pem(text: bytes) -> Key:
    is_certificate = b"BEGIN CERTIFICATE" in text
    public = (
        x509.load_pem_x509_certificate(text).public_key() if is_certificate else load_pem_public_key(text)
    )
    if isinstance(public, ec.EllipticCurvePublicKey):
        return ECKey.import_key(public)
    if isinstance(public, rsa.RSAPublicKey):
        return RSAKey.import_key(public)
    raise ValueError("a key of another kind")
