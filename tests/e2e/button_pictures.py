"""The pictures in docs/button: the very snippets of that page, and what people see after them in the demo.

`python -m tests.e2e.button_pictures` makes them again.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from pathlib import Path

from playwright.sync_api import Browser, Page, Route, sync_playwright

from tests.e2e.conftest import CHROMIUM_ARGUMENTS
from tests.e2e.steps import ANNA, new_context
from tests.support.demo import run_demo

DOCS = Path(__file__).parents[2] / "docs" / "button"
OF_THE_DOCS, BACK = "https://schulden.voorbeeld.nl", "https://www.zonnedael.example/schulden"
_FENCE = re.compile(r"```(css|html)\n(.*?)\n```", re.S)
_VARIANTS = ("knop", "uitleg", "formulier", "mail")


def snippets() -> dict[str, str]:
    """What the page tells to copy: "css" and each variant."""
    found = _FENCE.findall((DOCS / "README.md").read_text("utf-8"))
    css = next(text for kind, text in found if kind == "css")
    html = [text for kind, text in found if kind == "html"]
    return {"css": css, **dict(zip(_VARIANTS, html, strict=True))}


def page_of_the_site(variant: str, service: str, more_css: str = "") -> str:
    """A page of the municipality with one variant, for this service."""
    found = snippets()
    back = "https%3A%2F%2Fwww.voorbeeld.nl%2Fschulden"
    body = found[variant].replace(OF_THE_DOCS, service).replace(back, escape(BACK))
    return (
        '<!doctype html><html lang="nl"><head><meta charset="utf-8"><title>Geldzorgen</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>body {{ font: 18px/1.5 sans-serif; margin: 16px; }} {found['css']} {more_css}</style></head>"
        f"<body><main><h1>Geldzorgen</h1><div id='stuk'>{body}</div></main></body></html>"
    )


def put_on_site(page: Page, variant: str, service: str, more_css: str = "") -> None:
    """Show it as https://www.zonnedael.example/schulden."""

    def answer(route: Route) -> None:
        text = page_of_the_site(variant, service, more_css)
        route.fulfill(body=text, content_type="text/html; charset=utf-8")

    page.route(BACK, answer)
    page.goto(BACK)


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=CHROMIUM_ARGUMENTS
        )
        yield browser
        browser.close()


def main() -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        run_demo(Path(folder) / "instance") as demo,
        chromium() as browser,
    ):
        page = new_context(browser, demo.url, viewport={"width": 420, "height": 900}).new_page()
        for variant in _VARIANTS[:-1]:
            put_on_site(page, variant, OF_THE_DOCS)
            page.locator("#stuk").screenshot(path=DOCS / f"{variant}.png")
        page.goto(f"{demo.url}/start?terug={BACK}&zaak=Z-2026-17")
        page.screenshot(path=DOCS / "start.png")
        page.get_by_role("main").get_by_role("link", name="Inloggen met DigiD").click()
        page.get_by_role("button", name=ANNA).click()
        page.wait_for_url("**/overzicht")
        page.locator("#zaak").scroll_into_view_if_needed()
        page.locator("section", has=page.locator("#zaak")).screenshot(path=DOCS / "overzicht.png")


if __name__ == "__main__":
    main()
