"""Fetching revocation lists from addresses that the operator or our own certificates name, never from a file.

Lists are signed by their authority and usually published over plain http (RFC 5280, 4.2.1.13: https would need a list
to check the certificate of the address of the list). So http is right here; what arrives is checked afterwards.
"""

import contextlib
import http.client
import logging
import socket
import ssl
import threading
from collections.abc import Iterable
from concurrent.futures import Future
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

_log = logging.getLogger(__name__)
_SECONDS = 10.0  # without a byte
_ALTOGETHER = 30.0
_LARGEST_LIST = 5_000_000


def fetch_lists(urls: Iterable[str], altogether: float = _ALTOGETHER) -> tuple[bytes, ...]:
    """The revocation lists (DER) at these addresses; one that cannot be had within `altogether` seconds is logged and
    left out."""
    return tuple(found for url in dict.fromkeys(urls) if (found := _list_at(url, altogether)) is not None)


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


def _list_at(url: str, altogether: float) -> bytes | None:
    try:
        return _as_der(_fetch(url, altogether))
    except (OSError, http.client.HTTPException, ValueError) as error:
        _log.warning("no revocation list", extra={"url": url, "kind": type(error).__name__})
        return None


def _fetch(url: str, altogether: float) -> bytes:
    """On a thread of its own: who sends a byte now and then must not keep the other background work waiting."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("not a web address")
    tls = ssl.create_default_context() if parts.scheme == "https" else None
    connection = _connection(parts.hostname, parts.port, tls)
    target = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
    answer: Future[bytes] = Future()
    threading.Thread(target=_answer, args=(connection, target, answer), daemon=True).start()
    try:
        return answer.result(altogether)
    finally:
        _cut_off(connection)


def _connection(host: str, port: int | None, tls: ssl.SSLContext | None) -> http.client.HTTPConnection:
    if tls is None:
        return http.client.HTTPConnection(host, port, timeout=_SECONDS)
    return http.client.HTTPSConnection(host, port, timeout=_SECONDS, context=tls)


def _answer(connection: http.client.HTTPConnection, target: str, answer: "Future[bytes]") -> None:
    try:
        connection.request("GET", target)
        response = connection.getresponse()
        content = response.read(_LARGEST_LIST + 1)
        if response.status != http.client.OK or len(content) > _LARGEST_LIST:
            raise ValueError("not a revocation list")
        answer.set_result(content)
    except Exception as error:  # noqa: BLE001 -- raised where it is waited for
        answer.set_exception(error)
    finally:
        connection.close()


def _cut_off(connection: http.client.HTTPConnection) -> None:
    socket_ = connection.sock
    if socket_ is not None:
        with contextlib.suppress(OSError):
            socket_.shutdown(socket.SHUT_RDWR)


def _as_der(content: bytes) -> bytes:
    if content.lstrip().startswith(b"-----BEGIN"):
        return x509.load_pem_x509_crl(content).public_bytes(Encoding.DER)
    x509.load_der_x509_crl(content)
    return content
