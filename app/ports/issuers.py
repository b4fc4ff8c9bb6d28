"""Authorization servers of others whose access tokens our API takes, as an operator configured them (OAuth-NL, protected
resources)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from app.ports.clients import Binding
from app.ports.grants import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalApp:
    """A client of such a server. `oin`: of the organisation behind it; its certificate must state it, where tokens are tied to
    certificates. `scopes`: what we let it do, whatever its token says."""

    name: str
    oin: str | None
    scopes: frozenset[Scope]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalIssuer:
    """`issuer_id`: our short word for it, in logs. `audience`: how its tokens name our API. `apps`: by client id there.
    `scopes`: its words for ours. `levels`: the values of `acr` that are enough. `bsn_claim`: which claim holds the number,
    encrypted to our key. `longest_life_s`: of a token, in seconds."""

    issuer_id: str
    name: str
    issuer: str
    audience: str
    apps: Mapping[str, ExternalApp]
    scopes: Mapping[str, Scope]
    levels: frozenset[str]
    algorithms: tuple[str, ...]
    binding: Binding
    bsn_claim: str
    longest_life_s: int

    def client_id(self, azp: str) -> str:
        """As this app is called here; no registered client can be called that."""
        return f"{self.issuer_id}:{azp}"

    @property
    def app_names(self) -> dict[str, str]:
        """What citizens read, by `client_id`."""
        return {self.client_id(azp): f"{app.name} (via {self.name})" for azp, app in self.apps.items()}


class IssuerUnavailable(Exception):
    """The keys of this server cannot be had now: nobody knows whether its tokens are good. `reason`: a short word for the log."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class IssuerKeys(Protocol):
    """The keys between such a server and us. Safe to share between threads."""

    def key(self, kid: str, algorithm: str) -> Mapping[str, Any] | None:
        """Its public key for a signature, as a JWK; None: it has no such key. Raises IssuerUnavailable."""

    def opened(self, encrypted: str) -> str | None:
        """What is in a compact JWE to one of our keys; None: it cannot be opened."""

    def our_public_keys(self) -> tuple[dict[str, Any], ...]:
        """To which it may encrypt, as JWKs."""
