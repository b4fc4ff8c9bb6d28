"""A small TLS server for one simulated organisation. It binds to loopback only and logs no content."""

from __future__ import annotations

import ipaddress
import logging
import socket
import ssl
import sys
import traceback
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

log = logging.getLogger("simulators.organisations")

Respond = Callable[["Exchange"], None]


class Exchange(BaseHTTPRequestHandler):
    """One question and its answer. What to answer is decided by the server's `respond`."""

    protocol_version = "HTTP/1.1"
    timeout = 20
    server: TlsServer
    connection: ssl.SSLSocket

    def do_POST(self) -> None:
        self.close_connection = True
        self.server.respond(self)

    do_GET = do_POST

    @property
    def stopping(self) -> Event:
        return self.server.stopping

    def client_oin(self) -> str | None:
        """The OIN in the client certificate (serialNumber of its subject), when there is one."""
        certificate: Any = self.connection.getpeercert() or {}
        subject = [pair for group in certificate.get("subject", ()) for pair in group]
        return dict(subject).get("serialNumber")

    def send(self, status: int, body: bytes, content_type: str = "application/json", **headers: str) -> None:
        """Send a whole answer; a header name gets hyphens for underscores."""
        self.send_head(status, content_type, Content_Length=str(len(body)), **headers)
        self.wfile.write(body)

    def send_head(self, status: int, content_type: str, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Cache-Control", "no-store")
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def break_connection(self) -> None:
        """Reset instead of a polite end."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        self.connection.close()

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: a request line or an error text may hold what a log must not have."""

    def log_request(self, code: int | str = "-", _size: int | str = "-") -> None:
        log.info("%s answered with status %s", self.server.name, code)


class TlsServer(ThreadingHTTPServer):
    """Listens on 127.0.0.1; port 0 takes a free one. The TLS handshake happens in the thread of the connection."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(
        self, name: str, address: tuple[str, int], context: ssl.SSLContext, respond: Respond
    ) -> None:
        if not ipaddress.ip_address(address[0]).is_loopback:
            raise ValueError("a simulator listens on loopback addresses only")
        self.name = name
        self.respond = respond
        self.stopping = Event()
        self._context = context
        super().__init__(address, Exchange)

    def finish_request(self, request: Any, client_address: Any) -> None:
        request.settimeout(Exchange.timeout)
        try:
            with self._context.wrap_socket(request, server_side=True) as connection:
                Exchange(connection, client_address, self)
        except OSError:  # the other side went away, or has no certificate that we trust
            log.info("%s: a connection ended early", self.name)

    def handle_error(self, _request: Any, _client_address: Any) -> None:
        """A broken simulator says where it broke, without the content that it was busy with."""
        kind, _, trace = sys.exc_info()
        where = traceback.extract_tb(trace)[-1]
        name = kind.__name__ if kind else ""
        log.error("%s broke: %s at %s:%s", self.name, name, where.filename, where.lineno)

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def run_in_background(self) -> None:
        Thread(target=self.serve_forever, args=(0.1,), name=self.name, daemon=True).start()

    def stop(self) -> None:
        """Refuse connections from now on; slow answers end at once."""
        self.stopping.set()
        self.shutdown()
        self.server_close()
