"""A browser window that shows answers of the sites without a network, and what axe and a ruler say about them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, Route, sync_playwright
from werkzeug.test import TestResponse

from app.factory import STATIC
from tests.accessibility.stage import ROOT, Stage
from tests.accessibility.visits import VISITS
from tests.e2e.conftest import CHROMIUM_ARGUMENTS
from tests.e2e.steps import BROWSER_MS, has_sideways_scroll

AXE = (ROOT / "tests" / "support" / "axe" / "axe.min.js").read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Pages that warn before a session ends look again by themselves: decision 24. They ask for nothing and nothing is lost.
REVIEWED = {
    "session": "meta-refresh",
    "operator, session": "meta-refresh",
    "counsel, session": "meta-refresh",
    "progress": "meta-refresh",
}
_HOST = "https://schulden.example"


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=CHROMIUM_ARGUMENTS
        )
        yield browser
        browser.close()


@contextmanager
def browser_page(browser: Browser, width: int = 320) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": width, "height": 640}, locale="nl-NL")
    context.set_default_timeout(BROWSER_MS)
    yield context.new_page()
    context.close()


@dataclass
class Screen:
    """One for a page: the page asks it for everything."""

    page: Page
    stage: Stage | None = None
    answer: TestResponse | str = ""

    def __post_init__(self) -> None:
        self.page.route("**/*", self._serve)

    def show(self, stage: Stage, name: str) -> None:
        """The page that this visit leads to, with everything that can be folded open."""
        answer = VISITS[name](stage)
        assert answer.mimetype == "text/html", (name, answer.status, answer.headers.get("Location"))
        self.show_answer(answer, stage)

    def show_answer(self, answer: TestResponse, stage: Stage) -> None:
        self.stage, self.answer = stage, answer
        self.page.goto(f"{_HOST}/antwoord")
        self.page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")

    def problems(self, name: str) -> list[str]:
        """What axe finds, and whether one must scroll sideways."""
        self.page.evaluate(AXE)
        found = self.page.evaluate(
            "(tags) => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})",
            RULES,
        )
        assert len(found["passes"]) > 10, "axe looked at the page"
        said = [
            f"{one['id']}: {node['html'][:160]}"
            for one in found["violations"]
            for node in one["nodes"]
            if one["id"] != REVIEWED.get(name)
        ]
        return said + (["it scrolls sideways"] if has_sideways_scroll(self.page) else [])

    def show_text(self, html: str) -> None:
        """A page that is none of ours."""
        self.stage, self.answer = None, html
        self.page.goto(f"{_HOST}/antwoord")

    def _serve(self, route: Route) -> None:
        parts = urlsplit(route.request.url)
        if parts.path == "/antwoord":
            _fulfil(route, self.answer)
        elif route.request.is_navigation_request() or self.stage is None:
            route.fulfill(status=204)  # a page that goes on by itself, such as to a download, stays
        elif parts.path.startswith("/static/"):
            route.fulfill(path=STATIC / parts.path.removeprefix("/static/"))
        else:
            _fulfil(route, self.stage.web.browser().get(f"{parts.path}?{parts.query}"))


def _fulfil(route: Route, answer: TestResponse | str) -> None:
    if isinstance(answer, str):
        route.fulfill(body=answer, content_type="text/html")
        return
    kept = {name: value for name, value in answer.headers if name.lower() not in ("set-cookie", "refresh")}
    route.fulfill(status=answer.status_code, headers=kept, body=answer.data)
