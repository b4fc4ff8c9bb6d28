"""Certificates of ours for log-ins: of citizens, of employees, and of each organisation of counsellors. When one ends, nobody can
log in there, and from then on no program starts."""

from __future__ import annotations

from datetime import datetime

import structlog

from app.settings import Settings
from app.settings.certificates import first_end
from app.settings.provider import ProviderSettings
from signing.keys.checks import WARN_BEFORE

_log = structlog.stdlib.get_logger(__name__)
_told: dict[tuple[str, str], str] = {}


def certificate_ends(settings: Settings) -> dict[tuple[str, str], datetime | None]:
    """By connection and role, as the files are now; None for one that cannot be read, and a line in the log when that begins."""
    found: dict[tuple[str, str], datetime | None] = {}
    for connection, stated in _connections(settings).items():
        for role, file in stated.certificate_files().items():
            try:
                found[connection, role] = first_end(file)
                _told.pop((connection, role), None)
            except (OSError, ValueError) as error:
                _tell(connection, role, type(error).__name__)
                found[connection, role] = None
    return found


def _tell(connection: str, role: str, kind: str) -> None:
    """Once in each program until it is mended: the notes of its health are asked for every few seconds."""
    if _told.get((connection, role)) != kind:
        _told[connection, role] = kind
        _log.error("a certificate of ours cannot be read", connection=connection, role=role, kind=kind)


def ending_soon(settings: Settings, now: datetime) -> tuple[str, ...]:
    """Which of them must be renewed, sixty days ahead; also those of which nobody knows."""
    return tuple(
        f"{connection} ({role})"
        for (connection, role), ends_at in certificate_ends(settings).items()
        if ends_at is None or ends_at - now <= WARN_BEFORE
    )


def _connections(settings: Settings) -> dict[str, ProviderSettings]:
    found: dict[str, ProviderSettings] = {"login": settings.login}
    if settings.operator is not None:
        found["operator"] = settings.operator
    if settings.sharing is not None:
        found |= {f"sharing-{one.id}": one for one in settings.sharing.organisations}
    return found
