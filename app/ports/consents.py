"""Requests of app back ends and what citizens answered: kept for minutes, encrypted, under random names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from app.ports.clients import Binding
from app.ports.grants import Scope
from app.ports.login import Principal
from claims.identity import Bsn


@dataclass(frozen=True, slots=True)
class Confirmation:
    """The key that a token is tied to: SHA-256 thumbprint of a JWK (RFC 7638) or of a certificate, in base64url."""

    binding: Binding
    thumbprint: str

    def as_claim(self) -> dict[str, str]:
        """The claim `cnf` (RFC 7800)."""
        return {str(self.binding): self.thumbprint}


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizationRequest:
    """What a client asked and we checked. `code_challenge`: of PKCE with S256 (RFC 7636)."""

    client_id: str
    redirect_uri: str
    state: str
    scopes: frozenset[Scope]
    code_challenge: str
    confirmation: Confirmation

    def __repr__(self) -> str:
        return f"AuthorizationRequest(client_id={self.client_id!r})"

    def members(self) -> dict[str, Any]:
        """To keep as JSON."""
        return {
            "client_id": self.client_id,
            "redirect_uri": self.redirect_uri,
            "state": self.state,
            "scopes": sorted(self.scopes),
            "code_challenge": self.code_challenge,
            "confirmation": [self.confirmation.binding, self.confirmation.thumbprint],
        }

    @classmethod
    def of(cls, members: dict[str, Any]) -> AuthorizationRequest:
        """The inverse of `members`. Raises KeyError, TypeError or ValueError."""
        binding, thumbprint = members["confirmation"]
        return cls(
            client_id=members["client_id"],
            redirect_uri=members["redirect_uri"],
            state=members["state"],
            scopes=frozenset(map(Scope, members["scopes"])),
            code_challenge=members["code_challenge"],
            confirmation=Confirmation(Binding(binding), thumbprint),
        )


def principal_members(principal: Principal) -> dict[str, Any]:
    """To keep, encrypted, as JSON. The session at the provider is left out: it is compared only, never read. Raises ValueError
    for a representative: consent is for the person themselves to give."""
    if principal.representative is not None:
        raise ValueError("a representative gives no consent")
    return {
        "bsn": principal.bsn.digits,
        "level": principal.level,
        "authenticated_at": principal.authenticated_at.astimezone(UTC).isoformat(),
    }


def principal_of(members: dict[str, Any]) -> Principal:
    """The inverse of `principal_members`. Raises KeyError, TypeError or ValueError."""
    moment = datetime.fromisoformat(members["authenticated_at"])
    return Principal(Bsn(members["bsn"]), members["level"], moment)


@dataclass(frozen=True, slots=True)
class Grant:
    """The yes of one citizen to one request. `owner`: the random handle of what is collected for it. `expires_at`: when
    everything of it is deleted; at first that of its code, later that of its token."""

    grant_id: str
    owner: str
    principal: Principal
    request: AuthorizationRequest
    given_at: datetime
    expires_at: datetime

    def __repr__(self) -> str:
        return f"Grant(client_id={self.request.client_id!r})"


class CodeUsedBefore(Exception):
    """An authorization code came a second time. The grant is gone, and with it the token."""

    def __init__(self, grant: Grant) -> None:
        self.grant = grant
        super().__init__("code used before")


class GrantStore(Protocol):
    """Names (of requests, codes) are random secrets; only their SHA-256 is stored. What has expired is never found. With
    a grant goes everything that was collected for it. Every method raises StorageUnavailable."""

    def push(self, name: str, request: AuthorizationRequest, expires_at: datetime) -> None: ...

    def take_pushed(self, name: str, client_id: str, now: datetime) -> AuthorizationRequest | None:
        """A request of this client; once."""

    def create(self, grant: Grant, code: str) -> None:
        """Nothing is stored when the provider ended this very log-in meanwhile: the code is then unknown. What is stored ends
        with the log-in (`app.ports.sessions.SessionStore.end`)."""

    def redeem(self, code: str, now: datetime) -> Grant | None:
        """The grant of a code, once. Raises CodeUsedBefore."""

    def extend(self, grant_id: str, expires_at: datetime) -> bool:
        """A token was made that ends at this moment; False when the grant is gone meanwhile."""

    def load(self, grant_id: str, now: datetime) -> Grant | None: ...

    def delete(self, grant_id: str) -> bool: ...

    def of_citizen(self, citizen: Bsn, now: datetime) -> tuple[Grant, ...]:
        """The newest first."""

    def is_first_use(self, kind: str, name: str, expires_at: datetime) -> bool:
        """Whether this name (the `jti` of a proof) was not used before for this kind of proof; it is now, until this
        moment. Of two that come at once, one is the first."""

    def was_used(self, kind: str, name: str) -> bool:
        """Whether `is_first_use` or `admit` took this name before."""

    def admit(self, grant: Grant, kind: str, name: str, until: datetime) -> bool:
        """A grant that was given elsewhere: it is created together with the first use of this name, all or nothing. True
        too when that happened before and the grant is still there, so that of two at once both may go on."""

    def purge(self, now: datetime) -> int:
        """Delete what has expired and return how many grants and requests that were."""
