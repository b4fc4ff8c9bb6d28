"""Every page of every site on a small phone, judged by axe (WCAG 2.2 A and AA, best practices); and nothing scrolls sideways.

Pairs of language, theme and state here, all combinations in `make exhaustive` (`python -m tests.accessibility`). The pages
come from the real sites without a network: what the browser asks is answered in this process.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations as couples
from itertools import groupby
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from app.http.page_text import TEMPLATES
from app.language import DUTCH, LANGUAGES
from tests.accessibility import looks
from tests.accessibility.screen import AXE, Screen, browser_page
from tests.accessibility.stage import STATES, THEMES, make_stage
from tests.accessibility.visits import UNTHEMED, VISITS, WITH_STATES
from tests.e2e.steps import has_sideways_scroll

# Frames, and parts of pages.
NO_PAGES = {"counsel/base.html", "operator/base.html", "operator/parts.html", "operator/error_reports.html"}


@pytest.fixture(scope="module")
def screen(browser: Browser) -> Iterator[Screen]:
    with browser_page(browser) as page:
        yield Screen(page)


def test_no_page_has_a_fault_that_axe_knows(screen: Screen, tmp_path: Path) -> None:
    found, seen = {}, set[str]()
    for theme, looked in groupby(looks.pairs(), key=lambda look: look.theme):
        stage = make_stage(tmp_path / theme, theme)
        for look in looked:
            stage.language, stage.state = look.language, look.state
            screen.show(stage, look.visit)
            found[look] = screen.problems(look.visit)
        stage.close()
        seen |= stage.seen
    assert {look: problems for look, problems in found.items() if problems} == {}
    assert templates_of_pages() - seen == NO_PAGES, "every template was judged"


def templates_of_pages() -> set[str]:
    folders = ("pages", "operator", "counsel")
    return {f"{folder}/{file.name}" for folder in folders for file in (TEMPLATES / folder).glob("*.html")}


def test_every_pair_of_language_theme_and_state_is_looked_at() -> None:
    stated = [look for look in looks.pairs() if look.visit in WITH_STATES]
    for one, other in couples(("language", "theme", "state"), 2):
        values = {"language": LANGUAGES, "theme": THEMES, "state": STATES}
        pairs = {(getattr(look, one), getattr(look, other)) for look in stated}
        assert len(pairs) == len(values[one]) * len(values[other]), (one, other)
    assert {look.visit for look in looks.pairs()} == set(VISITS)


def test_all_combinations_hold_every_page_in_every_language_and_theme() -> None:
    every = list(looks.combinations())
    assert set(every) >= set(looks.pairs()) - {
        look for look in looks.pairs() if look.visit in UNTHEMED and look.theme != "eigen"
    }
    assert sum(look.visit == "overview" for look in every) == len(LANGUAGES) * len(THEMES) * len(STATES)
    assert {look.language for look in every if look.visit == "consent"} == set(LANGUAGES)
    assert {look.language for look in every if look.visit == "counsel, list"} == {DUTCH}


def test_axe_finds_what_is_wrong(screen: Screen) -> None:
    """A judge that says yes to everything proves nothing."""
    bad = (
        "<!doctype html><title>x</title><p style='color:#999'>grijs</p><img src='x'><input>"
        "<button style='width:9px;height:9px;padding:0'>a</button><button style='width:9px;height:9px;padding:0'>b</button>"
        "<div style='width:900px'>x</div>"
    )
    screen.show_text(bad)
    page = screen.page
    page.evaluate(AXE)
    tags = ["wcag2a", "wcag2aa", "wcag22aa"]
    found = page.evaluate("(tags) => axe.run(document, {runOnly: {type: 'tag', values: tags}})", tags)
    assert {"color-contrast", "html-has-lang", "image-alt", "label", "target-size"} <= {
        one["id"] for one in found["violations"]
    }
    assert has_sideways_scroll(page)
