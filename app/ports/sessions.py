"""Server-side sessions: the cookie holds a random id only, the payload is encrypted at rest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class StoredSession:
    """`payload` is decrypted JSON bytes. `owner` is the random handle to which this session's collections are bound."""

    payload: bytes
    owner: str
    created_at: datetime
    seen_at: datetime

    def __repr__(self) -> str:
        return "StoredSession(…)"


class SessionStore(Protocol):
    """`session_id` is the random value of the cookie; only its SHA-256 is stored. What belongs to the owner of a
    session (its collections) is deleted together with it. Raises StorageUnavailable from every method."""

    def load(self, session_id: str) -> StoredSession | None: ...

    def create(self, session_id: str, session: StoredSession) -> None: ...

    def update(self, session_id: str, change: Callable[[bytes], bytes], seen_at: datetime) -> bool:
        """Apply `change` to the newest payload in one transaction; False when the session is gone: an update never
        brings a session back that another request ended."""

    def touch(self, session_id: str, seen_at: datetime) -> None:
        """Note that the citizen was here; nothing happens when the session is gone."""

    def delete(self, session_id: str) -> None: ...

    def purge(self, created_before: datetime, seen_before: datetime) -> int:
        """Delete sessions past a limit and return how many."""
