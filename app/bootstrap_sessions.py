"""Who writes down that sessions ended, by the settings."""

from __future__ import annotations

from dataclasses import dataclass

from app.counsel import counsellor
from app.http.session_interface import SessionLimits
from app.operator import employee
from app.services.audit import WritesAudit
from app.services.session_ends import Describe, SessionEnds
from app.settings import Settings
from app.settings.sessions import OperatorSessionSettings
from app.web import citizen


@dataclass(frozen=True, slots=True)
class EachSite:
    """Each site has its own sessions, with limits of their own; those of counsellors last as long as those of citizens."""

    citizens: SessionEnds
    employees: SessionEnds
    counsellors: SessionEnds


def build_session_ends(settings: Settings, audit: WritesAudit) -> EachSite:
    operator = OperatorSessionSettings() if settings.operator is None else settings.operator.sessions
    return EachSite(
        _ends(audit, citizen.ended_fact, settings.sessions.limits),
        _ends(audit, employee.ended_fact, operator.limits),
        _ends(audit, counsellor.ended_fact, settings.sessions.limits),
    )


def _ends(audit: WritesAudit, describe: Describe, limits: SessionLimits) -> SessionEnds:
    return SessionEnds(audit, describe, limits.idle, limits.absolute)
