"""The open sessions of one person: to see, and to end (ASVS 5.0, 7.5.2). With DigiD Machtigen they are those of who logged in."""

from __future__ import annotations

from datetime import timedelta

from app.ports.clock import Clock
from app.ports.sessions import OpenSession, SessionStore
from app.services.session_ends import SessionEnds
from claims.identity import Bsn


class OpenSessions:
    """One object per process; safe to share between threads. Every method raises StorageUnavailable."""

    def __init__(
        self, store: SessionStore, ends: SessionEnds, clock: Clock, limits: tuple[timedelta, timedelta]
    ) -> None:
        """`limits`: without activity, and altogether."""
        self._store = store
        self._ends = ends
        self._clock = clock
        self._idle, self._absolute = limits

    def of(self, who_logged_in: Bsn, owner: str) -> tuple[OpenSession, ...]:
        """Those that have not ended, the newest first. `owner`: of the session that looks."""
        now = self._clock.now()
        return tuple(
            one
            for one in self._store.of_person(who_logged_in.digits, owner)
            if now - one.seen_at < self._idle and now - one.created_at < self._absolute
        )

    def end_others(self, who_logged_in: Bsn, owner: str, handle: str | None = None) -> int:
        """End one other session of this person, or all others; how many there were. The session that asks goes on."""
        others = [one.handle for one in self.of(who_logged_in, owner) if not one.is_this]
        ended = self._store.end_person(who_logged_in.digits, [one for one in others if handle in (None, one)])
        self._ends.ended(ended, "elsewhere")
        return len(ended)
