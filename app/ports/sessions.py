"""Server-side sessions: the cookie holds a random id only, the payload is encrypted at rest."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from app.ports.login import LogoutNotice, ProviderSession


@dataclass(frozen=True, slots=True)
class StoredSession:
    """`payload` is decrypted JSON bytes. `owner` is the random handle to which this session's collections are bound.
    `provider_session` and `person`, who is logged in, go in only: what is stored of them can be compared, never read."""

    payload: bytes
    owner: str
    created_at: datetime
    seen_at: datetime
    provider_session: ProviderSession | None = None
    person: str | None = None

    def __repr__(self) -> str:
        return "StoredSession(…)"


@dataclass(frozen=True, slots=True)
class EndedSession:
    """One that is gone. `payload` is empty when it could not be decrypted any more."""

    payload: bytes
    created_at: datetime
    seen_at: datetime

    def __repr__(self) -> str:
        return "EndedSession(…)"


@dataclass(frozen=True, slots=True)
class OpenSession:
    """`handle` names it among those of one person, and opens nothing. `is_this`: it is the one that asks."""

    handle: str
    created_at: datetime
    seen_at: datetime
    is_this: bool


Ended = tuple[EndedSession, ...]


class NoticeUsedBefore(Exception):
    """The same logout notice came a second time."""


class SessionStore(Protocol):
    """`session_id` is the random value of the cookie; only its SHA-256 is stored. What belongs to the owner of a
    session (its collections) is deleted together with it. Raises StorageUnavailable from every method."""

    def load(self, session_id: str) -> StoredSession | None: ...

    def create(self, session_id: str, session: StoredSession) -> None:
        """Nothing is stored when the provider ended this very log-in meanwhile: the visitor is then not logged in."""

    def update(self, session_id: str, change: Callable[[bytes], bytes], seen_at: datetime) -> bool:
        """Apply `change` to the newest payload in one transaction; False when the session is gone: an update never
        brings a session back that another request ended."""

    def touch(self, session_id: str, seen_at: datetime) -> None:
        """Note that the citizen was here; nothing happens when the session is gone."""

    def delete(self, session_id: str) -> Ended:
        """The one that was deleted; nothing when somebody else was first."""

    def end(self, notice: LogoutNotice) -> Ended:
        """Delete the sessions that the provider says have ended. Raises NoticeUsedBefore."""

    def purge(self, created_before: datetime, seen_before: datetime) -> Ended:
        """Delete sessions past a limit."""

    def of_person(self, person: str, owner: str) -> tuple[OpenSession, ...]:
        """Every session of this person, the newest first. `owner`: of the session that asks."""

    def end_person(self, person: str, handles: Collection[str] | None = None) -> Ended:
        """Delete the sessions of this person; only those with one of these handles when they are given."""

    def end_all(self) -> Ended: ...
