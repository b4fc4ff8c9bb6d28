"""The parts of the authorization server, put together once per process."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from app.oauth.access_check import OwnTokenCheck, TokenCheck
from app.oauth.access_tokens import AccessTokens, TokenKeys
from app.oauth.authorize import Authorizations
from app.oauth.clients import ClientAuthenticator
from app.oauth.confirmations import Confirmations
from app.oauth.dpop import Dpop
from app.oauth.external_access import ExternalTokenCheck
from app.oauth.external_tokens import ExternalTokens
from app.oauth.introspection import Introspection
from app.oauth.metadata import Addresses
from app.oauth.nonces import Nonces
from app.oauth.par import Pushing
from app.oauth.revocation import Revocation
from app.oauth.sender import SenderCheck
from app.oauth.tokens import Exchange, IssuesTokens, Lives
from app.ports.clients import ClientStore
from app.ports.clock import Clock
from app.ports.consents import GrantStore
from app.ports.grants import AccessCheck
from app.ports.issuers import ExternalIssuer, IssuerKeys
from app.services.audit import WritesAudit
from app.services.consents import Consents


@dataclass(frozen=True, slots=True)
class External:
    """Somebody else's authorization server whose tokens our API takes too."""

    issuer: ExternalIssuer
    keys: IssuerKeys


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerParts:
    """`nonce_secrets`: oldest first, the same in every process."""

    addresses: Addresses
    keys: TokenKeys
    nonce_secrets: Iterable[bytes]
    clients: ClientStore
    grants: GrantStore
    audit: WritesAudit
    clock: Clock
    lives: Lives = field(default_factory=Lives)
    external: tuple[External, ...] = ()

    def __repr__(self) -> str:
        return "ServerParts(…)"


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuthServer:
    """What the endpoints and pages use. `public_keys`: a JWK set. `access`: for our own API."""

    addresses: Addresses
    public_keys: dict[str, Any]
    token_life: timedelta
    nonces: Nonces
    clients: ClientStore
    pushing: Pushing
    authorizations: Authorizations
    exchange: Exchange
    introspection: Introspection
    revocation: Revocation
    access: AccessCheck
    consents: Consents


def build_server(parts: ServerParts) -> OAuthServer:
    """Raises ValueError for issuers that cannot be told apart."""
    clients, grants, clock, audit = parts.clients, parts.grants, parts.clock, parts.audit
    nonces = Nonces(parts.nonce_secrets, clock)
    dpop = Dpop(grants, nonces, clock)
    tokens = AccessTokens(parts.keys, parts.addresses.issuer, parts.addresses.audience, clock)
    who = ClientAuthenticator(clients, grants, parts.addresses.audiences, clock)
    issuing = IssuesTokens(tokens, grants, audit, clock, parts.lives)
    return OAuthServer(
        addresses=parts.addresses,
        public_keys=_public_keys(parts),
        token_life=parts.lives.token,
        nonces=nonces,
        clients=clients,
        pushing=Pushing(who, Confirmations(dpop), grants, clock),
        authorizations=Authorizations(parts.addresses.issuer, clients, grants, audit, clock),
        exchange=Exchange(who, Confirmations(dpop), grants, issuing),
        introspection=Introspection(who, tokens, grants, clients, clock),
        revocation=Revocation(who, tokens, grants, audit, clock),
        access=_access(parts, tokens, dpop),
        consents=Consents(grants, clients, audit, clock, _names(parts)),
    )


def _access(parts: ServerParts, tokens: AccessTokens, dpop: Dpop) -> TokenCheck:
    sender = SenderCheck(dpop)
    external = {
        one.issuer.issuer: ExternalTokenCheck(
            ExternalTokens(one.issuer, one.keys, parts.clock), sender, parts.grants, parts.audit, parts.clock
        )
        for one in parts.external
    }
    if len(external) < len(parts.external) or parts.addresses.issuer in external:
        raise ValueError("each issuer of tokens stands once in the settings, and we are none of the others")
    return TokenCheck(OwnTokenCheck(tokens, sender, parts.clients, parts.grants, parts.clock), external)


def _names(parts: ServerParts) -> dict[str, str]:
    return {name: shown for one in parts.external for name, shown in one.issuer.app_names.items()}


def _public_keys(parts: ServerParts) -> dict[str, Any]:
    """Those of our own tokens, and those to which others encrypt."""
    encryption = {key["kid"]: key for one in parts.external for key in one.keys.our_public_keys()}
    return {"keys": [*parts.keys.public()["keys"], *encryption.values()]}
