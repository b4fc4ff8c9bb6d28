"""Building what sharing an overview needs, by the settings."""

from __future__ import annotations

from datetime import timedelta

from app.bootstrap_audit import build_pseudonyms
from app.persistence.engine import Database
from app.persistence.share_store import SqlShareStore, purge_shares
from app.persistence.share_vault import ShareVault
from app.ports.clock import Clock
from app.services.audit import WritesAudit
from app.services.background import Job
from app.services.issue import Issue
from app.services.share import Shares
from app.settings import Settings


def build_shares(
    settings: Settings, database: Database, issue: Issue, around: tuple[Clock, WritesAudit]
) -> Shares | None:
    """None without a table [sharing]. Raises ValueError or OSError for a secret that is none."""
    if settings.sharing is None:
        return None
    vault = ShareVault(settings.sharing.secret())
    store = SqlShareStore(database, settings.storage.key_ring(), vault)
    return Shares(store, issue, build_pseudonyms(settings), around, settings.sharing.limits)


def share_job(database: Database) -> Job:
    """Everywhere, also where [sharing] was taken away: what was there before must go too."""
    return Job("purge_shares", timedelta(minutes=1), lambda now: purge_shares(database, now))
