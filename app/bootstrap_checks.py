"""Checks at the start of a site that need more than the settings file."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import structlog

from app.bootstrap_seals import CannotStart
from app.oidc.clock import clock_trouble
from app.oidc.config import Connection
from app.ports.clock import SystemClock
from app.services.background import Job
from app.settings.source_secrets import refuse_open_files
from sources.config import load_sources

_log = structlog.stdlib.get_logger(__name__)
_CONTACT_WARN_DAYS = 30
_CONTACT_MOST_DAYS = 366  # RFC 9116, 2.5.5: less than a year is recommended


def contact_needs_a_look(until: date, now: datetime) -> bool:
    """Whether the address for reports of leaks must be confirmed again: its date is near, past or too far away."""
    return not _CONTACT_WARN_DAYS < (until - now.date()).days <= _CONTACT_MOST_DAYS


def contact_job(until: date) -> Job:
    """A line in the log every day as long as somebody must look."""

    def look(now: datetime) -> int:
        if not contact_needs_a_look(until, now):
            return 0
        days = (until - now.date()).days
        _log.warning(
            "confirm security_contact and move security_contact_until", until=str(until), days_left=days
        )
        return 1

    return Job("check_security_contact", timedelta(days=1), look)


def check_surroundings(connection: Connection, sources_file: Path, *, allow_loopback_http: bool) -> None:
    """`connection`: with whoever logs people in here. Raises CannotStart, SettingsError or SourcesFileError."""
    refuse_open_files(load_sources(sources_file))
    trouble = clock_trouble(connection, SystemClock(), allow_loopback_http=allow_loopback_http)
    if trouble is not None:
        raise CannotStart(trouble)
