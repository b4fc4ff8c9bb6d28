"""A stand-in for what may stand between our service and an organisation: an ESB, or an outway for FSC.

A small reverse proxy over real TLS. It checks what it is for (base path, headers, transaction number, access token),
takes those headers off, and asks the organisation with its own client certificate. It passes bytes on as they come.
"""

from __future__ import annotations

import http.client
import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from simulators.organisations.server import Exchange, TlsServer
from simulators.token_endpoint import TokenEndpoint

BASE = "/esb/zonnedael/v1"
_PASSED_ON = ("Content-Type", "Accept", "Accept-Encoding", "SOAPAction")
_PASSED_BACK = ("Content-Type", "Content-Length", "Content-Encoding", "Location", "Cache-Control")
_CHUNK_BYTES = 64 * 1024
_PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Upstream:
    """The organisation: where it listens, how the gateway shows itself there, and what it adds."""

    port: int
    context: ssl.SSLContext
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Gateway:
    """`required` are headers that a question must have; `transaction_header` must hold a version 7 UUID, which comes
    back with the answer (or `other_number` in its place). `seen` is what came in, names in small letters."""

    upstream: Upstream
    required: Mapping[str, str] = field(default_factory=dict)
    transaction_header: str = "Fsc-Transaction-Id"
    tokens: TokenEndpoint | None = None
    other_number: str | None = None
    seen: list[dict[str, str]] = field(default_factory=list)
    passed_on: list[dict[str, str]] = field(default_factory=list)

    def listen(self, context: ssl.SSLContext) -> TlsServer:
        server = TlsServer("gateway", ("127.0.0.1", 0), context, self.respond)
        server.run_in_background()
        return server

    def respond(self, exchange: Exchange) -> None:
        body = exchange.rfile.read(int(exchange.headers.get("Content-Length", "0")))
        self.seen.append({name.lower(): value for name, value in exchange.headers.items()})
        refusal = self._refusal(exchange)
        if refusal is None:
            self._pass_on(exchange, body)
        else:
            self._refuse(exchange, *refusal)

    def _refusal(self, exchange: Exchange) -> tuple[int, str] | None:
        if not exchange.path.startswith(BASE + "/"):
            return 404, "ERROR_CODE_SERVICE_NOT_FOUND"
        if any(exchange.headers.get_all(name, []) != [value] for name, value in self.required.items()):
            return 404, "ERROR_CODE_SERVICE_NOT_FOUND"
        if not _is_uuid7(exchange.headers.get(self.transaction_header, "")):
            return 400, "ERROR_CODE_INVALID_TRANSACTION_ID"
        if self.tokens is not None and not self.tokens.accepts(exchange):
            return 401, "ERROR_CODE_ACCESS_TOKEN_INVALID"
        return None

    def _pass_on(self, exchange: Exchange, body: bytes) -> None:
        headers = {name: exchange.headers[name] for name in _PASSED_ON if name in exchange.headers}
        headers |= dict(self.upstream.headers)
        self.passed_on.append(headers)
        connection = http.client.HTTPSConnection(
            "127.0.0.1", self.upstream.port, timeout=_PATIENCE_SECONDS, context=self.upstream.context
        )
        try:
            connection.request("POST", exchange.path.removeprefix(BASE), body, headers)
            response = connection.getresponse()
        except (OSError, http.client.HTTPException):
            self._refuse(exchange, 502, "ERROR_CODE_SERVICE_UNREACHABLE")
        else:
            self._pass_back(exchange, response)
        finally:
            connection.close()

    def _pass_back(self, exchange: Exchange, response: http.client.HTTPResponse) -> None:
        exchange.send_response(response.status)
        for name in _PASSED_BACK:
            if name in response.headers:
                exchange.send_header(name, response.headers[name])
        self._send_number(exchange)
        exchange.end_headers()
        try:
            while chunk := response.read1(_CHUNK_BYTES):
                exchange.wfile.write(chunk)
        except (OSError, http.client.HTTPException):
            return  # one of both went away; the other sees an answer that is cut off

    def _refuse(self, exchange: Exchange, status: int, code: str) -> None:
        """FSC Core, error handling: the code in a header and in the body."""
        body = json.dumps({"message": "refused", "domain": "ERROR_DOMAIN_OUTWAY", "code": code}).encode()
        exchange.send_response(status)
        exchange.send_header("Content-Type", "application/json")
        exchange.send_header("Content-Length", str(len(body)))
        exchange.send_header("Fsc-Error-Code", code)
        self._send_number(exchange)
        exchange.end_headers()
        exchange.wfile.write(body)

    def _send_number(self, exchange: Exchange) -> None:
        number = self.other_number or exchange.headers.get(self.transaction_header)
        if number is not None:
            exchange.send_header(self.transaction_header, number)


def _is_uuid7(text: str) -> bool:
    try:
        return UUID(text).version == 7
    except ValueError:
        return False
