"""Sessions that end otherwise than by logging out, written down for whose they were."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from app.ports.sessions import Ended, EndedSession, SessionStore
from app.services.audit import Fact, WritesAudit

Describe = Callable[[Mapping[str, Any], str, datetime | None], Fact | None]


class SessionEnds:
    """One object per site and process. `describe`: the fact of a session with this content that ended for this reason at
    this moment (None: now); None when nobody was logged in. It can no longer be undone, so a row that fails is an error in
    the log of the service."""

    def __init__(self, audit: WritesAudit, describe: Describe, idle: timedelta, absolute: timedelta) -> None:
        self._audit = audit
        self._describe = describe
        self._idle = idle
        self._absolute = absolute

    def ended(self, sessions: Ended, why: str | None = None) -> None:
        """`why` None: by itself, at the first of its limits."""
        facts = [fact for one in sessions if (fact := self._fact(one, why)) is not None]
        if facts:
            self._audit.try_write(*facts)

    def purge(self, store: SessionStore, now: datetime) -> int:
        """Delete what is past a limit; how many sessions that were."""
        gone = store.purge(now - self._absolute, now - self._idle)
        self.ended(gone)
        return len(gone)

    def _fact(self, session: EndedSession, why: str | None) -> Fact | None:
        content = json.loads(session.payload) if session.payload else {}
        if why is not None:
            return self._describe(content, why, None)
        idle, absolute = session.seen_at + self._idle, session.created_at + self._absolute
        return self._describe(content, "absolute" if absolute <= idle else "idle", min(idle, absolute))
