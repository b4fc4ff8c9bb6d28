"""One TLS connection on which every single read is bound to one deadline.

An ordinary time-out counts from the last byte, so a source that sends a byte now and then keeps a thread forever.
"""

from __future__ import annotations

import http.client
import ssl
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography import x509

from sources.deadline import Deadline
from sources.errors import Misconfigured

# How long one wait for bytes may take before looking whether anybody still waits for them.
_LOOK_UP_SECONDS = 0.5


class DeadlineSocket(ssl.SSLSocket):
    """A TLS socket that stops reading at its deadline, or soon after that is cancelled. Raises TimeoutError then."""

    deadline: Deadline | None = None

    def recv_into(self, buffer: Any, nbytes: int | None = None, flags: int = 0) -> int:
        if self.deadline is None:
            return super().recv_into(buffer, nbytes, flags)
        while not self.deadline.passed:
            self.settimeout(
                max(min(self.deadline.remaining, _LOOK_UP_SECONDS), 0.001)
            )  # 0 would mean: do not wait
            with suppress(TimeoutError):
                return super().recv_into(buffer, nbytes, flags)
        raise TimeoutError


@dataclass(frozen=True, slots=True)
class TlsFiles:
    """PEM files. `ca_file` holds the only anchors that are trusted; a client certificate is optional."""

    ca_file: Path
    client_certificate_file: Path | None = None
    client_key_file: Path | None = None


def client_context(files: TlsFiles) -> ssl.SSLContext:
    """TLS 1.2 or newer, host name checked, only the configured anchors. Raises Misconfigured."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.sslsocket_class = DeadlineSocket
    try:
        context.load_verify_locations(cafile=files.ca_file)
        if files.client_certificate_file is not None:
            context.load_cert_chain(files.client_certificate_file, files.client_key_file, _no_passphrase)
    except (OSError, ValueError):  # ssl.SSLError is an OSError
        raise Misconfigured("a certificate or key file of this source cannot be used") from None
    return context


def _no_passphrase() -> str:
    """Without this, OpenSSL would ask for a passphrase on the terminal and the service would hang."""
    raise ValueError("the key file is encrypted")


def client_expiry(files: TlsFiles) -> datetime | None:
    """When our own certificate for this source ends; None without one. Read after `client_context` could use it."""
    if files.client_certificate_file is None:
        return None
    try:
        certificate = x509.load_pem_x509_certificate(files.client_certificate_file.read_bytes())
    except (OSError, ValueError):
        return None
    return certificate.not_valid_after_utc


def server_expiry(connection: http.client.HTTPSConnection) -> datetime | None:
    """When the certificate that the other side showed, and that was accepted, ends."""
    shown = connection.sock.getpeercert() if isinstance(connection.sock, DeadlineSocket) else None
    ends = (shown or {}).get("notAfter")
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(ends), UTC) if isinstance(ends, str) else None


def connect(
    address: tuple[str, int], context: ssl.SSLContext, connect_seconds: float, deadline: Deadline
) -> http.client.HTTPSConnection:
    """Open a connection. Raises OSError; nothing was sent then, so the caller may try once more.

    Looking up the name of the host is the one step that cannot be interrupted: the system's resolver has its own
    limits (`resolv.conf`). `gather` reports the source as too slow meanwhile.
    """
    host, port = address
    timeout = max(deadline.within(connect_seconds).remaining, 0.001)
    connection = http.client.HTTPSConnection(host, port, timeout=timeout, context=context)
    connection.connect()
    if not isinstance(connection.sock, DeadlineSocket):
        raise TypeError("the context makes another kind of socket")
    connection.sock.deadline = deadline
    return connection
