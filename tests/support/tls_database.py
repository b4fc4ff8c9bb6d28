"""TLS before the embedded PostgreSQL, which is built without: answers libpq's SSLRequest, and passes the rest on."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

from simulators.certificates import IdentityFiles
from tests.support.waiting import PATIENCE_S

_SSL_REQUEST = bytes.fromhex("0000000804d2162f")  # PostgreSQL, "Message Formats"


@contextlib.contextmanager
def tls_before(postgres_socket: Path, identity: IdentityFiles) -> Iterator[int]:
    """Listen on 127.0.0.1 and give the port. Whoever does not ask for TLS is not answered."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(identity.certificate_file, identity.key_file)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=_serve, args=(listener, context, postgres_socket), daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
    thread.join(PATIENCE_S)


def _serve(listener: socket.socket, context: ssl.SSLContext, postgres_socket: Path) -> None:
    with contextlib.suppress(OSError):
        while True:
            line, _ = listener.accept()
            threading.Thread(target=_relay, args=(line, context, postgres_socket), daemon=True).start()


def _relay(line: socket.socket, context: ssl.SSLContext, postgres_socket: Path) -> None:
    with contextlib.suppress(OSError), line:
        if line.recv(len(_SSL_REQUEST), socket.MSG_WAITALL) != _SSL_REQUEST:
            return
        line.sendall(b"S")
        with context.wrap_socket(line, server_side=True) as safe, socket.socket(socket.AF_UNIX) as inside:
            inside.connect(str(postgres_socket))
            threading.Thread(target=_copy, args=(inside, safe), daemon=True).start()
            _copy(safe, inside)


def _copy(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while some := source.recv(65536):
            target.sendall(some)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_RDWR)
