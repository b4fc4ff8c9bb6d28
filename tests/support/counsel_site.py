"""The public site with the pages for counsellors inside it: two organisations, each with a log-in of its own."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

from flask import Flask
from werkzeug.test import TestResponse

from app.counsel.counsellor import ended_fact
from app.counsel.errors import EXPLANATIONS, render_error
from app.counsel.services import COUNSEL_PATH, CounselServices, Party
from app.factory import create_counsel_site, put_inside
from app.http.session_interface import COUNSELLOR_COOKIE
from app.persistence.cipher import KeyRing, new_key_line
from app.persistence.session_store import SqlSessionStore
from app.persistence.tables import counsellor_sessions
from app.ports.shares import RegisteredOrganisation
from app.services.session_ends import SessionEnds
from app.services.verify import Reason, Verdict
from tests.support.operator_site import StatedStaff
from tests.support.templates import CompiledTemplates
from tests.support.web_claims import TAXES, answer, property_tax
from tests.support.web_site import Browser, WebSite, make_web_site

BANK = RegisteredOrganisation("stadsbank", "Stadsbank Voorbeeldstad", "00000003123456780000")
TEAM = RegisteredOrganisation("wijkteam", "Wijkteam Noord")
TEMPLATES = CompiledTemplates()
_HANDLE = re.compile(rf'action="{COUNSEL_PATH}/openen/([0-9a-f]+)"')


@dataclass
class CounselSite:
    """`parties` may be changed by a test, as settings are between two starts."""

    web: WebSite
    app: Flask
    logins: dict[str, StatedStaff]
    parties: dict[str, Party]

    def citizen(self) -> Browser:
        browser = self.web.browser()
        browser.log_in()
        return browser

    def counsellor(self, organisation_id: str = "stadsbank", subject: str = "an") -> Browser:
        browser = self.web.browser()
        log_in(browser, organisation_id, subject)
        return browser

    def share(
        self, known_as: str = "Sam de Vries, dossier 12", organisation_id: str = "stadsbank"
    ) -> Browser:
        """The citizen who shared."""
        browser = self.citizen()
        page = share(browser, known_as, organisation_id)
        assert "U hebt uw overzicht gedeeld" in page.text, page.text
        return browser

    def close(self) -> None:
        self.web.site.database.close()


def share(browser: Browser, known_as: str, organisation_id: str, **changes: str) -> TestResponse:
    address = f"/delen/met/{organisation_id}"
    form = {"kenmerk": known_as, "dagen": "7", "ophaling": _collection(browser, address), **changes}
    return browser.post(address, address, **form)


def log_in(browser: Browser, organisation_id: str, subject: str) -> TestResponse:
    browser.get(f"{COUNSEL_PATH}/inloggen/{organisation_id}")
    return browser.get(f"{COUNSEL_PATH}/inloggen/{organisation_id}/terug?state={subject}&code=abc")


def listed(browser: Browser) -> list[str]:
    """Handles of what this counsellor can open."""
    return _HANDLE.findall(browser.get(f"{COUNSEL_PATH}/").text)


def make_counsel_site(folder: Path) -> CounselSite:
    web = make_web_site(
        folder, answer("belastingen", TAXES, property_tax()), with_sharing=True, organisations=(BANK, TEAM)
    )
    return with_counsel(web)


def with_counsel(web: WebSite) -> CounselSite:
    """Put the pages for counsellors into a site where BANK and TEAM are registered."""
    web.verifier.verdict = Verdict(Reason.GENUINE)
    logins = {one: StatedStaff(f"https://{one}.example") for one in ("stadsbank", "wijkteam")}
    parties = {one.organisation_id: Party(one, logins[one.organisation_id]) for one in (BANK, TEAM)}
    assert web.counsel is not None
    services = CounselServices(
        parties=parties,
        counsel=web.counsel,
        verify=web.verifier,
        audit=web.book.audit,
        texts=web.services.texts,
        address=web.site.base_url + COUNSEL_PATH,
    )
    limits = web.site.parts.session_limits
    keys = KeyRing.parse(new_key_line("one"))
    parts = replace(
        web.site.parts,
        upload_bytes=0,
        session_store=SqlSessionStore(web.site.database, keys, counsellor_sessions),
        session_cookie=COUNSELLOR_COOKIE,
        session_watcher=SessionEnds(web.book.audit, ended_fact, limits.idle, limits.absolute),
        csrf_secret=b"h" * 32,
        render_error=render_error,
        error_explanations=EXPLANATIONS,
        health_checks=None,
    )
    app = create_counsel_site(parts, services)
    TEMPLATES.serve(app)
    put_inside(web.site.app, app)
    return CounselSite(web, app, logins, parties)


def _collection(browser: Browser, address: str) -> str:
    found = re.search(r'name="ophaling" value="([^"]+)"', browser.get(address).text)
    return found[1] if found else ""
