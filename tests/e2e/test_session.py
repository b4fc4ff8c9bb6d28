"""A session that ends by itself leaves nothing to look at, and says how to go on."""

from __future__ import annotations

import contextlib
from datetime import timedelta

from playwright.sync_api import Page, expect
from sqlalchemy import select, update

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
    expect(main).to_contain_text("Dan bent u vanzelf uitgelogd.")
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
