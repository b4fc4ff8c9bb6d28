"""The time-stamp authority and the published revocation lists over http: `python -m simulators.trust_services`.

POST /tsa                     RFC 3161; what it does with a question follows its mood
POST /stemming/NAME           changes the mood (see `Mood`), for whoever plays with the demo
GET  /crl/NAME.crl            zegel-root, zegel-ca, tijdstempel-root, tijdstempel-ca

with TrustServices(authority, tsa) as services: services.url, services.mood = Mood.DOWN
"""

import argparse
import socketserver
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding

from simulators.authority import Authority, create_authority
from simulators.certificates import CertificateAuthority
from simulators.time_stamps import Mood, TimeStampIssuer, load_time_stamps

SLOW_S = 6.0
_DRIPS = 40


class TrustServices:
    """A server on a thread of its own. `questions` counts what the time-stamp authority was asked."""

    def __init__(self, authority: Authority, tsa: TimeStampIssuer, port: int = 0) -> None:
        self.authority = authority
        self.tsa = tsa
        self.mood = Mood.SOUND
        self.lists_are_down = False
        self.questions = 0
        self.connections = 0
        self._stopping = threading.Event()
        self._server = _Server(("127.0.0.1", port), type("Handler", (_Handler,), {"services": self}))
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def tsa_url(self) -> str:
        return f"{self.url}/tsa"

    @property
    def crl_urls(self) -> tuple[str, ...]:
        return tuple(f"{self.url}/crl/{name}.crl" for name in self._issuers)

    @property
    def _issuers(self) -> Mapping[str, CertificateAuthority]:
        return {
            "zegel-root": self.authority.seal_root,
            "zegel-ca": self.authority.seal_intermediate,
            "tijdstempel-root": self.tsa.root,
            "tijdstempel-ca": self.tsa.issuing,
        }

    def crl(self, name: str) -> bytes | None:
        issuer = self._issuers.get(name)
        return None if issuer is None else issuer.crl().public_bytes(Encoding.DER)

    def wait(self, seconds: float) -> None:
        """Sleep, but not when the server stops."""
        self._stopping.wait(seconds)

    def __enter__(self) -> "TrustServices":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that hang up are ordinary here."""
        if not isinstance(sys.exc_info()[1], ConnectionError | TimeoutError):
            socketserver.BaseServer.handle_error(self, request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    services: TrustServices

    def setup(self) -> None:
        super().setup()
        self.services.connections += 1

    def do_GET(self) -> None:
        name = self.path.removeprefix("/crl/").removesuffix(".crl")
        found = None if self.services.lists_are_down else self.services.crl(name)
        if found is None:
            self._send(404, "text/plain", b"niet gevonden\n")
        else:
            self._send(200, "application/pkix-crl", found)

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path == "/tsa":
            self._stamp(content)
        elif self.path.startswith("/stemming/"):
            self._change_mood(self.path.removeprefix("/stemming/"))
        else:
            self._send(404, "text/plain", b"niet gevonden\n")

    def _change_mood(self, name: str) -> None:
        try:
            self.services.mood = Mood(name)
        except ValueError:
            return self._send(404, "text/plain", " ".join(mood.value for mood in Mood).encode())
        return self._send(200, "text/plain", name.encode())

    def _stamp(self, question: bytes) -> None:
        self.services.questions += 1
        mood = self.services.mood
        if mood is Mood.DOWN:
            self.close_connection = True
            return None
        if mood is Mood.SLOW:
            self.services.wait(SLOW_S)
        answer = self.services.tsa.answer(question, mood)
        if mood is Mood.DRIPPING:
            return self._drip(answer)
        return self._send(200, "application/timestamp-reply", answer)

    def _drip(self, answer: bytes) -> None:
        """A byte now and then: every wait is short, all together are not."""
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        for place in range(_DRIPS):
            self.wfile.write(answer[place : place + 1])
            self.services.wait(0.25)
        self.close_connection = True

    def _send(self, status: int, kind: str, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Quiet."""


def main(arguments: Sequence[str]) -> int:
    """Serve until stopped."""
    parser = argparse.ArgumentParser(prog="simulators.trust_services", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--authority", type=Path, required=True, help="folder of the seal authority")
    parser.add_argument("--tsa", type=Path, required=True, help="folder of the time-stamp authority")
    options = parser.parse_args(arguments)
    with TrustServices(create_authority(options.authority), load_time_stamps(options.tsa), options.port):
        while True:
            time.sleep(60)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
