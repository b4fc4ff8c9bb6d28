"""Building what looking up a printed overview needs, by the settings."""

from __future__ import annotations

from datetime import timedelta

from app.bootstrap_audit import build_pseudonyms
from app.persistence.engine import Database
from app.persistence.paper_store import SqlPaperStore, paper_vault, purge_paper
from app.ports.clock import Clock
from app.ports.register import DocumentRegister
from app.services.audit import WritesAudit
from app.services.background import Job
from app.services.paper import Paper
from app.settings import Settings


def build_paper(
    settings: Settings, database: Database, register: DocumentRegister, around: tuple[Clock, WritesAudit]
) -> Paper | None:
    """None: that is off. Raises ValueError or OSError for a secret that is none."""
    stated = settings.paper
    if stated is None:
        return None
    store = SqlPaperStore(database, paper_vault(stated.secret()))
    return Paper(store, register, build_pseudonyms(settings), around, stated.keep_days)


def paper_job(database: Database) -> Job:
    """Everywhere, also where [paper] was taken away: what was there before must go too."""
    return Job("purge_paper", timedelta(minutes=1), lambda now: purge_paper(database, now))
