"""Take the pictures of the README from a running demo: python -m scripts.screenshots docs/images"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.e2e import steps
from tests.e2e.conftest import CHROMIUM_ARGUMENTS
from tests.support.demo import run_demo

PHONE, DESKTOP = (375, 1180), (1280, 900)


def main(folder: Path) -> None:
    """Start, overview with all answers, overview with gaps, and a verdict, as a phone and a desktop show them."""
    folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as place,
        run_demo(Path(place) / "instance") as demo,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=CHROMIUM_ARGUMENTS
        )
        for width, height in (PHONE, DESKTOP):
            context = browser.new_context(
                base_url=demo.url, viewport={"width": width, "height": height}, locale="nl-NL"
            )
            _journey(context.new_page(), folder, str(width), Path(place))
            context.close()
        browser.close()


def _journey(page: Page, folder: Path, suffix: str, downloads: Path) -> None:
    page.goto("/")
    page.screenshot(path=folder / f"start-{suffix}.png")
    steps.log_in(page, steps.ANNA)
    page.screenshot(path=folder / f"overzicht-{suffix}.png")
    pdf = steps.download(page, "pdf)", downloads)
    steps.verify(page, pdf)
    page.screenshot(path=folder / f"controleren-{suffix}.png")
    page.goto("/uitloggen")
    page.get_by_role("main").get_by_role("button", name="Uitloggen").click()
    steps.log_in(page, steps.INEKE)
    page.screenshot(path=folder / f"bron-zonder-antwoord-{suffix}.png")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
