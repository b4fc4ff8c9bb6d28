"""The snippets of docs/button, letter by letter, on a page of a municipality, and the way from there into the service."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from app.cli.button_snippet import CASE_PLACE, CSS, VARIANTS, Installation
from tests.accessibility.screen import AXE, RULES
from tests.e2e.button_pictures import BACK, OF_THE_DOCS, put_on_site, snippets
from tests.e2e.steps import ANNA, has_sideways_scroll, new_context
from tests.support.demo import RunningDemo

LEAST_PX = 44
IN_THE_DOCS = Installation(
    OF_THE_DOCS, "Gemeente Voorbeeld", "https://www.voorbeeld.nl/schulden", takes_cases=True
)


@pytest.fixture
def page(browser: Browser, demo: RunningDemo) -> Iterator[Page]:
    context = new_context(browser, demo.url, viewport={"width": 320, "height": 640})
    yield context.new_page()
    context.close()


def problems(page: Page) -> list[str]:
    page.evaluate(AXE)
    found = page.evaluate("(tags) => axe.run(document, {runOnly: {type: 'tag', values: tags}})", RULES)
    assert len(found["passes"]) > 5, "axe looked at the page"
    return [f"{one['id']}: {node['html'][:120]}" for one in found["violations"] for node in one["nodes"]]


def test_the_page_of_the_docs_says_what_the_command_prints() -> None:
    made = {name: variant(IN_THE_DOCS) for name, variant in VARIANTS.items()}
    assert snippets() == {"css": CSS, **made}


def test_every_snippet_is_accessible_and_asks_nobody_anything(page: Page, demo: RunningDemo) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for variant in VARIANTS:
        put_on_site(page, variant, demo.url)
        assert problems(page) == [], variant
        assert not has_sideways_scroll(page), variant
        assert page.locator("script").count() == 0
        for link in page.locator(".bk-knop, .bk-talen a").all():
            box = link.bounding_box()
            assert box is not None
            assert box["height"] >= LEAST_PX, variant
            assert box["width"] >= 24, variant
    assert asked == [BACK] * len(VARIANTS)


def test_the_button_shows_where_the_keyboard_is_and_stays_a_button_in_high_contrast(
    page: Page, demo: RunningDemo
) -> None:
    put_on_site(page, "knop", demo.url)
    page.keyboard.press("Tab")
    button = page.locator(".bk-knop")
    expect(button).to_be_focused()
    expect(button).to_have_css("outline-style", "solid")
    expect(button).to_have_css("outline-width", "3px")
    page.emulate_media(forced_colors="active")
    assert button.evaluate("one => getComputedStyle(one).borderTopColor") != "rgba(0, 0, 0, 0)"
    assert problems(page) == []


def test_the_site_chooses_the_colours(page: Page, demo: RunningDemo) -> None:
    put_on_site(page, "knop", demo.url, ":root { --bk-knop-kleur: #14602f; --bk-knop-hoeken: 0; }")
    expect(page.locator(".bk-knop")).to_have_css("background-color", "rgb(20, 96, 47)")
    expect(page.locator(".bk-knop")).to_have_css("border-top-left-radius", "0px")
    assert problems(page) == []


def test_the_button_leads_into_the_service_and_back(page: Page, demo: RunningDemo) -> None:
    put_on_site(page, "uitleg", demo.url)
    page.get_by_role("link", name="English").click()
    page.wait_for_url(f"{demo.url}/?taal=en")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.goto(f"{demo.url}/start?taal=nl&terug={BACK}")
    page.get_by_role("link", name="Terug naar Gemeente Zonnedael").click()
    page.wait_for_url(BACK)
    expect(page.get_by_role("heading", level=1)).to_have_text("Geldzorgen")


def test_a_form_sends_the_number_of_its_case_along(page: Page, demo: RunningDemo) -> None:
    put_on_site(page, "formulier", demo.url)
    page.locator(".bk-knop").evaluate(
        "(one, place) => { one.href = one.href.replace(place, 'Z-2026-17'); }", CASE_PLACE
    )
    with page.expect_popup() as opened:
        page.locator(".bk-knop").click()
    service = opened.value
    expect(service.locator("#zaak")).to_have_text("Zaaknummer: Z-2026-17")
    assert problems(service) == []
    service.get_by_role("main").get_by_role("link", name="Inloggen met DigiD").click()
    service.get_by_role("button", name=ANNA).click()
    service.wait_for_url("**/overzicht")
    expect(service.locator("#zaak")).to_have_text("Zaaknummer: Z-2026-17")
    expect(service.get_by_role("link", name="Terug naar Gemeente Zonnedael")).to_have_attribute("href", BACK)
    assert problems(service) == []
    assert not has_sideways_scroll(service)
    service.get_by_role("button", name="Haal het zaaknummer weg").click()
    expect(service.get_by_role("heading", level=1)).to_have_text("Wat u moet betalen")
    expect(service.locator("#zaak")).to_have_count(0)
