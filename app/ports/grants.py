"""What an app back end may do for one citizen, and how a request of its proves that it may.

The API sees an `ApiCaller`; only what stands behind `AccessCheck` knows tokens.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from app.ports.data_subject import DataSubject
from app.ports.login import Principal


class Scope(StrEnum):
    """What a citizen can allow an app. The values are the words on the wire (RFC 6749, section 3.3)."""

    OVERVIEW = "schuldenoverzicht"
    CONSENTS = "toestemmingen"


@dataclass(frozen=True, slots=True)
class ApiCaller:
    """An app back end that acts for `principal`. `owner` is the random handle to which collections are bound, as that of a
    session; it is not in the token. `expires_at`: when the access token ends."""

    grant_id: str
    owner: str
    principal: Principal
    client_id: str
    client_name: str
    scopes: frozenset[str]
    expires_at: datetime

    def __repr__(self) -> str:
        return f"ApiCaller(client_id={self.client_id!r})"

    @property
    def person(self) -> DataSubject:
        """Whose claims are asked, by this app."""
        return replace(self.principal.data_subject, app=self.client_id)


class TokenRefused(Exception):
    """The token or the proof with it is not right. `reason` is a short word for the log. `code` is the error code for the
    header WWW-Authenticate (RFC 6750, section 3.1: `invalid_request`, `invalid_token`; RFC 9449, section 7.1:
    `invalid_dpop_proof`, `use_dpop_nonce`; RFC 9470, section 3: `insufficient_user_authentication`), None when the request had
    no token at all. `dpop_nonce`: to be sent in the header DPoP-Nonce (RFC 9449, section 9)."""

    def __init__(
        self, reason: str, code: str | None = "invalid_token", dpop_nonce: str | None = None
    ) -> None:
        self.reason = reason
        self.code = code
        self.dpop_nonce = dpop_nonce
        super().__init__(reason)


class AccessCheck(Protocol):
    """Safe to share between threads."""

    def caller(
        self, method: str, url: str, headers: Mapping[str, str], client_certificate: bytes | None
    ) -> ApiCaller:
        """Who calls, when the access token of this request is right and the caller holds its key.

        `url` is the public address without query. `headers`: `Authorization` and `DPoP` are looked at; names in any case.
        `client_certificate`: of the TLS connection, DER, as told by our own proxy. Raises TokenRefused, StorageUnavailable, and
        app.ports.issuers.IssuerUnavailable. Whether a scope is among `scopes` is for the caller of this method to check
        (`insufficient_scope`).
        """
