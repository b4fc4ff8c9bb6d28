"""TLS before the embedded PostgreSQL, which is built without: answers libpq's SSLRequest, and passes the rest on."""

from __future__ import annotations

import contextlib
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

from simulators.certificates import IdentityFiles
from tests.support.relay import relaying

_SSL_REQUEST = bytes.fromhex("0000000804d2162f")  # PostgreSQL, "Message Formats"


@contextlib.contextmanager
def tls_before(postgres_socket: Path, identity: IdentityFiles, address: str = "127.0.0.1") -> Iterator[int]:
    """Listen on this address and give the port. Whoever does not ask for TLS is not answered."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(identity.certificate_file, identity.key_file)

    @contextlib.contextmanager
    def dial(line: socket.socket) -> Iterator[tuple[socket.socket, socket.socket]]:
        if line.recv(len(_SSL_REQUEST), socket.MSG_WAITALL) != _SSL_REQUEST:
            raise ConnectionError("no request for TLS")
        line.sendall(b"S")
        with context.wrap_socket(line, server_side=True) as safe, socket.socket(socket.AF_UNIX) as inside:
            inside.connect(str(postgres_socket))
            yield safe, inside

    listener = socket.create_server((address, 0))
    with relaying(listener, dial):
        yield listener.getsockname()[1]
