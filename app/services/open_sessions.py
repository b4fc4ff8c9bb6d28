"""The open sessions of one person: to see, and to end (ASVS 5.0, 7.5.2)."""

from __future__ import annotations

from datetime import timedelta

from app.ports.clock import Clock
from app.ports.sessions import OpenSession, SessionStore
from app.services import audit_facts
from app.services.audit import WritesAudit
from claims.identity import Bsn


class OpenSessions:
    """One object per process; safe to share between threads. Every method raises StorageUnavailable."""

    def __init__(
        self, store: SessionStore, audit: WritesAudit, clock: Clock, limits: tuple[timedelta, timedelta]
    ) -> None:
        """`limits`: without activity, and altogether."""
        self._store = store
        self._audit = audit
        self._clock = clock
        self._idle, self._absolute = limits

    def of(self, citizen: Bsn, owner: str) -> tuple[OpenSession, ...]:
        """Those that have not ended, the newest first. `owner`: of the session that looks."""
        now = self._clock.now()
        return tuple(
            one
            for one in self._store.of_person(citizen.digits, owner)
            if now - one.seen_at < self._idle and now - one.created_at < self._absolute
        )

    def end_others(self, citizen: Bsn, owner: str, handle: str | None = None) -> int:
        """End one other session of this citizen, or all others; how many there were. The session that asks goes on."""
        others = [one.handle for one in self.of(citizen, owner) if not one.is_this]
        ended = self._store.end_person(citizen.digits, [one for one in others if handle in (None, one)])
        if ended:
            self._audit.try_write(*(audit_facts.session_ended(citizen, "elsewhere") for _ in ended))
        return len(ended)
