"""Fetching revocation lists from addresses that the operator or our own certificates name, never from a file.

Lists are signed by their authority and usually published over plain http (RFC 5280, 4.2.1.13: https would need a list
to check the certificate of the address of the list). So http is right here; what arrives is checked afterwards.
"""

import http.client
import logging
import ssl
from collections.abc import Iterable
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

_log = logging.getLogger(__name__)
_SECONDS = 10.0
_LARGEST_LIST = 5_000_000


def fetch_lists(urls: Iterable[str]) -> tuple[bytes, ...]:
    """The revocation lists (DER) at these addresses; one that cannot be had is logged and left out."""
    return tuple(found for url in dict.fromkeys(urls) if (found := _list_at(url)) is not None)


def published_at(certificates: Iterable[x509.Certificate]) -> tuple[str, ...]:
    """The addresses of the revocation lists that these certificates name."""
    return tuple(url for certificate in certificates for url in _addresses(certificate))


def _addresses(certificate: x509.Certificate) -> list[str]:
    try:
        points = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    except x509.ExtensionNotFound:
        return []
    names = [name for point in points for name in point.full_name or ()]
    return [str(name.value) for name in names if isinstance(name, x509.UniformResourceIdentifier)]


def _list_at(url: str) -> bytes | None:
    try:
        return _as_der(_fetch(url))
    except (OSError, http.client.HTTPException, ValueError) as error:
        _log.warning("no revocation list", extra={"url": url, "kind": type(error).__name__})
        return None


def _fetch(url: str) -> bytes:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("not a web address")
    if parts.scheme == "https":
        tls = ssl.create_default_context()
        connection: http.client.HTTPConnection = http.client.HTTPSConnection(
            parts.hostname, parts.port, timeout=_SECONDS, context=tls
        )
    else:
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=_SECONDS)
    try:
        connection.request("GET", f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}")
        response = connection.getresponse()
        content = response.read(_LARGEST_LIST + 1)
    finally:
        connection.close()
    if response.status != http.client.OK or len(content) > _LARGEST_LIST:
        raise ValueError("not a revocation list")
    return content


def _as_der(content: bytes) -> bytes:
    if content.lstrip().startswith(b"-----BEGIN"):
        return x509.load_pem_x509_crl(content).public_bytes(Encoding.DER)
    x509.load_der_x509_crl(content)
    return content
