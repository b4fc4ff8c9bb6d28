"""A stand-in for an authorization server that gives access tokens to programs (RFC 6749, section 4.4).

It is strict: `private_key_jwt` with the checks of the simulated DigiD (signature, kid, aud, life, each jti once), or the
client certificate (RFC 8705, section 2). Tokens are bound to the certificate that was used here, when there was one.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs

from simulators.digid.client import ClientAuthentication, OAuthRefusal
from simulators.organisations.server import Exchange, TlsServer

PATH = "/realms/zonnedael/token"
LARGEST_QUESTION = 10_000


@dataclass(frozen=True)
class Issued:
    until: float
    thumbprint: str | None


@dataclass
class TokenRules:
    """`authentication` None: the certificate with `oin` is the proof. `stated_seconds` is what the answer says of
    the life of a token (None: nothing), `misbehave` answers instead of us."""

    client_id: str
    authentication: ClientAuthentication | None = None
    oin: str | None = None
    scope: str = "vorderingen"
    life_seconds: int = 300
    stated_seconds: int | None = 300
    misbehave: Callable[[Exchange], None] | None = None


@dataclass
class TokenEndpoint:
    """The rules may be changed while it runs. `given` counts tokens, `refused` names the errors that were answered."""

    rules: TokenRules
    given: int = 0
    refused: list[str] = field(default_factory=list)
    _issued: dict[str, Issued] = field(default_factory=dict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def listen(self, context: ssl.SSLContext) -> TlsServer:
        server = TlsServer("token endpoint", ("127.0.0.1", 0), context, self.respond)
        server.run_in_background()
        return server

    def respond(self, exchange: Exchange) -> None:
        length = exchange.headers.get("Content-Length", "")
        size = int(length) if length.isdigit() and int(length) <= LARGEST_QUESTION else 0
        raw = exchange.rfile.read(size)
        if self.rules.misbehave is not None:
            self.rules.misbehave(exchange)
        elif exchange.path != PATH:
            exchange.send(404, b"{}")
        else:
            self._answer(exchange, raw)

    def _answer(self, exchange: Exchange, raw: bytes) -> None:
        try:
            form = _form(exchange, raw)
            self._check(form, exchange)
        except OAuthRefusal as refusal:
            self.refused.append(refusal.error)
            body = json.dumps({"error": refusal.error, "error_description": refusal.description})
            exchange.send(401 if refusal.error == "invalid_client" else 400, body.encode())
            return
        exchange.send(200, json.dumps(self._token(thumbprint_of(exchange))).encode())

    def _check(self, form: Mapping[str, str], exchange: Exchange) -> None:
        """Raises OAuthRefusal."""
        rules = self.rules
        if form.get("client_id") != rules.client_id:
            raise OAuthRefusal("invalid_client", "another client")
        if rules.authentication is not None:
            rules.authentication.check(form)
        elif exchange.client_oin() != rules.oin or "client_assertion" in form:
            raise OAuthRefusal("invalid_client", "a certificate with the OIN of the client, and nothing else")
        if form.get("grant_type") != "client_credentials":
            raise OAuthRefusal("unsupported_grant_type", "only client_credentials")
        if form.get("scope") != rules.scope:
            raise OAuthRefusal("invalid_scope", "another scope")

    def _token(self, thumbprint: str | None) -> dict[str, object]:
        value = secrets.token_urlsafe(32)
        with self._lock:
            self.given += 1
            self._issued[value] = Issued(time.monotonic() + self.rules.life_seconds, thumbprint)
        stated = self.rules.stated_seconds
        life = {} if stated is None else {"expires_in": stated}
        return {"access_token": value, "token_type": "Bearer", "scope": self.rules.scope, **life}

    def accepts(self, exchange: Exchange) -> bool:
        """Has this question a token that we gave, that is still good, over the certificate that it is bound to?"""
        kind, _, value = exchange.headers.get("Authorization", "").partition(" ")
        issued = self._issued.get(value) if kind == "Bearer" else None
        if issued is None or issued.until <= time.monotonic():
            return False
        return issued.thumbprint is None or issued.thumbprint == thumbprint_of(exchange)

    def forget_all(self) -> None:
        """Every token is refused from now on, before its time."""
        with self._lock:
            self._issued.clear()


def thumbprint_of(exchange: Exchange) -> str | None:
    """`x5t#S256` of the client certificate (RFC 8705, section 3.1)."""
    der = exchange.connection.getpeercert(binary_form=True)
    return (
        None if der is None else base64.urlsafe_b64encode(hashlib.sha256(der).digest()).decode().rstrip("=")
    )


def _form(exchange: Exchange, raw: bytes) -> dict[str, str]:
    if exchange.headers.get("Content-Type") != "application/x-www-form-urlencoded":
        raise OAuthRefusal("invalid_request", "a form is needed")
    fields = parse_qs(raw.decode("ascii"), strict_parsing=True, max_num_fields=20)
    if any(len(values) != 1 for values in fields.values()):
        raise OAuthRefusal("invalid_request", "a parameter is given twice")
    return {name: values[0] for name, values in fields.items()}
