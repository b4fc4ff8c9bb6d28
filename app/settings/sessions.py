"""How long a session lasts, on the public site and on the operator site."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from pydantic import Field

from app.http.session_interface import SessionLimits
from app.settings.kinds import Part


class SessionSettings(Part):
    """DigiD checklist T14: never more than fifteen minutes without activity."""

    idle_seconds: Annotated[int, Field(gt=0, le=900)] = 900
    absolute_seconds: Annotated[int, Field(gt=0, le=14_400)] = 3600

    @property
    def limits(self) -> SessionLimits:
        return _limits(self.idle_seconds, self.absolute_seconds)


class OperatorSessionSettings(Part):
    """A role that is taken away counts from the next log-in on, so `absolute_seconds` is also how long that takes."""

    idle_seconds: Annotated[int, Field(gt=0, le=3600)] = 900
    absolute_seconds: Annotated[int, Field(gt=0, le=43_200)] = 14_400

    @property
    def limits(self) -> SessionLimits:
        return _limits(self.idle_seconds, self.absolute_seconds)


def _limits(idle_seconds: int, absolute_seconds: int) -> SessionLimits:
    """Activity is written down often enough that a session in use does not look idle, and a short session is not one
    long warning."""
    idle = timedelta(seconds=idle_seconds)
    note_after = min(SessionLimits().note_after, idle / 10)
    warn_before = min(SessionLimits().warn_before, idle / 3)
    return SessionLimits(idle, timedelta(seconds=absolute_seconds), note_after, warn_before)
