"""In which order the characters of one line stand on the page: Unicode Standard Annex 9, with the marks that we write ourselves.

Isolates set apart what keeps its own direction: U+2068 a value in a line of ours (`app.language.isolated`), U+2066 Dutch
words in a document of another language (`app.documents.pdf_words`); both end with U+2069. Older marks of direction never get
here: `pdf_fonts.clean` takes them out.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from app.documents.pdf_bidi_levels import STRONG, levels

DUTCH_BEGINS, VALUE_BEGINS, END = "\u2066", "\u2068", "\u2069"
ISOLATES = frozenset({DUTCH_BEGINS, VALUE_BEGINS, END})
_WITHOUT_ISOLATES = dict.fromkeys(map(ord, ISOLATES))
_MIRRORED = str.maketrans("()[]{}<>«»‹›", ")(][}{><»«›‹")


@dataclass(frozen=True, slots=True)
class Run:
    """Characters of one direction, in the order of reading; runs stand on the page from left to right."""

    text: str
    from_right: bool
    is_dutch: bool


def without_isolates(text: str) -> str:
    """Only what has a picture."""
    return text.translate(_WITHOUT_ISOLATES)


def runs(line: str, *, from_right: bool) -> list[Run]:
    """The line as it stands on the page, in a paragraph of this direction."""
    placed = list(_placed(line, int(from_right), is_dutch=False))
    ordered = _reordered(_with_plain_end(placed, int(from_right)))
    shown = groupby(ordered, key=lambda one: (one.level % 2 == 1, one.is_dutch))
    return [_run("".join(one.character for one in group), *kind) for kind, group in shown]


def _run(characters: str, from_right: bool, is_dutch: bool) -> Run:
    """Reordering has turned around what runs from right to left."""
    text = characters[::-1].translate(_MIRRORED) if from_right else characters
    return Run(text, from_right, is_dutch)


def balanced(lines: list[str]) -> list[str]:
    """What a line break has cut is closed at the end of the line and opened again on the next."""
    done, open_ones = [], ""
    for line in lines:
        whole = open_ones + line
        for character in line:
            if character == END:
                open_ones = open_ones[:-1]
            elif character in ISOLATES:
                open_ones += character
        done.append(whole + END * len(open_ones))
    return done


@dataclass(frozen=True, slots=True)
class _Placed:
    """One character with its level: odd ones run from right to left. Of an isolate the begin and the end stand here too, without
    a character: they keep neighbours apart."""

    character: str
    level: int
    is_dutch: bool


@dataclass(frozen=True, slots=True)
class _Isolate:
    opener: str
    content: str


def _placed(text: str, level: int, *, is_dutch: bool) -> Iterator[_Placed]:
    parts = list(_parts(text))
    characters = [part if isinstance(part, str) else "" for part in parts]
    kinds = [unicodedata.bidirectional(character) if character else "ON" for character in characters]
    for part, own in zip(parts, levels(kinds, characters, level), strict=True):
        if isinstance(part, str):
            yield _Placed(part, own, is_dutch)
        else:
            turns = part.opener == VALUE_BEGINS and starts_from_right(part.content)
            inner = level + 1 if (level + 1) % 2 == turns else level + 2
            yield _Placed("", own, is_dutch)
            yield from _placed(part.content, inner, is_dutch=is_dutch or part.opener == DUTCH_BEGINS)
            yield _Placed("", own, is_dutch)


def _parts(text: str) -> Iterator[str | _Isolate]:
    """Characters, and isolates as a whole; one that is not closed reaches to the end, an end without a begin is nothing."""
    start = depth = 0
    for index, character in enumerate(text):
        if character == END:
            if depth == 1:
                yield _Isolate(text[start], text[start + 1 : index])
            depth = max(0, depth - 1)
        elif character in ISOLATES:
            start, depth = (start if depth else index), depth + 1
        elif depth == 0:
            yield character
    if depth:
        yield _Isolate(text[start], text[start + 1 :])


def starts_from_right(text: str) -> bool:
    """By the first strong character outside isolates (P2, P3)."""
    letters = (part for part in _parts(text) if isinstance(part, str))
    kinds = (unicodedata.bidirectional(letter) for letter in letters)
    return next((kind for kind in kinds if kind in STRONG), "L") != "L"


def has_own_script(text: str) -> bool:
    """Whether any of it, outside isolates, runs from right to left."""
    return any(
        unicodedata.bidirectional(part) in ("R", "AL") for part in _parts(text) if isinstance(part, str)
    )


def _with_plain_end(placed: list[_Placed], level: int) -> list[_Placed]:
    """L1: white space at the end of a line stands at the end of the line."""
    end = len(placed)
    while end and not placed[end - 1].character.strip():
        end -= 1
    return [*placed[:end], *(replace(one, level=level) for one in placed[end:])]


def _reordered(placed: list[_Placed]) -> list[_Placed]:
    """L2: from the highest level down to the lowest odd one, turn around what has that level or more."""
    done = list(placed)
    for level in range(max((one.level for one in done), default=0), 0, -1):
        turned: list[_Placed] = []
        for is_turned, group in groupby(done, key=lambda one: one.level >= level):
            span = list(group)
            turned += reversed(span) if is_turned else span
        done = turned
    return done
