"""App back ends and gateways that an operator registered. Nothing here is about a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from app.ports.grants import Scope


class ClientKind(StrEnum):
    """An app asks citizens for consent; a gateway of ours only asks what a token says (RFC 7662)."""

    APP = "app"
    GATEWAY = "gateway"


class ClientAuthentication(StrEnum):
    """How a client proves who it is: the words of RFC 7523 and RFC 8705."""

    PRIVATE_KEY_JWT = "private_key_jwt"
    CERTIFICATE = "self_signed_tls_client_auth"


class Binding(StrEnum):
    """What an access token is tied to: the member of `cnf` (RFC 9449, section 6.1; RFC 8705, section 3.1)."""

    DPOP = "jkt"
    CERTIFICATE = "x5t#S256"


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """`jwks`: public keys; with CERTIFICATE each has its certificate as `x5c`. `purpose`: plain Dutch words that citizens read
    after "waarvoor". `oin`: of the organisation behind it. A gateway has no redirect addresses and no scopes. `registered_at`: of
    this registration; a change makes another one."""

    client_id: str
    name: str
    kind: ClientKind
    authentication: ClientAuthentication
    binding: Binding
    jwks: Mapping[str, Any]
    redirect_uris: tuple[str, ...]
    scopes: frozenset[Scope]
    purpose: str
    oin: str | None
    registered_at: datetime
    has_logo: bool = False


class ClientExists(Exception):
    """There is a client with this id already."""


class ClientChanged(Exception):
    """The registration that was to be changed is not there any more: somebody else changed or removed it."""


class ClientStore(Protocol):
    """Every method raises StorageUnavailable."""

    def find(self, client_id: str) -> Client | None: ...

    def all(self) -> tuple[Client, ...]:
        """By name."""

    def logo(self, client_id: str) -> bytes | None:
        """A PNG."""

    def add(self, client: Client, logo: bytes | None, *, replace: bool = False) -> None:
        """`replace`: put it in the place of the one with the same id. Raises ClientExists."""

    def change(
        self, client: Client, logo: bytes | None, seen_at: datetime, *, ends_grants: bool = False
    ) -> None:
        """Put it in the place of the one with the same id that was registered at `seen_at`; with `ends_grants` every grant
        that citizens gave ends in that same moment. Raises ClientChanged."""

    def allowed_now(self, client_id: str, now: datetime) -> int:
        """How many consents of citizens run for it at this moment."""

    def remove(self, client_id: str) -> bool:
        """Together with every grant that citizens gave it; False when there is no such client."""
