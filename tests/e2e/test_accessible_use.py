"""Use without a mouse, with big letters, other colours, less movement: what axe cannot see, on pages as a browser shows them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page, Route
from werkzeug.test import TestResponse

from tests.accessibility.screen import Screen, browser_page
from tests.accessibility.stage import Stage, make_stage
from tests.accessibility.visits import VISITS
from tests.e2e.steps import has_sideways_scroll

# One of each kind: plain text, long list, forms, tables, codes, verdicts, and the sites of professionals.
KINDS = (
    "start",
    "overview",
    "report, nothing chosen",
    "shared now",
    "verify",
    "counsellor's desk",
    "consent",
    "operator, sources",
)
FOCUSABLE = "a[href], button, input:not([type=hidden]), select, textarea:not([hidden]), summary"
# What has the focus, where it is drawn, and whether somebody sees that it is there.
FOCUSED = """() => {
  const one = document.activeElement, style = getComputedStyle(one), box = one.getBoundingClientRect()
  const at = document.elementFromPoint(box.x + box.width / 2, Math.min(Math.max(box.y + box.height / 2, 0), innerHeight - 1))
  return {
    place: [...document.querySelectorAll('FOCUSABLE')].indexOf(one), name: one.outerHTML.slice(0, 120),
    outline: style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth),
    covered: !(at && (one === at || one.contains(at) || at.contains(one))),
  }
}""".replace("FOCUSABLE", FOCUSABLE)
SEEN = """() => [...document.querySelectorAll('FOCUSABLE')].map((one, place) => [one, place])
  .filter(([one]) => one.checkVisibility() && !one.closest('dialog:not([open])') && !(one.type === 'radio' && one.name &&
    (one.form.querySelector(`[name="${one.name}"]:checked`) || one.form.querySelector(`[name="${one.name}"]`)) !== one))
  .map(([one, place]) => place)""".replace("FOCUSABLE", FOCUSABLE)
# What the page itself may not do by its policy, a visitor's own style may.
ADD_STYLE = (
    "(css) => { const own = new CSSStyleSheet(); own.replaceSync(css); document.adoptedStyleSheets = [own] }"
)
LISTEN = """() => {
  const status = document.querySelector('[role=status]')
  window.heard = []
  const listen = new MutationObserver(() => window.heard.push(status.textContent))
  listen.observe(status, {childList: true, subtree: true, characterData: true})
}"""
# Boxes that cut off their own text. Text for screen readers only, and lines that a browser draws itself, are no loss.
CUT_OFF = """() => [...document.querySelectorAll('main *, header *, footer *')].filter((one) => {
  const style = getComputedStyle(one)
  return one.innerText && !one.closest('.visually-hidden, svg, select, textarea') && style.overflow !== 'visible'
    && (one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1)
}).map((one) => one.outerHTML.slice(0, 120))"""
TEXT_SIZES = """() => [...document.querySelectorAll('main p, main h1, main a')].map(
  (one) => parseFloat(getComputedStyle(one).fontSize))"""
MOVING = """() => [...document.querySelectorAll('*')].filter((one) => {
  const style = getComputedStyle(one)
  return style.animationName !== 'none' || style.transitionDuration.split(',').some((one) => parseFloat(one) > 0)
    || style.scrollBehavior === 'smooth'
}).length"""
# Everything that a browser paints flat in forced colours and that must still be seen as a thing.
SHAPELESS = """() => [...document.querySelectorAll('.nl-button, .utrecht-textbox, .utrecht-alert')].filter((one) => {
  const style = getComputedStyle(one)
  return one.checkVisibility() && ['Top', 'Right', 'Bottom', 'Left'].some((side) =>
    style[`border${side}Style`] === 'none' || parseFloat(style[`border${side}Width`]) < 1
      || style[`border${side}Color`] === style.backgroundColor)
}).map((one) => one.outerHTML.slice(0, 120))"""

SMALL = """() => [...document.querySelectorAll('FOCUSABLE')].filter((one) => {
  const box = one.getBoundingClientRect(), inline = getComputedStyle(one).display === 'inline'
  return one.checkVisibility() && !one.closest('.nl-skip-link, dialog:not([open])') && !inline
    && (box.width < 24 || box.height < 24)
}).map((one) => one.outerHTML.slice(0, 120))""".replace("FOCUSABLE", FOCUSABLE)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    made = make_stage(tmp_path_factory.mktemp("stage"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def screen(browser: Browser) -> Iterator[Screen]:
    with browser_page(browser, width=640) as page:
        yield Screen(page)


@dataclass(frozen=True)
class Pages:
    """Every kind of page, asked once and shown as often as a test wants."""

    screen: Screen
    stage: Stage
    answers: dict[tuple[str, str], TestResponse]

    @property
    def page(self) -> Page:
        return self.screen.page

    def show(self, name: str, language: str = "nl") -> None:
        self.stage.language = language
        if (name, language) not in self.answers:
            self.answers[name, language] = VISITS[name](self.stage)
        self.screen.show_answer(self.answers[name, language], self.stage)


@pytest.fixture(scope="module")
def answers() -> dict[tuple[str, str], TestResponse]:
    return {}


@pytest.fixture
def pages(screen: Screen, stage: Stage, answers: dict[tuple[str, str], TestResponse]) -> Iterator[Pages]:
    yield Pages(screen, stage, answers)
    screen.page.emulate_media(forced_colors="none", reduced_motion="no-preference")
    screen.page.set_viewport_size({"width": 640, "height": 640})


def focused(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate(FOCUSED)
    return found


@pytest.mark.parametrize("language", ["nl", "ar"])
def test_the_keyboard_reaches_everything_in_order_and_one_sees_where_it_is(
    pages: Pages, language: str
) -> None:
    for name in KINDS if language == "nl" else KINDS[:3]:
        pages.show(name, language)
        expected = pages.page.evaluate(SEEN)
        assert len(expected) > 3
        reached = []
        for _ in expected:
            pages.page.keyboard.press("Tab")
            found = focused(pages.page)
            reached.append(found["place"])
            assert found["outline"] >= 2, (name, found)
            assert not found["covered"], (name, found)
        assert reached == expected, name


def test_the_skip_link_comes_first_and_leads_to_the_content(pages: Pages) -> None:
    pages.show("overview")
    pages.page.keyboard.press("Tab")
    assert "nl-skip-link" in focused(pages.page)["name"]
    pages.page.keyboard.press("Enter")
    assert pages.page.evaluate("document.activeElement.id") == "inhoud"


def test_text_of_twice_the_size_loses_nothing(pages: Pages) -> None:
    """WCAG 2.2, 1.4.4: the letters only, as a browser enlarges them, on half a screen."""
    for name in KINDS:
        pages.show(name)
        before = pages.page.evaluate(TEXT_SIZES)
        pages.page.evaluate("document.documentElement.style.fontSize = '200%'")
        after = pages.page.evaluate(TEXT_SIZES)
        assert all(big > 1.9 * small for small, big in zip(before, after, strict=True)), name
        assert not has_sideways_scroll(pages.page), name
        assert pages.page.evaluate(CUT_OFF) == [], name


def test_letters_and_lines_further_apart_lose_nothing(pages: Pages) -> None:
    """WCAG 2.2, 1.4.12, with the numbers that stand there."""
    spaced = (
        "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }"
        " p { margin-block-end: 2em !important }"
    )
    for name in KINDS:
        pages.show(name)
        pages.page.evaluate(ADD_STYLE, spaced)
        assert not has_sideways_scroll(pages.page), name
        assert pages.page.evaluate(CUT_OFF) == [], name


def test_nothing_moves_for_who_wants_less_movement(pages: Pages) -> None:
    moved = {}
    preferences: tuple[Literal["no-preference", "reduce"], ...] = ("no-preference", "reduce")
    for name in (*KINDS, "progress"):
        pages.show(name)
        for preference in preferences:
            pages.page.emulate_media(reduced_motion=preference)
            moved[preference, name] = pages.page.evaluate(MOVING)
    assert any(count for (preference, _), count in moved.items() if preference == "no-preference")
    assert not any(count for (preference, _), count in moved.items() if preference == "reduce"), moved


def test_buttons_fields_and_alerts_keep_a_shape_in_the_colours_of_the_device(pages: Pages) -> None:
    pages.page.emulate_media(forced_colors="active")
    for name in KINDS:
        pages.show(name)
        assert pages.page.evaluate("matchMedia('(forced-colors: active)').matches")
        assert pages.page.evaluate(SHAPELESS) == [], name


def test_progress_is_told_once_for_each_step(pages: Pages) -> None:
    """WCAG 2.2, 4.1.3: a screen reader says each change of a status, so nothing is said twice."""
    steps = ["1 van 3 bronnen heeft geantwoord.", "2 van 3 bronnen hebben geantwoord."]
    told = [steps[0], steps[0], steps[1], steps[1]]
    streams: list[Route] = []
    pages.page.route("**/stroom", lambda route: streams.append(route))
    with pages.page.expect_request("**/stroom"):
        pages.show("progress")
    pages.page.evaluate(LISTEN)
    body = "".join(f"event: stand\ndata: {json.dumps(one)}\n\n" for one in told)
    streams[0].fulfill(status=200, content_type="text/event-stream", body=body)
    pages.page.wait_for_function("(last) => window.heard.includes(last)", arg=steps[1])
    pages.page.unroute("**/stroom")
    assert pages.page.evaluate("window.heard") == steps


def test_these_rulers_find_what_is_wrong(screen: Screen) -> None:
    bad = """<!doctype html><title>x</title>
      <style>
        button { border: 0; padding: 0; width: 9px }
        :focus { outline: none }
        p { height: 1em; overflow: hidden }
        .nl-button { transition: color 1s }
      </style>
      <main><button class="nl-button">a</button><p>een<br>twee</p></main>"""
    screen.show_text(bad)
    page = screen.page
    page.keyboard.press("Tab")
    assert focused(page)["outline"] == 0
    assert len(page.evaluate(CUT_OFF)) == 1
    assert page.evaluate(MOVING) == 1
    assert len(page.evaluate(SHAPELESS)) == 1
    assert len(page.evaluate(SMALL)) == 1


def test_at_twice_the_zoom_nothing_needs_a_mouse_to_hover(pages: Pages) -> None:
    """WCAG 2.2, 1.4.13 and 2.5.3: no text that appears only under a pointer, no name that differs from what is read."""
    for name in KINDS:
        pages.show(name)
        assert pages.page.locator("[title]:not(iframe), [aria-haspopup]").count() == 0, name


@pytest.mark.parametrize("width", [320, 1280])
def test_a_finger_hits_every_target(pages: Pages, width: int) -> None:
    """WCAG 2.2, 2.5.8: 24 by 24 px, but for links inside a sentence. Axe counts the space around as well; this does not."""
    pages.page.set_viewport_size({"width": width, "height": 640})
    found = {}
    for name in KINDS:
        pages.show(name)
        found[name] = pages.page.evaluate(SMALL)
    assert not any(found.values()), found
