"""Which page in which language, theme and state: every pair of them, or all combinations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from app.language import DUTCH, LANGUAGES
from tests.accessibility.stage import STATES, THEMES
from tests.accessibility.visits import DUTCH_ONLY, UNTHEMED, VISITS, WITH_STATES


@dataclass(frozen=True, slots=True, order=True)
class Look:
    theme: str
    language: str
    state: str
    visit: str


def pairs() -> tuple[Look, ...]:
    """Every pair of language, theme and state on the overview; every other page once, dealt over languages and themes."""
    latin = [
        (theme, language, state)
        for (at, language), (down, state) in product(enumerate(LANGUAGES), enumerate(STATES))
        for theme in [list(THEMES)[(at + down) % len(THEMES)]]
    ]
    stated = [Look(*one, WITH_STATES[at % 2]) for at, one in enumerate(latin)]
    others = [name for name in VISITS if name not in WITH_STATES]
    dealt = [
        Look(theme, DUTCH if name in DUTCH_ONLY else language, "full", name)
        for at, name in enumerate(others)
        for theme, language, _state in [latin[(at * 5) % len(latin)]]
    ]
    return tuple(sorted([*stated, *dealt]))


def combinations() -> Iterator[Look]:
    """All, without those that only repeat: a site in one language or without a theme, a page without states."""
    for theme, language, name in product(THEMES, LANGUAGES, VISITS):
        if name in UNTHEMED and theme != next(iter(THEMES)):
            continue
        if name in DUTCH_ONLY and language != DUTCH:
            continue
        for state in STATES if name in WITH_STATES else ("full",):
            yield Look(theme, language, state, name)
