"""What a token of ours says, for our own gateways (RFC 7662). Who it is about is never in the answer."""

from __future__ import annotations

from app.oauth.access_tokens import AccessTokens
from app.oauth.calls import Call, OAuthRefusal
from app.oauth.clients import ClientAuthenticator
from app.oauth.jwts import Unreadable
from app.ports.clients import Binding, ClientKind, ClientStore
from app.ports.clock import Clock
from app.ports.consents import GrantStore

_SHOWN = ("scope", "client_id", "sub", "aud", "iss", "exp", "iat", "jti", "acr", "auth_time", "cnf")


class Introspection:
    """Safe to share between threads."""

    def __init__(
        self,
        who: ClientAuthenticator,
        tokens: AccessTokens,
        store: GrantStore,
        clients: ClientStore,
        clock: Clock,
    ) -> None:
        self._who = who
        self._tokens = tokens
        self._store = store
        self._clients = clients
        self._clock = clock

    def look(self, call: Call) -> dict[str, object]:
        """`active` false says nothing about why (section 2.2). Raises OAuthRefusal, StorageUnavailable."""
        self._who.client(call, ClientKind.GATEWAY)
        if "token" not in call.form:
            raise OAuthRefusal("invalid_request", "token_missing", "The parameter token is missing.")
        try:
            access = self._tokens.read(call.form["token"])
        except Unreadable:
            return {"active": False}
        grant = self._store.load(access.grant_id, self._clock.now())
        if grant is None or self._clients.find(access.client_id) is None:
            return {"active": False}
        kind = "DPoP" if access.confirmation.binding is Binding.DPOP else "Bearer"
        return {"active": True, "token_type": kind} | {name: access.claims[name] for name in _SHOWN}
