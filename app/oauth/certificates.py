"""Client certificates as our own proxy tells them (RFC 8705)."""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime

from cryptography import x509
from cryptography.x509.oid import NameOID

from app.ports.clients import Client


def thumbprint(certificate: bytes) -> str:
    """`x5t#S256` of a DER certificate (RFC 8705, section 3.1)."""
    return base64.urlsafe_b64encode(hashlib.sha256(certificate).digest()).rstrip(b"=").decode()


def is_registered(client: Client, certificate: bytes, now: datetime) -> bool:
    """Whether it is one of the certificates of this client, and valid now (section 2.2)."""
    known = [key["x5c"][0] for key in client.jwks["keys"] if key.get("x5c")]
    if base64.b64encode(certificate).decode() not in known:
        return False
    try:
        parsed = x509.load_der_x509_certificate(certificate)
    except ValueError:
        return False
    return parsed.not_valid_before_utc <= now <= parsed.not_valid_after_utc


def states_oin(certificate: bytes, oin: str) -> bool:
    """Whether the subject has this number as serialNumber, as PKIoverheid writes it."""
    try:
        subject = x509.load_der_x509_certificate(certificate).subject
    except ValueError:
        return False
    return [one.value for one in subject.get_attributes_for_oid(NameOID.SERIAL_NUMBER)] == [oin]
