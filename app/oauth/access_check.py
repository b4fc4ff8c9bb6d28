"""What our own API asks about each request: is this token good, and does the caller hold its key?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from app.oauth.access_tokens import AccessToken, AccessTokens
from app.oauth.jwts import Unreadable, unverified_claims
from app.oauth.sender import ApiCall, SenderCheck
from app.ports.clients import ClientStore
from app.ports.clock import Clock
from app.ports.consents import GrantStore
from app.ports.grants import ApiCaller, TokenRefused


class ChecksToken(Protocol):
    """The tokens of one issuer."""

    def of_call(self, call: ApiCall) -> ApiCaller:
        """Raises TokenRefused, IssuerUnavailable and StorageUnavailable."""


class TokenCheck:
    """Implements app.ports.grants.AccessCheck. `external`: by issuer, to the letter. Only whose keys must be looked at is
    decided by what an unchecked token says; a token of one issuer under the keys of another is none."""

    def __init__(self, own: ChecksToken, external: Mapping[str, ChecksToken]) -> None:
        self._own = own
        self._external = external

    def caller(
        self, method: str, url: str, headers: Mapping[str, str], client_certificate: bytes | None
    ) -> ApiCaller:
        given = {name.lower(): value for name, value in headers.items()}
        scheme, _, rest = given.get("authorization", "").partition(" ")
        token = rest.strip()
        if not token:
            raise TokenRefused("no_token", None)
        call = ApiCall(method, url, scheme, token, given.get("dpop"), client_certificate)
        return self._of(token).of_call(call)

    def _of(self, token: str) -> ChecksToken:
        if not self._external:
            return self._own
        try:
            issuer = unverified_claims(token).get("iss")
        except Unreadable:
            return self._own
        return self._external.get(issuer, self._own) if isinstance(issuer, str) else self._own


class OwnTokenCheck:
    """Implements ChecksToken for tokens of our own authorization server."""

    def __init__(
        self,
        tokens: AccessTokens,
        sender: SenderCheck,
        clients: ClientStore,
        store: GrantStore,
        clock: Clock,
    ) -> None:
        self._tokens = tokens
        self._sender = sender
        self._clients = clients
        self._store = store
        self._clock = clock

    def of_call(self, call: ApiCall) -> ApiCaller:
        try:
            access = self._tokens.read(call.token)
        except Unreadable as error:
            raise TokenRefused(f"token_{error}") from None
        self._sender.check(access.confirmation, call)
        return self._of_grant(access)

    def _of_grant(self, access: AccessToken) -> ApiCaller:
        """Whether it was given back, withdrawn or came from a code that was used twice."""
        grant = self._store.load(access.grant_id, self._clock.now())
        client = self._clients.find(access.client_id)
        if grant is None or client is None or grant.request.client_id != access.client_id:
            raise TokenRefused("revoked")
        return ApiCaller(
            grant_id=grant.grant_id,
            owner=grant.owner,
            principal=grant.principal,
            client_id=client.client_id,
            client_name=client.name,
            scopes=frozenset(map(str, access.scopes & client.scopes)),
            expires_at=access.expires_at,
        )
