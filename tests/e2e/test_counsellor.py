"""A citizen shares with an organisation; its counsellor logs in with a real OpenID provider, without JavaScript, and opens it."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.e2e.steps import ANNA, has_sideways_scroll, log_in, new_context
from tests.support.demo import RunningDemo

COUNSELLOR, COLLEAGUE = "Noor Hulpverlener", "Bas Receptie"
HOME = "/voor-hulpverleners/"


def enter(desk: Page, name: str) -> None:
    desk.goto(HOME)
    desk.get_by_role("link", name="Inloggen bij").click()
    desk.get_by_role("button", name=name).click()


def test_a_counsellor_finds_what_was_shared_and_the_citizen_sees_who_opened_it(
    page: Page, browser: Browser, demo: RunningDemo
) -> None:
    log_in(page, ANNA)
    page.goto("/delen")
    page.get_by_role("link", name="Delen met Stadsbank Voorbeeldstad").click()
    page.get_by_label("Hoe kent").fill("Dossier 12")
    assert not has_sideways_scroll(page)
    page.get_by_role("button", name="Ja, deel met").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("gedeeld met Stadsbank")

    context = new_context(
        browser, demo.url, viewport={"width": 375, "height": 800}, java_script_enabled=False
    )
    desk = context.new_page()
    enter(desk, COLLEAGUE)
    expect(desk.get_by_role("heading", level=1)).to_have_text("U mag hier niet bij")
    enter(desk, COUNSELLOR)
    assert not has_sideways_scroll(desk)
    desk.get_by_role("button", name="Openen van Dossier 12").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Dit overzicht is echt")
    assert not has_sideways_scroll(desk)
    with desk.expect_download() as download:
        desk.get_by_role("button", name="Overzicht (pdf)").click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF")
    desk.goto("/overzicht")
    expect(desk.get_by_role("heading", level=1)).to_have_text("U bent niet ingelogd")
    context.close()

    page.goto("/delen")
    expect(page.get_by_role("main")).to_contain_text(f"{COUNSELLOR}, Stadsbank Voorbeeldstad")
    page.get_by_role("button", name="Stop met delen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Het delen is gestopt")
