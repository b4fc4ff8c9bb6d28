"""The certificate of a program's TLS connection, as our own proxy tells it in a header (RFC 8705).

The proxy proves that who connects has the key; we compare the certificate with what was registered or issued.
"""

from __future__ import annotations

from urllib.parse import unquote

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from flask import request

# Set by `app.http.proxy`, only for requests of our own proxies.
ENVIRON = "blauwe_knop.client_certificate"
_LONGEST = 16 * 1024


def current_certificate() -> bytes | None:
    """DER; None when there is none, or nothing that can be read."""
    told = str(request.environ.get(ENVIRON, ""))
    return certificate_in(told) if told and len(told) <= _LONGEST else None


def certificate_in(told: str) -> bytes | None:
    """A PEM certificate, escaped as in an address (nginx: `$ssl_client_escaped_cert`)."""
    try:
        return x509.load_pem_x509_certificate(unquote(told).encode()).public_bytes(Encoding.DER)
    except ValueError:
        return None
