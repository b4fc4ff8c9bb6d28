"""What a citizen or a counsellor does, in steps that the journeys share."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.support.waiting import PATIENCE_S

ANNA, BRAM, INEKE, FATIMA, LOTTE = (
    "Anna Bakker",
    "Bram de Vries",
    "Ineke Visser",
    "Fatima Yılmaz",
    "Lotte Vermeer",
)
BROWSER_MS = PATIENCE_S * 1000


def new_context(browser: Browser, url: str, **options: Any) -> BrowserContext:
    """A new visitor of this site, who waits as long as a busy machine needs."""
    context = browser.new_context(base_url=url, locale="nl-NL", **options)
    context.set_default_timeout(BROWSER_MS)
    return context


def go_to_digid(page: Page) -> None:
    page.goto("/")
    page.get_by_role("main").get_by_role("link", name="Inloggen met DigiD").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Inloggen")


def log_in(page: Page, name: str) -> None:
    """Log in as a test citizen and stay until the overview is there."""
    go_to_digid(page)
    page.get_by_role("button", name=name).click()
    page.wait_for_url("**/overzicht")
    expect(page.get_by_role("heading", level=1)).to_have_text("Wat u moet betalen")


def download(page: Page, link: str, folder: Path) -> Path:
    """Click a download link of the overview, keep the file under its own name, and go back to the overview."""
    with page.expect_download() as waiting:
        page.get_by_role("link", name=link).click()
    file = folder / waiting.value.suggested_filename
    waiting.value.save_as(file)
    page.get_by_role("main").get_by_role("link", name="Terug naar het overzicht").click()
    page.wait_for_url("**/overzicht")
    return file


def verify(page: Page, file: Path) -> str:
    """Put a file into the public verify page and return the verdict's heading."""
    page.goto("/controleren")
    page.get_by_label("Een of meer bestanden").set_input_files(file)
    page.get_by_role("button", name="Controleren").click()
    return page.get_by_role("heading", level=1).inner_text()


def shown_amounts(page: Page) -> set[str]:
    """Every amount in euro on the page."""
    return set(re.findall(r"€ [\d.]+,\d\d", page.inner_text("main").replace("\xa0", " ")))


def has_sideways_scroll(page: Page) -> bool:
    page.wait_for_load_state("domcontentloaded")  # right after a click the next page may have no element yet
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))
