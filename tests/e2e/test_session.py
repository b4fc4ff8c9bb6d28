"""A session that ends by itself leaves nothing to look at, and says how to go on."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, Request, expect
from sqlalchemy import select, update

from app.http.session_interface import COOKIE
from app.persistence.engine import open_database
from app.persistence.tables import sessions
from tests.e2e import steps
from tests.e2e.conftest import ABSOLUTE_S, IDLE_S
from tests.support.demo import RunningDemo

WARNING_S = 115  # within the two minutes in which pages warn, and enough for a slow machine


def pass_time(demo: RunningDemo, seconds: float) -> None:
    """As if so much time had gone by since everybody was here last: nobody needs to wait for that."""
    database, ago = open_database(f"sqlite:///{demo.instance.database_file}"), timedelta(seconds=seconds)
    with contextlib.closing(database), database.write() as connection:
        for row in connection.execute(select(sessions)).all():
            moved = {"seen_at": row.seen_at - ago, "created_at": row.created_at - ago}
            own = sessions.c.id_hash == row.id_hash
            connection.execute(update(sessions).where(own).values(moved))


def expect_ended(page: Page) -> None:
    """Says so in plain Dutch, with a way on, and shows nothing of what was there."""
    main = page.get_by_role("main")
    expect(page.get_by_role("heading", level=1)).to_have_text("U bent niet ingelogd")
    expect(main).to_contain_text("Dan hebt u zelf uitgelogd, of het ging vanzelf.")
    expect(main).to_contain_text("Wat wij voor u hadden opgehaald, is gewist.")
    assert not steps.shown_amounts(page)
    assert "Anna" not in page.content()
    main.get_by_role("link", name="Inloggen met DigiD").click()
    expect(page.get_by_role("button", name=steps.ANNA)).to_be_visible()


def test_after_some_time_without_use_the_next_page_says_that_the_session_ended(
    page: Page, demo: RunningDemo
) -> None:
    steps.log_in(page, steps.ANNA)
    assert steps.shown_amounts(page), "or the end of this test shows nothing"
    pass_time(demo, IDLE_S)
    page.reload()
    expect_ended(page)


def test_a_form_on_a_page_that_was_left_open_says_so_too(page: Page, demo: RunningDemo) -> None:
    steps.log_in(page, steps.INEKE)
    pass_time(demo, IDLE_S)
    page.get_by_role("button", name="Vraag het opnieuw").click()
    expect_ended(page)


def test_a_download_after_the_end_gives_no_file_and_going_back_shows_nothing(
    page: Page, demo: RunningDemo
) -> None:
    steps.log_in(page, steps.ANNA)
    pass_time(demo, IDLE_S)
    page.get_by_role("link", name="pdf)").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("U bent niet ingelogd")
    page.go_back()
    assert page.url.endswith("/overzicht")
    expect_ended(page)


def test_use_prolongs_a_session_but_never_beyond_its_absolute_limit(page: Page, demo: RunningDemo) -> None:
    steps.log_in(page, steps.ANNA)
    often = ABSOLUTE_S / 5
    assert often < IDLE_S
    for _ in range(4):
        pass_time(demo, often)
        page.goto("/overzicht")
        assert steps.shown_amounts(page), "it ended while it was in use"
    pass_time(demo, often)
    page.goto("/overzicht")
    expect_ended(page)


def test_a_window_warns_in_time_and_one_press_keeps_you_in(page: Page, demo: RunningDemo) -> None:
    page.clock.install()
    steps.log_in(page, steps.ANNA)
    warning = page.get_by_role("dialog", name="U wordt zo uitgelogd")
    expect(warning).not_to_be_visible()
    pass_time(demo, IDLE_S - WARNING_S)
    page.clock.fast_forward((IDLE_S - WARNING_S) * 1000)
    expect(warning).to_be_visible()
    warning.get_by_role("button", name="Ingelogd blijven").click()
    expect(warning).not_to_be_visible()
    pass_time(demo, IDLE_S - WARNING_S)
    page.reload()
    assert steps.shown_amounts(page), "pressing was in vain"


def test_at_the_end_the_page_goes_away_by_itself(page: Page, demo: RunningDemo) -> None:
    page.clock.install()
    steps.log_in(page, steps.ANNA)
    pass_time(demo, IDLE_S)
    page.clock.fast_forward(IDLE_S * 1000)
    expect_ended(page)


@pytest.fixture
def plain(browser: Browser, demo: RunningDemo) -> Iterator[Page]:
    """A browser without JavaScript, in which Anna is logged in."""
    context = steps.new_context(browser, demo.url, java_script_enabled=False)
    page = context.new_page()
    steps.go_to_digid(page)
    page.get_by_role("button", name=steps.ANNA).click()
    while not page.url.endswith("/overzicht"):
        page.get_by_role("link", name="Bekijk of het klaar is").click()
    yield page
    context.close()


def end_in(demo: RunningDemo, seconds: float) -> None:
    """Every session began so long ago that its absolute end is this near."""
    database = open_database(f"sqlite:///{demo.instance.database_file}")
    began = datetime.now(UTC) - timedelta(seconds=ABSOLUTE_S - seconds)
    with contextlib.closing(database), database.write() as connection:
        connection.execute(update(sessions).values(created_at=began))


def test_without_javascript_the_page_goes_to_the_warning_by_itself(plain: Page, demo: RunningDemo) -> None:
    end_in(demo, 121)  # pages warn two minutes before: that is a second from now, or now on a slow machine
    plain.goto("/overzicht")
    plain.wait_for_url("**/sessie")
    expect(plain.get_by_role("heading", level=1)).to_have_text("U wordt zo uitgelogd")
    assert not steps.shown_amounts(plain)


def test_without_javascript_one_press_keeps_you_in(plain: Page, demo: RunningDemo) -> None:
    pass_time(demo, IDLE_S - WARNING_S)
    plain.goto("/sessie")
    expect(plain.get_by_role("heading", level=1)).to_have_text("U wordt zo uitgelogd")
    plain.get_by_role("button", name="Ingelogd blijven").click()
    plain.wait_for_url("**/overzicht")
    pass_time(demo, IDLE_S - WARNING_S)
    plain.goto("/overzicht")
    assert steps.shown_amounts(plain), "pressing was in vain"


def test_without_javascript_the_warning_goes_away_by_itself_at_the_end(
    plain: Page, demo: RunningDemo
) -> None:
    pass_time(demo, IDLE_S - 2)
    plain.goto("/sessie")
    expect_ended(plain)


def is_in_the_cache(page: Page, path: str) -> bool:
    """Asked in a window of its own, so that only the cache of the browser counts, and not the memory of a page."""
    window = page.context.new_page()
    asked: list[Request] = []
    window.on("request", lambda request: asked.append(request))
    window.goto(path)
    found = "if-none-match" in asked[0].all_headers()
    window.close()
    return found


def test_logging_out_clears_what_the_browser_kept(page: Page) -> None:
    """Clear-Site-Data in a real browser: storage and cache are empty, the cookie is gone, and going back shows nothing."""
    script = "/static/progress.js"  # of no page after logging out
    steps.log_in(page, steps.ANNA)
    page.evaluate("localStorage.setItem('spoor', 'x')")
    assert steps.shown_amounts(page)
    assert not is_in_the_cache(page, script + "?eerst")
    assert is_in_the_cache(page, script + "?eerst"), "or the end of this test says nothing"
    page.goto("/uitloggen")
    page.get_by_role("main").get_by_role("button", name="Uitloggen").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("uitgelogd")
    assert page.evaluate("localStorage.getItem('spoor')") is None
    assert COOKIE not in {cookie.get("name") for cookie in page.context.cookies()}
    assert not is_in_the_cache(page, script + "?eerst")
    for _ in range(2):
        page.go_back()
        assert not steps.shown_amounts(page)
        assert "Anna" not in page.content()


def test_a_citizen_sees_and_ends_a_session_in_another_browser(page: Page, plain: Page) -> None:
    steps.log_in(page, steps.ANNA)
    plain.goto("/mijn-gegevens")
    expect(plain.get_by_role("main")).to_contain_text("Deze sessie.")
    plain.get_by_role("button", name="Stop de sessie van").first.click()
    plain.wait_for_url("**/mijn-gegevens")
    for _ in range(plain.get_by_role("button", name="Stop de sessie van").count()):
        plain.get_by_role("button", name="Stop de sessie van").first.click()
    expect(plain.get_by_role("button", name="Stop de sessie van")).to_have_count(0)
    page.goto("/overzicht")
    expect(page.get_by_role("heading", level=1)).to_have_text("U bent niet ingelogd")
    plain.goto("/overzicht")
    assert steps.shown_amounts(plain)
