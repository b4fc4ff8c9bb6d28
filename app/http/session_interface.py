"""Server-side sessions for Flask: the cookie holds a random id and nothing else."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol, cast

from flask import Flask, Request, Response, current_app, g, session
from flask.sessions import SessionInterface, SessionMixin

from app.ports.clock import Clock
from app.ports.login import LogoutNotice, ProviderSession
from app.ports.sessions import Ended, SessionStore, StoredSession

# `__Host-`: browsers take it only over a secure connection, for this host alone and for every path.
COOKIE = "__Host-bk_sessie"
OPERATOR_COOKIE = "__Host-bk_beheer"
COUNSELLOR_COOKIE = "__Host-bk_hulpverlener"
_ID_LENGTH = 43


@dataclass(frozen=True, slots=True)
class SessionLimits:
    """DigiD checklist T14: at most 15 minutes without activity; `absolute` ends a session however busy it is.
    Activity is written down at most once per `note_after`. Pages warn `warn_before` the end."""

    idle: timedelta = timedelta(minutes=15)
    absolute: timedelta = timedelta(minutes=60)
    note_after: timedelta = timedelta(seconds=5)
    warn_before: timedelta = timedelta(minutes=2)


class WatchesSessions(Protocol):
    """Who must know of sessions that end otherwise than by logging out."""

    def ended(self, sessions: Ended, why: str | None = None) -> None:
        """`why` None: by itself, at one of its limits. Raises nothing."""


class Nobody:
    """Implements WatchesSessions."""

    def ended(self, sessions: Ended, why: str | None = None) -> None:
        """Nobody asks."""


class ServerSession(dict[str, Any], SessionMixin):
    """What we remember of one visitor. Values must be JSON. Nothing is stored while it is empty.

    `owner` is a random handle that collections are bound to; it is new after `rotate`. `provider_session` and `person`: to
    be set at log-in, so that the log-in provider, or the person themselves, can end the session that is stored then.
    `was_expired`: the browser brought the cookie of a session that has ended. `is_quiet`: this request opened by itself
    and is no activity.
    """

    def __init__(self, session_id: str | None = None, stored: StoredSession | None = None) -> None:
        self._before: dict[str, Any] = json.loads(stored.payload) if stored else {}
        super().__init__(json.loads(stored.payload) if stored else {})
        self.session_id = session_id if stored else None
        self.owner = stored.owner if stored else secrets.token_urlsafe(32)
        self.created_at: datetime | None = stored.created_at if stored else None
        self.seen_at: datetime | None = stored.seen_at if stored else None
        self.is_quiet = False
        self.was_expired = session_id is not None and stored is None
        self.ended_id: str | None = None
        self.provider_session: ProviderSession | None = None
        self.person: str | None = None

    def __repr__(self) -> str:
        return "ServerSession(…)"

    def rotate(self) -> None:
        """Forget everything and go on under a new id and owner. To be called at log-in, before the citizen is
        written into the session, so that an id known before log-in is worth nothing (session fixation)."""
        self.ended_id = self.session_id or self.ended_id
        self.session_id = self.created_at = self.seen_at = None
        self.owner = secrets.token_urlsafe(32)
        self.provider_session = self.person = None
        self.clear()
        self._before = {}
        g.pop("csrf_token", None)

    def destroy(self) -> None:
        """End the session, at once for every browser tab and worker process."""
        self.rotate()

    @property
    def is_changed(self) -> bool:
        """Compares contents, so that a change deep inside is seen too."""
        return dict(self) != self._before

    def replay(self) -> Callable[[bytes], bytes]:
        """Our changes as a function on the newest payload: what another request changed meanwhile is kept, and
        what it took out (a log-in flow that works once) does not come back."""
        changed = {k: v for k, v in self.items() if k not in self._before or self._before[k] != v}
        removed = self._before.keys() - self.keys()

        def apply(payload: bytes) -> bytes:
            newest: dict[str, Any] = json.loads(payload)
            kept = {key: value for key, value in newest.items() if key not in removed}
            return json.dumps(kept | changed).encode()

        return apply


def current_session() -> ServerSession:
    """The session of this request, with its own type."""
    return cast(ServerSession, session)


def end_sessions(notice: LogoutNotice) -> int:
    """End what the log-in provider says has ended, for every process of this site; how many sessions there were. Raises
    NoticeUsedBefore and StorageUnavailable."""
    return cast(StoredSessionInterface, current_app.session_interface).end(notice)


class StoredSessionInterface(SessionInterface):
    """Flask's door to sessions. Raises StorageUnavailable when the database cannot be reached: an unknown session
    must not look like a logged-out one."""

    def __init__(
        self,
        store: SessionStore,
        clock: Clock,
        limits: SessionLimits,
        cookie: str = COOKIE,
        watcher: WatchesSessions | None = None,
    ) -> None:
        self._store = store
        self._cookie = cookie
        self._watcher = watcher or Nobody()
        self.clock = clock
        self.limits = limits

    def open_session(self, app: Flask, request: Request) -> ServerSession:
        """The API has no session: it looks at tokens only (ADR /core/stateless)."""
        session_id = request.cookies.get(self._cookie)
        if not session_id or request.path.startswith((f"{app.static_url_path}/", "/api/")):
            return ServerSession()
        return ServerSession(session_id, self._load(session_id))

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:  # noqa: ARG002
        if not isinstance(session, ServerSession):
            return
        if session.accessed:
            response.vary.add("Cookie")
        if session.ended_id:
            response.delete_cookie(self._cookie, path="/", secure=True, httponly=True, samesite="Lax")
            self._store.delete(session.ended_id)
        if session.session_id is not None:
            self._keep(session, session.session_id)
        elif session:
            self._create(session, response)

    def end(self, notice: LogoutNotice) -> int:
        ended = self._store.end(notice)
        self._watcher.ended(ended, "provider")
        return len(ended)

    def _load(self, session_id: str) -> StoredSession | None:
        if len(session_id) != _ID_LENGTH or not session_id.isascii():
            return None
        stored = self._store.load(session_id)
        if stored is not None and self._is_expired(stored):
            self._watcher.ended(self._store.delete(session_id))
            return None
        return stored

    def _is_expired(self, stored: StoredSession) -> bool:
        now = self.clock.now()
        idle, age = now - stored.seen_at, now - stored.created_at
        return idle >= self.limits.idle or age >= self.limits.absolute

    def _keep(self, session: ServerSession, session_id: str) -> None:
        """When the session ended meanwhile nothing is written, and the cookie is left alone: it may be a newer one."""
        now = self.clock.now()
        if session.is_changed:
            seen_at = session.seen_at if session.is_quiet and session.seen_at else now
            self._store.update(session_id, session.replay(), seen_at)
        elif session.is_quiet:
            return
        elif session.seen_at is None or now - session.seen_at >= self.limits.note_after:
            self._store.touch(session_id, now)

    def _create(self, session: ServerSession, response: Response) -> None:
        now = self.clock.now()
        session_id = secrets.token_urlsafe(32)
        payload = json.dumps(dict(session)).encode()
        stored = StoredSession(payload, session.owner, now, now, session.provider_session, session.person)
        self._store.create(session_id, stored)
        response.set_cookie(self._cookie, session_id, path="/", secure=True, httponly=True, samesite="Lax")
