"""The sites as a visitor finds them: in one theme, one language and one state of what the sources said."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from pathlib import Path

from flask import Flask, template_rendered
from jinja2 import Template
from werkzeug.test import TestResponse

from app.http.theme import DEFAULT, Theme
from app.services.verify import Reason, Verdict
from app.settings.theme import load_theme
from claims.outcome import FailureCause, NotConnected, PartialReason, SourceFailure, SourceOutcome
from tests.support import web_claims as given
from tests.support.api_site import make_api_site
from tests.support.counsel_site import BANK, TEAM, CounselSite, with_counsel
from tests.support.operator_site import APP_ROLE, OperatorBrowser, OperatorSite, make_operator_site
from tests.support.web_site import BSN, Browser, WebSite
from tests.unit.operator.test_error_reports import FIGURES
from tests.unit.web.test_paper import VAULT

ROOT = Path(__file__).parents[2]
OWN_THEME = "eigen"
THEMES: dict[str, Path | None] = {
    OWN_THEME: None,
    **{
        one.parent.name: one
        for one in sorted((ROOT / "instance" / "examples" / "themes").glob("*/theme.toml"))
    },
}
FAILED = SourceFailure(
    source=given.source("parkeren", given.PARKING), failed_at=given.NOW, cause=FailureCause.TOO_SLOW
)
_KEY = re.compile(r'name="formulier" value="(\w+)"')


def every_claim() -> tuple[SourceOutcome, ...]:
    claims = (
        given.property_tax(),
        given.parking_fine(),
        given.benefit_recovery(),
        given.disputed(),
        given.paid(),
    )
    unconnected = NotConnected(source=given.source("bank", given.BANK), noted_at=given.NOW)
    return (
        given.answer("x", given.TAXES, *claims),
        given.answer("w", given.WATER, given.overpaid()),
        unconnected,
    )


STATES: dict[str, tuple[SourceOutcome, ...]] = {
    "full": every_claim(),
    "empty": (given.answer("w", given.WATER),),
    "partial": (
        given.answer("x", given.TAXES, given.unknown_amount(), partial=(PartialReason.STALE,)),
        FAILED,
    ),
    "nothing": (FAILED,),
}


@dataclass
class Stage:
    """`language` and `state` may be set again before every page. `seen`: names of the templates that were shown."""

    web: WebSite
    counsel: CounselSite
    operator: OperatorSite
    language: str = "nl"
    state: str = "full"
    seen: set[str] = field(default_factory=set)

    def visitor(self) -> Browser:
        """Nobody logged in yet; reads in the language of this stage."""
        self.web.collections.outcomes = {BSN: STATES[self.state]}
        self.web.collections.pending, self.web.collections.may_show = (), True
        self.web.verifier.verdict = Verdict(Reason.GENUINE)
        browser = self.web.browser()
        browser.get(f"/?taal={self.language}")
        return browser

    def citizen(self) -> Browser:
        browser = self.visitor()
        browser.log_in()
        return browser

    def employee(self) -> OperatorBrowser:
        browser = self.operator.browser()
        browser.log_in()
        return browser

    def note(self, _app: Flask, template: Template, **_context: object) -> None:
        self.seen.add(str(template.name))

    def close(self) -> None:
        self.counsel.close()
        self.operator.database.close()


def make_stage(folder: Path, theme: str = OWN_THEME) -> Stage:
    path = THEMES[theme]
    look: Theme = load_theme(path) if path else DEFAULT
    web = make_api_site(
        folder / "web",
        with_sharing=True,
        with_apps=True,
        with_paper=VAULT,
        organisations=(BANK, TEAM),
        receivers={"x": timedelta(days=7)},
        theme=look,
    ).web
    operator = make_operator_site(folder / "operator", reports=lambda: FIGURES)
    operator.login.roles = ("beheer", APP_ROLE)
    stage = Stage(web, with_counsel(web), operator)
    for app in (web.site.app, stage.counsel.app, operator.app):
        template_rendered.connect(stage.note, app)
    return stage


def collection_of(browser: Browser, page: str) -> str:
    found = re.search(r'name="ophaling" value="([^"]+)"', browser.get(page).text)
    return found[1] if found else ""


def upload(browser: Browser, *contents: str) -> TestResponse:
    files = [(BytesIO(one.encode()), f"{one}.pdf") for one in contents]
    return browser.post("/controleren", bestand=files)


def form_key(page: str) -> str:
    found = _KEY.search(page)
    assert found, page
    return found[1]
