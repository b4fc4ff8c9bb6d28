"""The progress page in a real browser: filled in by events, and good enough without them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, Route, expect

from simulators.organisations.behaviour import Behaviour
from tests.e2e import steps
from tests.support.demo import RunningDemo

SLOW_SOURCE = "zonnedael-werk-en-inkomen"


@pytest.fixture
def answer_now(demo: RunningDemo) -> Iterator[Callable[[], None]]:
    """One source is silent until this is called."""
    demo.switches.set(SLOW_SOURCE, Behaviour.SLOW)
    yield lambda: demo.switches.set(SLOW_SOURCE, Behaviour.NORMAL)
    demo.switches.set(SLOW_SOURCE, None)


def to_progress(page: Page, name: str) -> None:
    steps.go_to_digid(page)
    page.get_by_role("button", name=name).click()
    page.wait_for_url("**/ophalen/*")


def events(*told: tuple[str, object]) -> str:
    return "".join(f"event: {name}\ndata: {json.dumps(data)}\n\n" for name, data in told)


@pytest.mark.usefixtures("answer_now")
def test_events_fill_in_the_list_and_the_status_without_loading_the_page_again(page: Page) -> None:
    arrived = {
        "bron": SLOW_SOURCE,
        "staat": "Opgehaald (1 rekening)",
        "toon": "success",
        "detail": "Een <b>zin</b>.",
    }
    strange = {**arrived, "staat": "vreemd", "toon": "success evil"}
    body = events(("bron", arrived), ("bron", strange), ("stand", "7 van 7 bronnen hebben geantwoord."))

    def tell(route: Route) -> None:
        route.fulfill(status=200, content_type="text/event-stream", body=body)

    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.route("**/stroom", tell)
    to_progress(page, steps.ANNA)
    item = page.locator(f'[data-source="{SLOW_SOURCE}"]')
    expect(item.locator(".utrecht-status-badge")).to_have_text("Opgehaald (1 rekening)")
    expect(item.locator(".utrecht-status-badge")).to_have_class(
        "utrecht-status-badge utrecht-status-badge--success"
    )
    expect(item.locator(".progress__detail")).to_have_text("Een <b>zin</b>.")  # text, never markup
    expect(page.get_by_role("status")).to_have_text("7 van 7 bronnen hebben geantwoord.")
    expect(page.locator("[data-source]")).to_have_count(8)
    assert problems == []


def test_the_real_stream_goes_on_to_the_overview_by_itself(
    page: Page, answer_now: Callable[[], None]
) -> None:
    streams: list[int] = []
    page.on(
        "response", lambda answer: streams.append(answer.status) if answer.url.endswith("/stroom") else None
    )
    to_progress(page, steps.ANNA)
    expect(page.locator(f'[data-source="{SLOW_SOURCE}"] .utrecht-status-badge')).to_have_text(
        "Wij halen de gegevens op"
    )
    answer_now()
    page.wait_for_url("**/overzicht")
    assert streams == [200]


def test_without_a_place_for_a_stream_the_button_stays_and_the_page_goes_on(
    page: Page, answer_now: Callable[[], None]
) -> None:
    asked: list[str] = []
    loads: list[str] = []

    def refuse(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(status=204)

    page.route("**/stroom", refuse)
    page.on("domcontentloaded", lambda loaded: loads.append(loaded.url))
    to_progress(page, steps.ANNA)
    expect(page.get_by_role("link", name="Bekijk of het klaar is")).to_be_visible()
    answer_now()
    page.wait_for_url("**/overzicht")
    times = len([url for url in loads if "/ophalen/" in url])
    assert 1 <= len(asked) <= times, "the browser does not try again by itself"


def test_a_phone_without_connection_keeps_the_page_until_the_service_can_be_reached(
    page: Page, answer_now: Callable[[], None]
) -> None:
    tries: list[str] = []

    def fail_once(route: Route) -> None:
        if route.request.method == "HEAD":
            tries.append(page.url)
        if len(tries) == 1:
            route.abort("internetdisconnected")
        else:
            route.continue_()

    def finished(route: Route) -> None:
        route.fulfill(status=200, content_type="text/event-stream", body=events(("klaar", {})))

    page.route("**/favicon.svg", fail_once)
    page.route("**/stroom", finished)
    to_progress(page, steps.ANNA)
    answer_now()
    page.wait_for_url("**/overzicht")
    assert len(tries) > 1
    assert "/ophalen/" in tries[1], "the page is still there after a try that failed"
