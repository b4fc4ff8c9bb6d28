"""The key that a JSON file itself names, as somebody who trusts the file would take it."""

from __future__ import annotations

import base64
import json

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def certificate_pem_of(data: bytes) -> bytes | None:
    """The public key of the first certificate in the header (PEM), or None when there is none to be read."""
    try:
        protected = json.loads(data)["protected"]
        header = json.loads(base64.urlsafe_b64decode(protected + "=" * (-len(protected) % 4)))
        certificate = x509.load_der_x509_certificate(base64.b64decode(header["x5c"][0]))
    except (ValueError, KeyError, TypeError, IndexError, RecursionError):
        return None
    return certificate.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
