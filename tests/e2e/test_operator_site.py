"""What an operator sees of the sources after a citizen's collection, and who may see it."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from simulators.demo.example_app import KEYS
from simulators.digid.citizens import read_citizens
from tests.e2e.steps import INEKE, has_sideways_scroll, log_in, new_context
from tests.support.demo import RunningDemo
from tests.support.waiting import wait_until

PHONE: ViewportSize = {"width": 375, "height": 800}
DESKTOP: ViewportSize = {"width": 1280, "height": 900}
OPERATOR, COLLEAGUE, READER = "Samira Beheer", "Piet Balie", "Rik Lezer"


@pytest.fixture(params=[PHONE, DESKTOP], ids=["phone", "desktop"])
def desk(request: pytest.FixtureRequest, browser: Browser, demo: RunningDemo) -> Iterator[Page]:
    """A browser without JavaScript at the operator site."""
    url = demo.instance.operator_url
    context = new_context(browser, url, viewport=request.param, java_script_enabled=False)
    yield context.new_page()
    context.close()


def enter(desk: Page, name: str) -> None:
    desk.goto("/")
    desk.get_by_role("link", name="Inloggen").click()
    desk.get_by_role("button", name=name).click()


def row(desk: Page, source: str) -> Locator:
    return desk.get_by_role("row").filter(has=desk.get_by_role("link", name=source))


def wait_until_counted(desk: Page, source: str, words: str) -> None:
    """The figures are written within seconds, beside the citizen's page."""

    def is_counted() -> bool:
        if words in row(desk, source).inner_text():
            return True
        desk.get_by_role("link", name="Vernieuwen").click()
        return False

    wait_until(is_counted, f"{source} never says: {words}")


def test_an_operator_sees_the_source_that_failed(page: Page, desk: Page) -> None:
    log_in(page, INEKE)
    enter(desk, OPERATOR)
    expect(desk.get_by_role("heading", level=1)).to_have_text("Bronnen")
    wait_until_counted(desk, "Parkeren", "Laatste vraag mislukt")
    expect(row(desk, "Parkeren")).to_contain_text("niet bereikbaar")
    expect(row(desk, "Werk en Inkomen")).to_contain_text("vorderingen")
    expect(row(desk, "Begraafplaatsen")).to_contain_text("Niet aangesloten")
    expect(desk.get_by_role("row").last).to_contain_text("Begraafplaatsen")

    row(desk, "Parkeren").get_by_role("link").click()
    expect(desk.get_by_role("heading", level=1)).to_contain_text("Parkeren")
    expect(desk.get_by_role("main")).to_contain_text("Hoe vragen afliepen")
    expect(desk.get_by_role("row").filter(has_text="niet bereikbaar").first).to_be_visible()

    shown = desk.content()
    assert not [citizen.bsn for citizen in read_citizens() if citizen.bsn in shown or citizen.name in shown]


def test_the_pages_fit_on_a_phone(browser: Browser, demo: RunningDemo) -> None:
    context = new_context(browser, demo.instance.operator_url, viewport=PHONE)
    desk = context.new_page()
    enter(desk, OPERATOR)
    for address in (
        "/",
        "/bronnen/zonnedael-parkeren",
        "/uitloggen",
        "/bestaat-niet",
        "/apps",
        "/apps/voorbeeld-app/wijzigen",
    ):
        desk.goto(address)
        assert not has_sideways_scroll(desk), address
    context.close()


def test_an_app_is_let_in_mended_and_removed(desk: Page, demo: RunningDemo) -> None:
    enter(desk, OPERATOR)
    desk.get_by_role("link", name="Apps").click()
    desk.get_by_role("link", name="App toevoegen").click()
    name = f"Spaarhulp {(desk.viewport_size or PHONE)['width']}"
    desk.get_by_label("Kenmerk").fill(name.lower().replace(" ", "-"))
    desk.get_by_label("Naam").fill(name)
    desk.get_by_label("Waarvoor").fill("De app helpt u sparen.")
    desk.get_by_label("Adressen om").fill("http://app.example/terug")
    desk.get_by_label("Of kies een bestand").set_input_files(demo.instance.app_folder / KEYS)
    desk.get_by_role("button", name="App toevoegen").click()
    assert not has_sideways_scroll(desk)
    desk.get_by_role("link", name="Dit adres moet beginnen met https://").click()
    expect(desk.get_by_label("Naam")).to_have_value(name)
    desk.get_by_label("Adressen om").fill("https://app.example/terug")
    desk.get_by_role("button", name="App toevoegen").click()
    expect(desk.get_by_role("status")).to_have_text(f"{name} is toegevoegd.")
    desk.get_by_role("link", name=f"Verwijderen van {name}").click()
    desk.get_by_role("button", name=f"Ja, verwijder {name}").click()
    expect(desk.get_by_role("status")).to_have_text(f"{name} is verwijderd.")
    expect(desk.get_by_role("heading", name=name)).to_have_count(0)


def test_who_may_look_changes_nothing(desk: Page) -> None:
    enter(desk, READER)
    desk.goto("/apps")
    expect(desk.get_by_role("heading", name="Voorbeeld-app Schuldhulp")).to_be_visible()
    expect(desk.get_by_role("link", name="Wijzigen")).to_have_count(0)
    desk.goto("/apps/toevoegen")
    expect(desk.get_by_role("heading", level=1)).to_have_text("U mag deze pagina niet zien")


def test_a_colleague_without_the_role_sees_nothing_and_is_named_in_the_log(
    desk: Page, demo: RunningDemo
) -> None:
    enter(desk, COLLEAGUE)
    expect(desk.get_by_role("heading", level=1)).to_have_text("U mag hier niet bij")
    desk.goto("/")
    expect(desk.get_by_role("heading", level=1)).to_have_text("U bent niet ingelogd")
    log = (demo.instance.folder / "logs" / "beheer.log").read_text("utf-8")
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    assert "mw-0932" in {line["operator"] for line in lines if "none of the roles" in line["event"]}


def test_logging_out_closes_the_site(desk: Page) -> None:
    enter(desk, OPERATOR)
    desk.get_by_role("link", name="Uitloggen").click()
    desk.get_by_role("button", name="Uitloggen").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("U bent uitgelogd")
    desk.goto("/")
    expect(desk.get_by_role("heading", level=1)).to_have_text("U bent niet ingelogd")


def test_a_citizen_who_is_logged_in_sees_nothing_here(page: Page, demo: RunningDemo) -> None:
    log_in(page, INEKE)
    page.goto(demo.instance.operator_url)
    expect(page.get_by_role("heading", level=1)).to_have_text("U bent niet ingelogd")
