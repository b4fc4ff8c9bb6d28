"""What a place where a sealing key lives must offer, and in which form it gives its signatures.

A PDF seal (CMS) and a JSON seal (JWS) want different forms of the same ECDSA signature. Every backend gives DER, with
any s; `signature_for_cms` and `signature_for_jws` are the one place that gives it its form and the lower s.

    key          for CMS                          for JWS
    EC P-256     ECDSA, SHA-256, DER              the same signature as r||s, 64 bytes (RFC 7518, 3.4)
    RSA-3072     PKCS#1 v1.5, SHA-256             PSS, SHA-256, MGF1 with SHA-256, salt of 32 bytes (RFC 7518, 3.5)
"""

import hashlib
from datetime import datetime
from enum import Enum
from typing import Protocol

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from signing import p256
from signing.errors import SealingRefused


class KeyKind(Enum):
    """The kinds of keys that seal."""

    P256 = "P-256"
    RSA = "RSA"


class Scheme(Enum):
    """The signature operations. All hash with SHA-256 and take the data itself, not its digest."""

    ECDSA = "ECDSA, answer in DER (Ecdsa-Sig-Value, RFC 3279)"
    RSA_PKCS1 = "RSASSA-PKCS1-v1_5"
    RSA_PSS = "RSASSA-PSS, salt 32"


class KeyBackend(Protocol):
    """A sealing key with its certificate; the key itself never leaves the backend."""

    @property
    def kind(self) -> KeyKind:
        """P-256 does only `Scheme.ECDSA`, RSA only the other two."""

    @property
    def certificate(self) -> x509.Certificate:
        """The seal certificate."""

    @property
    def chain(self) -> tuple[x509.Certificate, ...]:
        """The authorities above it, lowest first, without the root."""

    def sign(self, data: bytes, scheme: Scheme) -> bytes:
        """The signature over `data`. Raises `SigningError` when the backend cannot sign now."""


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


def signature_for_cms(key: KeyBackend, data: bytes) -> bytes:
    """The signature in the form that a CMS wants."""
    if key.kind is KeyKind.RSA:
        return key.sign(data, Scheme.RSA_PKCS1)
    return p256.with_low_s(key.sign(data, Scheme.ECDSA))


def signature_for_jws(key: KeyBackend, data: bytes) -> bytes:
    """The signature in the form that a JWS wants."""
    if key.kind is KeyKind.RSA:
        return key.sign(data, Scheme.RSA_PSS)
    return p256.plain(p256.with_low_s(key.sign(data, Scheme.ECDSA)))
