"""Server-side sessions: the cookie holds a random id only, the payload is encrypted at rest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class StoredSession:
    """`payload` is decrypted JSON bytes."""

    payload: bytes
    created_at: datetime
    seen_at: datetime


class SessionStore(Protocol):
    """`session_id` is the random value of the cookie; only its SHA-256 is stored."""

    def load(self, session_id: str) -> StoredSession | None: ...

    def save(self, session_id: str, session: StoredSession) -> None: ...

    def delete(self, session_id: str) -> None: ...

    def purge(self, created_before: datetime, seen_before: datetime) -> int:
        """Delete sessions past a limit and return how many."""
