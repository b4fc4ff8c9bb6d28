"""A request of a program as the endpoints see it, and how one is refused (RFC 6749, section 5.2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Call:
    """`url`: the public address of this endpoint. `form`: each parameter once. `dpop`: the header. `certificate`: of the
    TLS connection, DER."""

    url: str
    form: Mapping[str, str]
    dpop: str | None = None
    certificate: bytes | None = None

    def __repr__(self) -> str:
        return f"Call(url={self.url!r})"


class OAuthRefusal(Exception):
    """`error`: as the standard names it. `reason`: a short word for the log. `description`: for the developer of the client,
    never content of the request. `dpop_nonce`: to be sent along (RFC 9449, section 8)."""

    def __init__(
        self, error: str, reason: str, description: str, *, status: int = 400, dpop_nonce: str | None = None
    ) -> None:
        self.error = error
        self.reason = reason
        self.description = description
        self.status = status
        self.dpop_nonce = dpop_nonce
        super().__init__(reason)
