"""Building the pages for counselling organisations, by the settings."""

from __future__ import annotations

import functools
from dataclasses import replace
from datetime import timedelta

from app.bootstrap_sessions import build_session_ends
from app.bootstrap_sharing import Sharing
from app.counsel.errors import EXPLANATIONS, render_error
from app.counsel.services import COUNSEL_PATH, CounselServices, Party
from app.http.health import NO_NOTES
from app.http.session_interface import COUNSELLOR_COOKIE
from app.http.setup import SiteParts
from app.oidc.staff import StaffLogin
from app.persistence.key_ring_file import DerivedKeys
from app.persistence.session_store import SqlSessionStore
from app.services.background import Job
from app.services.session_ends import SessionEnds
from app.settings import Settings
from app.web.services import WebServices

CSRF_PURPOSE = "counsel csrf"
CounselSite = tuple[SiteParts, CounselServices]


def build_counsel(
    settings: Settings,
    sessions: SqlSessionStore,
    site: tuple[SiteParts, WebServices],
    sharing: Sharing,
    allow_loopback_http: bool,
) -> CounselSite | None:
    """`site`: the public one, in which these pages are. None without an organisation in the settings."""
    if settings.sharing is None or sharing.counsel is None:
        return None
    parts, public = site
    parties = {
        one.id: Party(
            one.organisation, StaffLogin(one.staff_config(), allow_loopback_http=allow_loopback_http)
        )
        for one in settings.sharing.organisations
    }
    services = CounselServices(
        parties=parties,
        counsel=sharing.counsel,
        verify=public.verify,
        audit=public.audit,
        texts=public.texts,
        address=settings.public_url + COUNSEL_PATH,
    )
    own = replace(
        parts,
        upload_bytes=0,
        themes={},
        session_store=sessions,
        session_cookie=COUNSELLOR_COOKIE,
        session_watcher=build_session_ends(settings, public.audit).counsellors,
        csrf_secret=DerivedKeys(settings.storage.key_ring(), CSRF_PURPOSE),
        render_error=render_error,
        error_explanations=EXPLANATIONS,
        health_checks=None,
        health_notes=NO_NOTES,
    )
    return own, services


def counsel_job(ends: SessionEnds, sessions: SqlSessionStore) -> Job:
    """Everywhere, also where no organisation is registered any more."""
    purge = functools.partial(ends.purge, sessions)
    return Job("purge_counsellor_sessions", timedelta(minutes=1), purge)
