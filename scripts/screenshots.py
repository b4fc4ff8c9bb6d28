"""Take a picture of every page in its states at two widths: make screenshots

The journey of a citizen comes from a running demo; every page of every site (`tests.accessibility.visits`) in Dutch, Arabic and
English, and three pages in every theme, from sites without a network. All go to the folder of the first argument, the best
ones to docs/images for the README.
"""

from __future__ import annotations

import logging
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import structlog
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from app.language import DUTCH
from tests.accessibility.screen import Screen, browser_page, chromium
from tests.accessibility.stage import OWN_THEME, THEMES, Stage, make_stage
from tests.accessibility.visits import DUTCH_ONLY, VISITS
from tests.e2e import steps
from tests.e2e.conftest import CHROMIUM_ARGUMENTS
from tests.support.demo import run_demo

WIDTHS = (375, 1280)
README = {
    "overzicht-375.png": ("overzicht", 375),
    "bron-zonder-antwoord-375.png": ("overzicht-zonder-antwoord", 375),
    "controleren-1280.png": ("uitslag-echt", 1280),
}
README_HEIGHT = 1180
README_BYTES = 150_000
PICTURED = (DUTCH, "ar", "en")
IN_EVERY_THEME = ("start", "overview", "verdict genuine")
PUBLIC = {
    "start": "/",
    "bronnen": "/bronnen",
    "hulp": "/hulp",
    "woorden": "/woorden",
    "controleren": "/controleren",
    "gedeeld": "/gedeeld",
    "zegel": "/zegel",
    "toegankelijkheid": "/toegankelijkheid",
    "privacy": "/privacy",
    "niet-gevonden": "/bestaat-niet",
    "niet-ingelogd": "/overzicht",
}
CITIZENS = {
    "overzicht": steps.ANNA,
    "overzicht-leeg": steps.BRAM,
    "overzicht-zonder-antwoord": steps.INEKE,
    "overzicht-onvolledig": steps.FATIMA,
    "overzicht-andere-persoon": steps.LOTTE,
}
LOGGED_IN = {
    "delen": "/delen",
    "mijn-gegevens": "/mijn-gegevens",
    "sessie": "/sessie",
    "uitloggen": "/uitloggen",
}


@dataclass(frozen=True)
class Camera:
    """One browser window of one width."""

    browser: Browser
    url: str
    folder: Path
    width: int

    @contextmanager
    def visitor(self) -> Iterator[Page]:
        size: ViewportSize = {"width": self.width, "height": 812 if self.width < 600 else 900}
        context = steps.new_context(self.browser, self.url, viewport=size)
        yield context.new_page()
        context.close()

    def shoot(self, page: Page, name: str) -> None:
        page.screenshot(path=self.folder / f"{name}-{self.width}.png", full_page=True)


def walk(camera: Camera) -> None:
    """Every page and state, each as a new visitor sees it."""
    with camera.visitor() as page:
        for name, path in PUBLIC.items():
            page.goto(path)
            camera.shoot(page, name)
    for name, citizen in CITIZENS.items():
        with camera.visitor() as page:
            steps.log_in(page, citizen)
            camera.shoot(page, name)
            _more(name)(camera, page)


def _more(name: str) -> Callable[[Camera, Page], None]:
    return {"overzicht": _with_everything, "overzicht-onvolledig": _partial_download}.get(
        name, lambda *_: None
    )


def _with_everything(camera: Camera, page: Page) -> None:
    for more in page.locator("details").all():
        more.evaluate("one => one.open = true")
    camera.shoot(page, "overzicht-uitgeklapt")
    page.emulate_media(media="print")
    camera.shoot(page, "overzicht-papier")
    page.emulate_media(media="screen")
    page.get_by_role("link", name="Deze rekening op een eigen pagina").first.click()
    camera.shoot(page, "rekening")
    page.goto("/overzicht")
    with tempfile.TemporaryDirectory() as folder:
        page.get_by_role("link", name="pdf)").click()
        camera.shoot(page, "gedownload")
        page.goto("/overzicht")
        pdf = steps.download(page, "pdf)", Path(folder))
        for name, path in LOGGED_IN.items():
            page.goto(path)
            camera.shoot(page, name)
        changed = Path(folder) / "veranderd.pdf"
        changed.write_bytes(pdf.read_bytes() + b"\n% meer\n")
        for name, file in (("uitslag-echt", pdf), ("uitslag-veranderd", changed)):
            steps.verify(page, file)
            camera.shoot(page, name)


def _partial_download(camera: Camera, page: Page) -> None:
    page.get_by_role("link", name="pdf)").click()
    camera.shoot(page, "download-onvolledig")


def every_page(screen: Screen, folder: Path, place: Path) -> None:
    """As `visit-language-width.png`, in the municipality's own colours. A site of its own for each language and width, because a
    citizen may share only so often."""
    for width, language in product(WIDTHS, PICTURED):
        names = [name for name in VISITS if language == DUTCH or name not in DUTCH_ONLY]
        with _stage(place / f"{language}-{width}") as stage:
            stage.language = language
            _shoot(
                screen,
                stage,
                {name: folder / f"{_file(name)}-{language}-{width}.png" for name in names},
                width,
            )


def every_theme(screen: Screen, folder: Path, place: Path) -> None:
    """As `visit-theme-width.png`."""
    for theme in THEMES:
        with _stage(place / theme, theme) as stage:
            for width in WIDTHS:
                files = {name: folder / f"{_file(name)}-{theme}-{width}.png" for name in IN_EVERY_THEME}
                _shoot(screen, stage, files, width)


def _shoot(screen: Screen, stage: Stage, files: dict[str, Path], width: int) -> None:
    screen.page.set_viewport_size({"width": width, "height": 812})
    for name, file in files.items():
        screen.show(stage, name)
        screen.page.screenshot(path=file, full_page=True)


@contextmanager
def _stage(place: Path, theme: str = OWN_THEME) -> Iterator[Stage]:
    stage = make_stage(place, theme)
    yield stage
    stage.close()


def _file(name: str) -> str:
    return name.replace(",", "").replace(" ", "-").replace("'", "")


def without_network(folder: Path) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with tempfile.TemporaryDirectory() as place, chromium() as browser, browser_page(browser) as page:
        screen = Screen(page)
        for name, take in (("pages", every_page), ("themes", every_theme)):
            (folder / name).mkdir(parents=True, exist_ok=True)
            take(screen, folder / name, Path(place) / name)


def from_demo(folder: Path) -> None:
    with (
        tempfile.TemporaryDirectory() as place,
        run_demo(Path(place) / "instance") as demo,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=CHROMIUM_ARGUMENTS
        )
        for width in WIDTHS:
            walk(Camera(browser, demo.url, folder, width))
        browser.close()


def main(folder: Path, images: Path) -> None:
    images.mkdir(parents=True, exist_ok=True)
    without_network(folder)
    from_demo(folder)
    for name, (state, width) in README.items():
        _top_of(folder / f"{state}-{width}.png", images / name)


def _top_of(picture: Path, target: Path) -> None:
    """What somebody sees first: the README shows no whole pages."""
    from PIL import Image

    with Image.open(picture) as whole:
        top = whole.crop((0, 0, whole.width, min(README_HEIGHT, whole.height)))
        top.convert("RGB").quantize(256).save(target, optimize=True)
    if target.stat().st_size >= README_BYTES:
        raise SystemExit(f"{target} is too large for the README: {target.stat().st_size} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
