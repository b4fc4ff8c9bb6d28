"""A session that ends by itself leaves nothing to look at, and says how to go on."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e import steps
from tests.support.demo import RunningDemo, run_demo

IDLE_S, ABSOLUTE_S = 10, 40
LIMITS = f"[sessions]\nidle_seconds = {IDLE_S}\nabsolute_seconds = {ABSOLUTE_S}\n"
GIVE_UP_S = 90


@pytest.fixture(scope="module")
def hasty_demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDemo]:
    """A demo with short sessions."""
    folder = tmp_path_factory.mktemp("hasty") / "instance"
    with run_demo(folder, lambda settings: settings + LIMITS) as running:
        yield running


@pytest.fixture
def hasty_page(browser: Browser, hasty_demo: RunningDemo) -> Iterator[Page]:
    context = browser.new_context(base_url=hasty_demo.url, locale="nl-NL")
    context.set_default_timeout(30_000)
    yield context.new_page()
    context.close()


def expect_ended(page: Page) -> None:
    """Says so in plain Dutch, with a way on, and shows nothing of what was there."""
    main = page.get_by_role("main")
    expect(page.get_by_role("heading", level=1)).to_have_text("U bent niet ingelogd")
    expect(main).to_contain_text("Dan bent u vanzelf uitgelogd.")
    expect(main).to_contain_text("Wat wij voor u hadden opgehaald, is gewist.")
    assert not steps.shown_amounts(page)
    assert "Anna" not in page.content()
    main.get_by_role("link", name="Inloggen met DigiD").click()
    expect(page.get_by_role("button", name=steps.ANNA)).to_be_visible()


def test_after_some_time_without_use_the_next_page_says_that_the_session_ended(hasty_page: Page) -> None:
    steps.log_in(hasty_page, steps.ANNA)
    assert steps.shown_amounts(hasty_page), "or the end of this test shows nothing"
    time.sleep(IDLE_S + 1)
    hasty_page.reload()
    expect_ended(hasty_page)


def test_a_form_on_a_page_that_was_left_open_says_so_too(hasty_page: Page) -> None:
    steps.log_in(hasty_page, steps.INEKE)
    time.sleep(IDLE_S + 1)
    hasty_page.get_by_role("button", name="Vraag het opnieuw").click()
    expect_ended(hasty_page)


def test_a_download_after_the_end_gives_no_file_and_going_back_shows_nothing(hasty_page: Page) -> None:
    steps.log_in(hasty_page, steps.ANNA)
    time.sleep(IDLE_S + 1)
    hasty_page.get_by_role("link", name="pdf)").click()
    expect(hasty_page.get_by_role("heading", level=1)).to_have_text("U bent niet ingelogd")
    hasty_page.go_back()
    assert hasty_page.url.endswith("/overzicht")
    expect_ended(hasty_page)


def test_use_prolongs_a_session_but_never_beyond_its_absolute_limit(hasty_page: Page) -> None:
    before_log_in = time.monotonic()
    steps.log_in(hasty_page, steps.ANNA)
    while "U bent niet ingelogd" not in hasty_page.inner_text("h1"):
        assert time.monotonic() - before_log_in < GIVE_UP_S, "the session never ended"
        time.sleep(1)
        hasty_page.goto("/overzicht")
    assert time.monotonic() - before_log_in >= ABSOLUTE_S, "it ended while it was in use"
    expect_ended(hasty_page)
