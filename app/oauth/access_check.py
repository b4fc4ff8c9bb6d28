"""What our own API asks about each request: is this token good, and does the caller hold its key?"""

from __future__ import annotations

from collections.abc import Mapping

from app.oauth.access_tokens import AccessToken, AccessTokens
from app.oauth.certificates import thumbprint
from app.oauth.dpop import BadProof, Dpop, NonceNeeded, Target
from app.oauth.jwts import Unreadable
from app.ports.clients import Binding, ClientStore
from app.ports.clock import Clock
from app.ports.consents import Confirmation, GrantStore
from app.ports.grants import ApiCaller, TokenRefused


class OwnTokenCheck:
    """Implements app.ports.grants.AccessCheck for tokens of our own authorization server."""

    def __init__(
        self, tokens: AccessTokens, dpop: Dpop, clients: ClientStore, store: GrantStore, clock: Clock
    ) -> None:
        self._tokens = tokens
        self._dpop = dpop
        self._clients = clients
        self._store = store
        self._clock = clock

    def caller(
        self, method: str, url: str, headers: Mapping[str, str], client_certificate: bytes | None
    ) -> ApiCaller:
        given = {name.lower(): value for name, value in headers.items()}
        scheme, _, token = given.get("authorization", "").partition(" ")
        if not token:
            raise TokenRefused("no_token", None)
        try:
            access = self._tokens.read(token.strip())
        except Unreadable as error:
            raise self._refused(f"token_{error}") from None
        self._check_scheme(scheme, access)
        if access.confirmation.binding is Binding.DPOP:
            self._check_dpop(access, given.get("dpop"), Target(method, url, token.strip()))
        else:
            self._check_certificate(access, client_certificate)
        return self._of_grant(access)

    def _check_scheme(self, scheme: str, access: AccessToken) -> None:
        """A token that is tied to a DPoP key is no bearer token (RFC 9449, section 7.1)."""
        expected = "dpop" if access.confirmation.binding is Binding.DPOP else "bearer"
        if scheme.lower() != expected:
            raise self._refused("scheme")

    def _check_dpop(self, access: AccessToken, proof: str | None, target: Target) -> None:
        try:
            shown = self._dpop.read(proof, target)
            if Confirmation(Binding.DPOP, shown.thumbprint) != access.confirmation:
                raise self._refused("dpop_other_key")
            self._dpop.use(shown)
        except NonceNeeded as needed:
            raise TokenRefused("dpop_nonce", "use_dpop_nonce", needed.nonce) from None
        except BadProof as error:
            raise self._refused(f"dpop_{error.reason}", "invalid_dpop_proof") from None

    def _check_certificate(self, access: AccessToken, certificate: bytes | None) -> None:
        if certificate is None or thumbprint(certificate) != access.confirmation.thumbprint:
            raise self._refused("certificate")

    def _of_grant(self, access: AccessToken) -> ApiCaller:
        """Whether it was given back, withdrawn or came from a code that was used twice."""
        grant = self._store.load(access.grant_id, self._clock.now())
        client = self._clients.find(access.client_id)
        if grant is None or client is None or grant.request.client_id != access.client_id:
            raise self._refused("revoked")
        return ApiCaller(
            grant_id=grant.grant_id,
            owner=grant.owner,
            principal=grant.principal,
            client_id=client.client_id,
            client_name=client.name,
            scopes=frozenset(map(str, access.scopes & client.scopes)),
            expires_at=access.expires_at,
        )

    def _refused(self, reason: str, code: str = "invalid_token") -> TokenRefused:
        nonce = self._dpop.nonces.current() if code == "invalid_dpop_proof" else None
        return TokenRefused(reason, code, nonce)
