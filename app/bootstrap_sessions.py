"""Who writes down that sessions ended, by the settings."""

from __future__ import annotations

from dataclasses import dataclass

from app.http.session_interface import SessionLimits
from app.operator import employee
from app.services.audit import WritesAudit
from app.services.session_ends import Describe, SessionEnds
from app.settings import Settings
from app.settings.sessions import OperatorSessionSettings
from app.web import citizen


@dataclass(frozen=True, slots=True)
class BothSites:
    """Each site has its own sessions, with limits of their own."""

    citizens: SessionEnds
    employees: SessionEnds


def build_session_ends(settings: Settings, audit: WritesAudit) -> BothSites:
    operator = OperatorSessionSettings() if settings.operator is None else settings.operator.sessions
    return BothSites(
        _ends(audit, citizen.ended_fact, settings.sessions.limits),
        _ends(audit, employee.ended_fact, operator.limits),
    )


def _ends(audit: WritesAudit, describe: Describe, limits: SessionLimits) -> SessionEnds:
    return SessionEnds(audit, describe, limits.idle, limits.absolute)
