"""Pushed authorization requests (RFC 9126): the only way to begin. The browser carries nothing but a random name."""

from __future__ import annotations

import secrets
from datetime import timedelta

import structlog

from app.oauth.calls import Call, OAuthRefusal
from app.oauth.clients import ClientAuthenticator
from app.oauth.code_grant import check_request, scopes_of
from app.oauth.confirmations import Confirmations
from app.ports.clients import Client, ClientKind
from app.ports.clock import Clock
from app.ports.consents import AuthorizationRequest, Confirmation, GrantStore

PREFIX = "urn:ietf:params:oauth:request_uri:"
LIFE = timedelta(seconds=90)
# 128 bits in hexadecimal have 32 characters, in base64url 22 (OAuth-NL: state of at least 128 bits).
SHORTEST_STATE, LONGEST_STATE = 22, 512
_log = structlog.stdlib.get_logger(__name__)


class Pushing:
    """Safe to share between threads."""

    def __init__(
        self, who: ClientAuthenticator, keys: Confirmations, store: GrantStore, clock: Clock
    ) -> None:
        self._who = who
        self._keys = keys
        self._store = store
        self._clock = clock

    def push(self, call: Call) -> dict[str, object]:
        """The answer: a name for the checked request. Raises OAuthRefusal, StorageUnavailable."""
        proof = self._keys.read(call)
        client = self._who.client(call, ClientKind.APP)
        proven = self._keys.proven(proof)
        _refuse_objects(call)
        check_request(client, call.form)
        _check_state(call)
        request = _request(client, call, self._keys.announced(client, call, proven))
        name = secrets.token_urlsafe(32)
        self._store.push(name, request, self._clock.now() + LIFE)
        _log.info("app request pushed", client_id=client.client_id)
        return {"request_uri": PREFIX + name, "expires_in": int(LIFE.total_seconds())}


def name_of(request_uri: str) -> str | None:
    """The random part; None for any other address."""
    return request_uri.removeprefix(PREFIX) if request_uri.startswith(PREFIX) else None


def _refuse_objects(call: Call) -> None:
    """No request in a request (section 2.1), and no signed ones: who calls has just proven who it is."""
    if "request_uri" in call.form or "request" in call.form:
        raise OAuthRefusal("invalid_request", "request_object", "request and request_uri are not taken here.")
    if call.form.get("response_mode", "query") != "query":
        raise OAuthRefusal("invalid_request", "response_mode", "The only response mode is query.")


def _check_state(call: Call) -> None:
    state = call.form.get("state", "")
    if not SHORTEST_STATE <= len(state) <= LONGEST_STATE or not (state.isascii() and state.isprintable()):
        raise OAuthRefusal("invalid_request", "state", "state of at least 22 printable characters is needed.")


def _request(client: Client, call: Call, confirmation: Confirmation) -> AuthorizationRequest:
    return AuthorizationRequest(
        client_id=client.client_id,
        redirect_uri=call.form["redirect_uri"],
        state=call.form["state"],
        scopes=scopes_of(call.form),
        code_challenge=call.form["code_challenge"],
        confirmation=confirmation,
    )
