"""A small proxy between visitors and the service that writes down everything that goes by, headers included."""

from __future__ import annotations

import contextlib
import http.client
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread

from tests.support.waiting import PATIENCE_S


@dataclass
class Wire:
    """What went by so far. Sealed files that were handed out are counted and left out: they hold the number."""

    requests: list[bytes] = field(default_factory=list)
    answers: list[bytes] = field(default_factory=list)
    pages: list[bytes] = field(default_factory=list)
    error_pages: list[bytes] = field(default_factory=list)
    files_handed_out: int = 0
    lock: Lock = field(default_factory=Lock)

    def note(self, request: bytes, response: http.client.HTTPResponse, body: bytes) -> None:
        with self.lock:
            self.requests.append(request)
            self.answers.append(f"{response.status} {response.reason}\n{response.headers}".encode())
            if response.headers.get_content_disposition() == "attachment":
                self.files_handed_out += 1
            else:
                (self.error_pages if response.status >= 400 else self.pages).append(body)


class Tap(ThreadingHTTPServer):
    """Listens on `port` of 127.0.0.1 and passes everything on to `target`."""

    daemon_threads = True

    def __init__(self, port: int, target: int) -> None:
        super().__init__(("127.0.0.1", port), _Pass)
        self.target = target
        self.wire = Wire()
        self.thread = Thread(target=self.serve_forever, args=(0.1,), daemon=True)
        self.thread.start()

    def stop(self) -> None:
        self.shutdown()
        self.server_close()


class _Pass(BaseHTTPRequestHandler):
    server: Tap

    def do_GET(self) -> None:
        sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        connection = http.client.HTTPConnection("127.0.0.1", self.server.target, timeout=PATIENCE_S)
        connection.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
        for name, value in self.headers.items():
            if name != "Connection":
                connection.putheader(name, value)
        connection.endheaders(sent)
        with connection.getresponse() as response:
            body = response.read()
        connection.close()
        self.server.wire.note(f"{self.requestline}\n{self.headers}".encode(), response, body)
        self._answer(response, body)

    do_POST = do_HEAD = do_PUT = do_GET

    def _answer(self, response: http.client.HTTPResponse, body: bytes) -> None:
        self.send_response_only(response.status, response.reason)
        for name, value in response.headers.items():
            if name.lower() not in {"connection", "transfer-encoding", "content-length"}:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # a browser that went on
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """The wire remembers enough."""
