"""All cases, and the short list that `make check` tries."""

from __future__ import annotations

from tests.corpus import (
    archived,
    certificates,
    containers,
    damaged,
    foreign,
    forms,
    genuine,
    hardware,
    jws,
    registered,
    updated,
)
from tests.corpus.case import Case

_MODULES = (
    *(genuine, hardware, registered, archived, damaged, updated),
    *(forms, containers, certificates, jws, foreign),
)
_SLOW = frozenset(
    {
        *("genuine-pdf-fifty-pages", "genuine-json-fifty-pages"),
        *("genuine-pdf-thousand-pages", "genuine-pdf-five-thousand-pages"),
        *("bomb-pdf-flate-once", "bomb-pdf-flate-thrice"),
        *("bomb-pdf-deep-array", "bomb-pdf-long-number", "bomb-pdf-long-name"),
    }
)
HARDWARE = frozenset({"token-pdf", "token-json"})
"""Each starts a program of its own; sealing in a token has tests in `make check` already."""
CASES: tuple[Case, ...] = tuple(case for module in _MODULES for case in module.cases())


def selection() -> tuple[Case, ...]:
    """Every fourth case of each group, and at least one: a third of the time, all subjects."""
    groups: dict[str, list[Case]] = {}
    for case in CASES:
        if case.name not in _SLOW and case.group not in HARDWARE:
            groups.setdefault(case.group, []).append(case)
    return tuple(case for group in groups.values() for case in group[::4])
