"""Checks at the start of a site that need more than the settings file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

import structlog

from app.bootstrap_audit import has_pseudonym_keys
from app.bootstrap_certificates import ending_soon
from app.bootstrap_reports import report_store, reports_flow
from app.bootstrap_seals import CannotStart, expires_soon
from app.bootstrap_storage import Storage
from app.oidc.clock import clock_trouble
from app.oidc.config import Connection
from app.persistence.audit_log import SqlAuditLog
from app.ports.clock import Clock, SystemClock
from app.services.audit_keeping import was_intact
from app.services.background import Job, overdue
from app.settings import Settings
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


def health_notes(
    settings: Settings, storage: Storage, jobs: Sequence[Job], clock: Clock
) -> dict[str, Callable[[], bool]]:
    """What somebody must look at, while the site stays ready."""
    return {
        "jobs": lambda: not overdue(jobs, storage.ledger.states(), clock.now()),
        "seal_certificate": lambda: not expires_soon(settings.seal, clock.now()),
        "login_certificates": lambda: not ending_soon(settings, clock.now()),
        "security_contact": lambda: not contact_needs_a_look(settings.security_contact_until, clock.now()),
        "pseudonym_keys": has_pseudonym_keys(settings, storage.database),
        "audit_log": lambda: was_intact(SqlAuditLog(storage.database)),
        "error_reports": lambda: reports_flow(report_store(settings, storage), clock.now()),
    }


def check_surroundings(connection: Connection, sources_file: Path, *, allow_loopback_http: bool) -> None:
    """`connection`: with whoever logs people in here. Raises CannotStart, SettingsError or SourcesFileError."""
    refuse_open_files(load_sources(sources_file))
    trouble = clock_trouble(connection, SystemClock(), allow_loopback_http=allow_loopback_http)
    if trouble is not None:
        raise CannotStart(trouble)
