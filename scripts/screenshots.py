"""Take the pictures of the README from a running demo: python -m scripts.screenshots docs/images"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import ViewportSize, sync_playwright

from tests.e2e import steps
from tests.e2e.conftest import CHROMIUM_ARGUMENTS
from tests.support.demo import run_demo

PHONE: ViewportSize = {"width": 375, "height": 1180}
DESKTOP: ViewportSize = {"width": 1280, "height": 900}


def main(folder: Path) -> None:
    """The overview with all answers and with a gap on a phone, and a verdict on a desktop."""
    folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as place,
        run_demo(Path(place) / "instance") as demo,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=CHROMIUM_ARGUMENTS
        )
        for name in (steps.ANNA, steps.INEKE):
            page = browser.new_context(base_url=demo.url, viewport=PHONE, locale="nl-NL").new_page()
            steps.log_in(page, name)
            page.screenshot(path=folder / PICTURES[name])
            if name == steps.ANNA:
                pdf = steps.download(page, "pdf)", Path(place))
        page = browser.new_context(base_url=demo.url, viewport=DESKTOP, locale="nl-NL").new_page()
        steps.verify(page, pdf)
        page.screenshot(path=folder / "controleren-1280.png")
        browser.close()


PICTURES = {steps.ANNA: "overzicht-375.png", steps.INEKE: "bron-zonder-antwoord-375.png"}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
