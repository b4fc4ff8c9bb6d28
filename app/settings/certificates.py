"""Certificates of ours that are named in the settings: better a line at the start than refused connections later."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa

_MINIMUM_RSA_BITS = 2048
_MINIMUM_EC_BITS = 256
_BROKEN_HASHES = {"md5", "sha1"}


def refuse_unsound(file: Path | None, now: datetime) -> None:
    """The first certificate of a PEM file, and its chain. Raises ValueError when one is out of date, or weak by the
    guidelines of NCSC (2025): RSA below 2048 bits, elliptic curves below 256, SHA-1. Raises OSError."""
    if file is None:
        return
    for certificate in x509.load_pem_x509_certificates(file.read_bytes()):
        if certificate.not_valid_after_utc <= now:
            raise ValueError(f"a certificate in {file} ended on {certificate.not_valid_after_utc:%Y-%m-%d}")
        if certificate.not_valid_before_utc > now:
            raise ValueError(f"a certificate in {file} begins on {certificate.not_valid_before_utc:%Y-%m-%d}")
        if _is_weak(certificate):
            raise ValueError(f"a certificate in {file} has a key or a signature that is too weak")


def _is_weak(certificate: x509.Certificate) -> bool:
    hash_ = certificate.signature_hash_algorithm
    is_root = certificate.issuer == certificate.subject  # nobody relies on its own signature
    if hash_ is not None and hash_.name in _BROKEN_HASHES and not is_root:
        return True
    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        return key.key_size < _MINIMUM_RSA_BITS
    return isinstance(key, ec.EllipticCurvePublicKey) and key.key_size < _MINIMUM_EC_BITS
