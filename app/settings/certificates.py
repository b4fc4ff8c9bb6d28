"""Certificates of ours that are named in the settings: better a line at the start than refused connections later."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from app.oidc.keys import OWN_RSA_BITS

_AUTHORITY_RSA_BITS = 2048  # of who issued it: not ours to choose
_MINIMUM_EC_BITS = 256
_BROKEN_HASHES = {"md5", "sha1"}


def first_end(file: Path) -> datetime:
    """When the first of the certificates in a PEM file ends; from then on it is refused. Raises ValueError or OSError."""
    found = x509.load_pem_x509_certificates(file.read_bytes())
    return min(certificate.not_valid_after_utc for certificate in found)


def refuse_unsound(file: Path, now: datetime) -> None:
    """The first certificate of a PEM file, and its chain. Raises ValueError when one is out of date, or weak: RSA below 3072
    bits (of authorities 2048), elliptic curves below 256, SHA-1 (docs/cryptography.md). Raises OSError."""
    for place, certificate in enumerate(x509.load_pem_x509_certificates(file.read_bytes())):
        if certificate.not_valid_after_utc <= now:
            raise ValueError(f"a certificate in {file} ended on {certificate.not_valid_after_utc:%Y-%m-%d}")
        if certificate.not_valid_before_utc > now:
            raise ValueError(f"a certificate in {file} begins on {certificate.not_valid_before_utc:%Y-%m-%d}")
        if _is_weak(certificate, _AUTHORITY_RSA_BITS if place else OWN_RSA_BITS):
            raise ValueError(f"a certificate in {file} has a key or a signature that is too weak")


def _is_weak(certificate: x509.Certificate, rsa_bits: int) -> bool:
    hash_ = certificate.signature_hash_algorithm
    is_root = certificate.issuer == certificate.subject  # nobody relies on its own signature
    if hash_ is not None and hash_.name in _BROKEN_HASHES and not is_root:
        return True
    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        return key.key_size < rsa_bits
    return isinstance(key, ec.EllipticCurvePublicKey) and key.key_size < _MINIMUM_EC_BITS
