"""The parts of the authorization server, put together once per process."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from app.oauth.access_check import OwnTokenCheck
from app.oauth.access_tokens import AccessTokens, TokenKeys
from app.oauth.authorize import Authorizations
from app.oauth.clients import ClientAuthenticator
from app.oauth.confirmations import Confirmations
from app.oauth.dpop import Dpop
from app.oauth.introspection import Introspection
from app.oauth.metadata import Addresses
from app.oauth.nonces import Nonces
from app.oauth.par import Pushing
from app.oauth.revocation import Revocation
from app.oauth.tokens import Exchange, IssuesTokens
from app.ports.clients import ClientStore
from app.ports.clock import Clock
from app.ports.consents import GrantStore
from app.ports.grants import AccessCheck
from app.services.audit import WritesAudit
from app.services.consents import Consents


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerParts:
    """`nonce_secrets`: oldest first, the same in every process. `token_life`: at most 15 minutes."""

    addresses: Addresses
    keys: TokenKeys
    nonce_secrets: Iterable[bytes]
    clients: ClientStore
    grants: GrantStore
    audit: WritesAudit
    clock: Clock
    token_life: timedelta = timedelta(minutes=15)

    def __repr__(self) -> str:
        return "ServerParts(…)"


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuthServer:
    """What the endpoints and pages use. `access`: for our own API."""

    addresses: Addresses
    keys: TokenKeys
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
    """Raises ValueError for a token life of more than 15 minutes."""
    clients, grants, clock, audit = parts.clients, parts.grants, parts.clock, parts.audit
    nonces = Nonces(parts.nonce_secrets, clock)
    dpop = Dpop(grants, nonces, clock)
    tokens = AccessTokens(parts.keys, parts.addresses.issuer, parts.addresses.audience, clock)
    who = ClientAuthenticator(clients, grants, parts.addresses.audiences, clock)
    issuing = IssuesTokens(tokens, grants, audit, clock, parts.token_life)
    return OAuthServer(
        addresses=parts.addresses,
        keys=parts.keys,
        token_life=parts.token_life,
        nonces=nonces,
        clients=clients,
        pushing=Pushing(who, Confirmations(dpop), grants, clock),
        authorizations=Authorizations(parts.addresses.issuer, clients, grants, audit, clock),
        exchange=Exchange(who, Confirmations(dpop), grants, issuing),
        introspection=Introspection(who, tokens, grants, clients, clock),
        revocation=Revocation(who, tokens, grants, audit, clock),
        access=OwnTokenCheck(tokens, dpop, clients, grants, clock),
        consents=Consents(grants, clients, audit, clock),
    )
