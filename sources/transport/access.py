"""Access tokens as the transport needs them; where they come from is in `oauth`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from sources.deadline import Deadline


@dataclass(frozen=True, slots=True)
class Token:
    """`got_at` and `until` are readings of `time.monotonic()`, in seconds."""

    value: str = field(repr=False)
    got_at: float
    until: float


class Tokens(Protocol):
    """Both raise a SourceError."""

    def current(self, deadline: Deadline) -> Token:
        """One that is good, as far as we know."""
        ...

    def renew(self, refused: Token, deadline: Deadline) -> Token:
        """Another one than `refused`."""
        ...


def bearer(token: Token) -> dict[str, str]:
    """RFC 6750, section 2.1: in the header, never in an address."""
    return {"Authorization": f"Bearer {token.value}"}
