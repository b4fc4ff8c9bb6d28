"""What a place where a sealing key lives must offer, and in which form it gives its signatures.

A PDF seal (CMS) and a JSON seal (JWS) want different forms of an ECDSA signature: DER, and r followed by s. Every
backend gives DER, with any s; `signature_for_cms` and `signature_for_jws` are the one place that gives it its form and
the lower s. Which key does what stands in `signing.key_kinds`.
"""

import hashlib
from datetime import datetime
from enum import Enum
from typing import Protocol

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from signing.errors import SealingRefused
from signing.key_kinds import KeyKind

__all__ = [
    "KeyBackend",
    "KeyKind",
    "PublicKey",
    "Scheme",
    "Signer",
    "ensure_valid_at",
    "fits_certificate",
    "fits_key",
    "key_id",
    "short_key_id",
    "signature_for_cms",
    "signature_for_jws",
]


PublicKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey


class Scheme(Enum):
    """The signature operations. All take the data itself, not its digest; ECDSA answers in DER (RFC 3279)."""

    ECDSA_SHA256 = "ECDSA with SHA-256"
    ECDSA_SHA384 = "ECDSA with SHA-384"
    RSA_PKCS1 = "RSASSA-PKCS1-v1_5 with SHA-256"
    RSA_PSS = "RSASSA-PSS with SHA-256, salt 32"

    def fits(self, kind: KeyKind) -> bool:
        """Whether a key of this kind signs so."""
        if self is Scheme.ECDSA_SHA384:
            return kind is KeyKind.P384
        return (self is Scheme.ECDSA_SHA256) == (kind.curve is not None)


class Signer(Protocol):
    """A private key that never leaves its place, with or without a certificate."""

    @property
    def kind(self) -> KeyKind:
        """What it is; it signs only with the schemes that fit."""

    @property
    def public_key(self) -> PublicKey:
        """Its other half."""

    def sign(self, data: bytes, scheme: Scheme) -> bytes:
        """The signature over `data`. Raises `SigningError` when the scheme does not fit or it cannot sign now."""


class KeyBackend(Protocol):
    """A sealing key with its certificate; the key itself never leaves the backend."""

    @property
    def kind(self) -> KeyKind:
        """What it is; it signs only with the schemes that fit."""

    @property
    def certificate(self) -> x509.Certificate:
        """The seal certificate."""

    @property
    def chain(self) -> tuple[x509.Certificate, ...]:
        """The authorities above it, lowest first, without the root."""

    def sign(self, data: bytes, scheme: Scheme) -> bytes:
        """The signature over `data`. Raises `SigningError` when the scheme does not fit or it cannot sign now."""


def key_id(certificate: x509.Certificate) -> str:
    """Which key sealed: hex SHA-256 over the certificate's DER (64 characters)."""
    return hashlib.sha256(certificate.public_bytes(Encoding.DER)).hexdigest()


def short_key_id(full: str) -> str:
    """The first 16 hex digits in groups of four, for people to compare."""
    return " ".join(full[start : start + 4] for start in range(0, 16, 4))


def ensure_valid_at(certificate: x509.Certificate, moment: datetime) -> None:
    """Raise SealingRefused when the seal certificate is not valid at `moment`."""
    if not certificate.not_valid_before_utc <= moment <= certificate.not_valid_after_utc:
        raise SealingRefused("the seal certificate is not valid at the moment of sealing")


def fits_certificate(certificate: x509.Certificate, data: bytes, signature: bytes) -> bool:
    """Whether the certificate's key made this signature, with the scheme of a CMS (ECDSA in DER, PKCS#1 v1.5)."""
    return fits_key(certificate.public_key(), data, signature)


def fits_key(key: object, data: bytes, signature: bytes) -> bool:
    """Whether this public key's other half made this signature, with the scheme of a CMS."""
    try:
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, data, ec.ECDSA(hashes.SHA256()))
        elif isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, data, padding.PKCS1v15(), hashes.SHA256())
        else:
            return False
    except InvalidSignature:
        return False
    return True


def signature_for_cms(key: KeyBackend | Signer, data: bytes) -> bytes:
    """The signature in the form that a CMS wants."""
    curve = key.kind.curve
    if curve is None:
        return key.sign(data, Scheme.RSA_PKCS1)
    return curve.with_low_s(key.sign(data, Scheme.ECDSA_SHA256))


def signature_for_jws(key: KeyBackend, data: bytes) -> bytes:
    """The signature in the form that a JWS wants."""
    curve = key.kind.curve
    if curve is None:
        return key.sign(data, Scheme.RSA_PSS)
    scheme = Scheme.ECDSA_SHA384 if key.kind is KeyKind.P384 else Scheme.ECDSA_SHA256
    return curve.plain(curve.with_low_s(key.sign(data, scheme)))
