"""When a session ends by itself, so that pages can warn in time (WCAG 2.2.1) and a person can go on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from flask import Response, current_app, jsonify

from app.documents import formatting
from app.http.session_interface import ServerSession, SessionLimits, StoredSessionInterface, current_session


@dataclass(frozen=True, slots=True)
class SessionEnd:
    """`is_final`: nothing puts it off. Seconds count from this request; `warn_in` 0: it is time to warn."""

    ends_at: datetime
    seconds_left: int
    warn_in: int
    is_final: bool

    @property
    def clock_time(self) -> str:
        """Such as "14.35 uur", in Amsterdam."""
        return formatting.clock_time(self.ends_at)


def session_end(session: ServerSession, limits: SessionLimits, now: datetime) -> SessionEnd:
    """A request is activity, unless the session was told to be quiet."""
    seen = session.seen_at if session.is_quiet and session.seen_at else now
    idle, absolute = seen + limits.idle, (session.created_at or now) + limits.absolute
    left = max(min(idle, absolute) - now, timedelta())
    warn_in = max(left - limits.warn_before, timedelta())
    return SessionEnd(
        min(idle, absolute), int(left.total_seconds()), int(warn_in.total_seconds()), absolute <= idle
    )


def current_end() -> SessionEnd:
    """Of the session of this request."""
    interface = cast(StoredSessionInterface, current_app.session_interface)
    return session_end(current_session(), interface.limits, interface.clock.now())


def look_only() -> SessionEnd:
    """For pages that open by themselves: looking at them does not make a session longer."""
    current_session().is_quiet = True
    return current_end()


def state_for_scripts() -> Response:
    """How it stands, for `session.js`."""
    end = look_only()
    return jsonify(
        waarschuwen_over=end.warn_in, eindigt_over=end.seconds_left, om=end.clock_time, laatste=end.is_final
    )
