"""Building what sharing an overview needs, by the settings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from app.bootstrap_audit import build_pseudonyms
from app.persistence.engine import Database
from app.persistence.organisation_share_store import SqlOrganisationShareStore
from app.persistence.organisation_vault import OrganisationVault
from app.persistence.share_store import SqlShareStore, purge_shares
from app.persistence.share_vault import ShareVault
from app.ports.clock import Clock
from app.services.audit import WritesAudit
from app.services.background import Job
from app.services.counsel import Counsel
from app.services.issue import Issue
from app.services.share import Shares
from app.services.share_organisations import OrganisationShares
from app.settings import Settings


@dataclass(frozen=True, slots=True)
class Sharing:
    """None: that is off. `with_organisations` is for citizens, `counsel` for employees of those organisations."""

    by_code: Shares | None = None
    with_organisations: OrganisationShares | None = None
    counsel: Counsel | None = None


def build_sharing(
    settings: Settings, database: Database, issue: Issue, around: tuple[Clock, WritesAudit]
) -> Sharing:
    """Raises ValueError or OSError for a secret that is none."""
    stated = settings.sharing
    if stated is None:
        return Sharing()
    keys, (clock, audit) = settings.storage.key_ring(), around
    store = SqlShareStore(database, keys, ShareVault(stated.secret()))
    shares = Shares(store, issue, build_pseudonyms(settings), around, stated.limits)
    if not stated.organisations:
        return Sharing(shares)
    vault = OrganisationVault(stated.secret(), {one.id: one.key_lines() for one in stated.organisations})
    theirs = SqlOrganisationShareStore(database, keys, vault)
    organisations = [one.organisation for one in stated.organisations]
    return Sharing(
        shares, OrganisationShares(shares, theirs, organisations, audit), Counsel(theirs, store, clock, audit)
    )


def share_job(database: Database) -> Job:
    """Everywhere, also where [sharing] was taken away: what was there before must go too."""
    return Job("purge_shares", timedelta(minutes=1), lambda now: purge_shares(database, now))
