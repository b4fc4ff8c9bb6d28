"""One demo for all journeys, and a browser."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.e2e.steps import BROWSER_MS, new_context
from tests.support.demo import RunningDemo, run_demo

expect.set_options(timeout=BROWSER_MS)

CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


# Shorter than what holds without settings.
IDLE_S, ABSOLUTE_S = 600, 2400
LIMITS = f"""
[sessions]
idle_seconds = {IDLE_S}
absolute_seconds = {ABSOLUTE_S}
[times]
show_after_seconds = 28
"""


@pytest.fixture(scope="package")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDemo]:
    with run_demo(tmp_path_factory.mktemp("demo") / "instance", lambda text: text + LIMITS) as running:
        yield running


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=CHROMIUM_ARGUMENTS
        )
        yield browser
        browser.close()


@pytest.fixture
def context(browser: Browser, demo: RunningDemo) -> Iterator[BrowserContext]:
    context = new_context(browser, demo.url, viewport={"width": 375, "height": 800})
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture
def downloads(tmp_path: Path) -> Path:
    return tmp_path
