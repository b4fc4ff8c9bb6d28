"""Every page as a browser shows it on a small phone, judged by axe: WCAG 2.2 AA and best practices; and nothing scrolls sideways.

The pages come from the real site without a network: what the browser asks is answered in this process.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Route, sync_playwright
from werkzeug.test import TestResponse

from app.factory import STATIC
from app.http.theme import DEFAULT, Theme
from app.services.verify import Reason, Verdict
from app.settings.theme import load_theme
from claims.outcome import FailureCause, NotConnected, PartialReason, SourceFailure, SourceOutcome
from tests.e2e.conftest import CHROMIUM_ARGUMENTS
from tests.e2e.steps import BROWSER_MS, has_sideways_scroll
from tests.support import web_claims as given
from tests.support.web_site import Browser, WebSite, make_web_site
from tests.unit.web.test_paper import PAPIER, VAULT, printed

ROOT = Path(__file__).parents[2]
AXE = (ROOT / "tests" / "support" / "axe" / "axe.min.js").read_text("utf-8")
THEMES = sorted((ROOT / "instance" / "examples" / "themes").glob("*/theme.toml"))
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# The page that warns before the session ends looks again by itself: decision 24. It asks for nothing and nothing is lost.
REVIEWED = {"/sessie": "meta-refresh"}
HOST = "schulden.example"
PUBLIC = (
    "/",
    "/bronnen",
    "/hulp",
    "/woorden",
    "/controleren",
    PAPIER,
    "/gedeeld",
    "/zegel",
    "/toegankelijkheid",
    "/privacy",
    "/bestaat-niet",
    "/overzicht",  # for who is not logged in
)
LOGGED_IN = (
    "/overzicht?volgorde=organisatie",
    "/overzicht/pdf/klaar",
    "/delen",
    "/mijn-gegevens",
    "/sessie",
    "/uitloggen",
)


def failed() -> SourceFailure:
    return SourceFailure(
        source=given.source("parkeren", given.PARKING), failed_at=given.NOW, cause=FailureCause.TOO_SLOW
    )


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
        failed(),
    ),
    "nothing": (failed(),),
}


@dataclass(frozen=True)
class Screen:
    """One page of one browser, of which every question is answered by this site."""

    page: Page
    browser: Browser
    web: WebSite | None = None

    def show(self, path: str) -> None:
        self.page.goto(f"https://{HOST}{path}")

    def show_answer(self, answer: TestResponse) -> None:
        """A page that comes after a form."""
        path = "/antwoord"
        self.page.route(f"**{path}", lambda route: _fulfil(route, answer))
        self.show(path)

    def problems(self) -> list[str]:
        self.page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        self.page.evaluate(AXE)
        found = self.page.evaluate(
            "(tags) => axe.run(document, {runOnly: {type: 'tag', values: tags}})", RULES
        )
        said = [f"{one['id']}: {node['html'][:120]}" for one in found["violations"] for node in one["nodes"]]
        assert len(found["passes"]) > 10, "axe looked at the page"
        return said + (["it scrolls sideways"] if has_sideways_scroll(self.page) else [])


def _fulfil(route: Route, answer: TestResponse) -> None:
    headers = {name: value for name, value in answer.headers if name.lower() != "set-cookie"}
    route.fulfill(status=answer.status_code, headers=headers, body=answer.data)


def _answer(browser: Browser) -> Callable[[Route], None]:
    def handle(route: Route) -> None:
        path = urlsplit(route.request.url).path
        if path.startswith("/static/"):
            route.fulfill(path=STATIC / path.removeprefix("/static/"))
        else:
            _fulfil(route, browser.get(route.request.url.split(HOST, 1)[1]))

    return handle


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=CHROMIUM_ARGUMENTS
        )
        context = chromium.new_context(viewport={"width": 320, "height": 640}, locale="nl-NL")
        context.set_default_timeout(BROWSER_MS)
        yield context.new_page()
        chromium.close()


@pytest.fixture
def screen(page: Page, tmp_path: Path) -> Iterator[Callable[..., Screen]]:
    made: list[WebSite] = []

    def build(*outcomes: SourceOutcome, theme: Theme = DEFAULT, verdict: Reason = Reason.GENUINE) -> Screen:
        receivers = {"x": timedelta(days=7)}
        folder = tmp_path / str(len(made))
        web = make_web_site(
            folder, *outcomes, with_sharing=True, with_paper=VAULT, theme=theme, receivers=receivers
        )
        web.verifier.verdict = Verdict(verdict)
        made.append(web)
        browser = web.browser()
        page.unroute_all()
        page.route("**/*", _answer(browser))
        return Screen(page, browser, web)

    yield build
    for web in made:
        web.site.database.close()


def test_pages_for_everybody(screen: Callable[..., Screen]) -> None:
    shown = screen(*STATES["full"])
    found = {}
    for path in PUBLIC:
        shown.show(path)
        found[path] = shown.problems()
    assert not any(found.values()), found


def test_pages_of_who_is_logged_in(screen: Callable[..., Screen]) -> None:
    shown = screen(*STATES["full"])
    shown.browser.log_in()
    found = {}
    for path in LOGGED_IN:
        shown.show(path)
        reviewed = REVIEWED.get(path, "nothing")
        found[path] = [problem for problem in shown.problems() if not problem.startswith(reviewed)]
    assert not any(found.values()), found


@pytest.mark.parametrize(("state", "theme"), list(zip(STATES, [None, *THEMES], strict=True)), ids=STATES)
def test_the_overview_in_every_state_each_in_another_theme(
    screen: Callable[..., Screen], state: str, theme: Path | None
) -> None:
    shown = screen(*STATES[state], theme=load_theme(theme) if theme else DEFAULT)
    shown.browser.log_in()
    shown.show("/overzicht")
    assert shown.problems() == []


def test_a_partial_download_and_a_shared_code(screen: Callable[..., Screen]) -> None:
    shown = screen(*STATES["partial"])
    collection = shown.browser.log_in().headers["Location"].rsplit("/", 1)[1]
    shown.show(f"/overzicht/pdf?ophaling={collection}")
    assert shown.problems() == []
    claim = re.search(r'href="(/overzicht/rekening/[^"]+)"', shown.browser.get("/overzicht").text)
    assert claim
    shown.show(claim[1])
    assert shown.problems() == []
    form = {"met": "Mevrouw De Wit", "dagen": "7", "ophaling": collection}
    shown.show_answer(shown.browser.post("/delen", "/delen", **form))
    assert shown.problems() == []


def test_reporting_what_is_wrong(screen: Callable[..., Screen]) -> None:
    shown = screen(*STATES["full"])
    shown.browser.log_in()
    link = re.search(r'href="(/overzicht/melden/[^"]+)"', shown.browser.get("/overzicht").text)
    assert link
    address = unescape(link[1])
    key = re.search(r'name="formulier" value="(\w+)"', shown.browser.get(address).text)
    assert key
    form = {"formulier": key[1], "reden": "al_betaald", "toelichting": "Ik heb\nal betaald."}
    found = {}
    shown.show(address)
    found["form"] = shown.problems()
    for step, change in (("nakijken", {"reden": ""}), ("nakijken", {}), ("versturen", {})):
        answer = shown.browser.post(address, address, stap=step, **form | change)
        if step == "nakijken":
            shown.show_answer(answer)
            found[f"{step} {answer.status_code}"] = shown.problems()
    for path in (answer.headers["Location"], "/mijn-gegevens", "/overzicht"):
        shown.show(path)
        assert "M-" in shown.page.inner_text("main")
        found[path] = shown.problems()
    assert len(found) == 6
    assert not any(found.values()), found


@pytest.mark.parametrize("verdict", [Reason.GENUINE, Reason.ALTERED, Reason.NOT_SEALED])
def test_verdicts(screen: Callable[..., Screen], verdict: Reason) -> None:
    shown = screen(verdict=verdict)
    shown.show_answer(shown.browser.post("/controleren", bestand=(BytesIO(b"%PDF-"), "overzicht.pdf")))
    assert shown.problems() == []
    several = [(BytesIO(b"%PDF-"), name) for name in ("een.pdf", "twee.pdf")]
    shown.show_answer(shown.browser.post("/controleren", bestand=several))
    assert shown.problems() == []


def test_paper(screen: Callable[..., Screen]) -> None:
    shown = screen()
    assert shown.web is not None
    _, code = printed(shown.web, whole=False)
    found = {}
    for typed in (code, "0000-0000-0000-0000"):
        shown.show_answer(shown.browser.post(PAPIER, code=typed))
        found[typed] = shown.problems()
    assert not any(found.values()), found


def test_axe_finds_what_is_wrong(page: Page) -> None:
    """A judge that says yes to everything proves nothing."""
    page.unroute_all()
    bad = "<!doctype html><title>x</title><p style='color:#999'>grijs</p><img src='x'><input><div style='width:900px'>x</div>"
    page.route("**/*", lambda route: route.fulfill(body=bad, content_type="text/html"))
    shown = Screen(page, None)  # type: ignore[arg-type]
    shown.show("/slecht")
    page.evaluate(AXE)
    found = page.evaluate("() => axe.run(document)")
    assert {"color-contrast", "html-has-lang", "image-alt", "label"} <= {
        one["id"] for one in found["violations"]
    }
    assert has_sideways_scroll(page)
