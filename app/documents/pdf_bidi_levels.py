"""Levels of characters: rules W1 to W7, N0 to N2, I1 and I2 of Unicode Standard Annex 9, for one embedding without isolates.

Kinds are those of the Unicode table ("L", "AL", "EN", ...); an isolate inside counts as one neutral character.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

STRONG = frozenset({"L", "R", "AL"})
_NEUTRAL = frozenset({"B", "S", "WS", "ON"})
_CLOSING = {"(": ")", "[": "]", "{": "}"}


def levels(kinds: Sequence[str], characters: Sequence[str], level: int) -> list[int]:
    """The level of each character in an embedding of this level."""
    around = "R" if level % 2 else "L"
    done = _after_latin(_beside_numbers(_between_numbers(_marks(kinds, around))), around)
    _pair_brackets(done, characters, around)
    raised = {"L": 1, "EN": 1, "AN": 1} if level % 2 else {"R": 1, "EN": 2, "AN": 2}
    return [level + raised.get(kind, 0) for kind in _neutrals(done, around)]


def _marks(kinds: Sequence[str], around: str) -> list[str]:
    """W1: marks are as what they stand on; W2: digits behind Arabic letters are Arabic numbers; W3."""
    done: list[str] = []
    strong = around
    for kind in kinds:
        own = (done[-1] if done else around) if kind == "NSM" else kind
        strong = own if own in STRONG else strong
        done.append("AN" if own == "EN" and strong == "AL" else own)
    return ["R" if kind == "AL" else kind for kind in done]


def _between_numbers(kinds: list[str]) -> list[str]:
    """W4: one separator between two numbers of a kind belongs to them."""
    done = list(kinds)
    for index in range(1, len(done) - 1):
        before, own, after = done[index - 1 : index + 2]
        if before == after and (own, before) in {("ES", "EN"), ("CS", "EN"), ("CS", "AN")}:
            done[index] = before
    return done


def _beside_numbers(kinds: list[str]) -> list[str]:
    """W5: signs beside a number belong to it; W6: all others, and separators, are neutral."""
    spans = list(_spans(kinds))
    beside = ["", *(kind for kind, _length in spans), ""]
    done: list[str] = []
    for index, (kind, length) in enumerate(spans):
        is_of_number = kind == "ET" and "EN" in (beside[index], beside[index + 2])
        done += ["EN" if is_of_number else "ON" if kind in ("ES", "ET", "CS") else kind] * length
    return done


def _after_latin(kinds: list[str], around: str) -> list[str]:
    """W7: numbers behind Latin letters are as Latin letters."""
    done, strong = [], around
    for kind in kinds:
        strong = kind if kind in STRONG else strong
        done.append("L" if kind == "EN" and strong == "L" else kind)
    return done


def _pair_brackets(kinds: list[str], characters: Sequence[str], around: str) -> None:
    """N0: both brackets of a pair go the same way, by what they hold and what stands before them."""
    for start, end in _pairs(kinds, characters):
        inside = {_direction(kind) for kind in kinds[start + 1 : end]} - {None}
        if not inside:
            continue
        way = around
        if around not in inside:
            before = (_direction(kind) for kind in reversed(kinds[:start]))
            way = next((kind for kind in before if kind), around)
        kinds[start] = kinds[end] = way


def _pairs(kinds: Sequence[str], characters: Sequence[str]) -> list[tuple[int, int]]:
    """BD16, in the order of their opening."""
    open_ones: list[tuple[str, int]] = []
    found: list[tuple[int, int]] = []
    for index, (kind, character) in enumerate(zip(kinds, characters, strict=True)):
        if kind != "ON":
            continue
        if character in _CLOSING:
            open_ones.append((_CLOSING[character], index))
        place = next(
            (n for n, (awaited, _) in reversed(list(enumerate(open_ones))) if awaited == character), None
        )
        if place is not None:
            found.append((open_ones[place][1], index))
            del open_ones[place:]
    return sorted(found)


def _direction(kind: str) -> str | None:
    """Numbers count as going from right to left here."""
    return "R" if kind in ("R", "EN", "AN") else "L" if kind == "L" else None


def _neutrals(kinds: list[str], around: str) -> list[str]:
    """N1 and N2: what stands between two of one direction goes with them, else with the embedding."""
    spans = [
        (kind, len(list(group))) for kind, group in groupby(kinds, lambda k: "ON" if k in _NEUTRAL else k)
    ]
    ways = [around, *(_direction(kind) for kind, _length in spans), around]
    done: list[str] = []
    for index, (kind, length) in enumerate(spans):
        before, after = ways[index], ways[index + 2]
        between = before if before == after and before else around
        done += [between if kind == "ON" else kind] * length
    return done


def _spans(kinds: Sequence[str]) -> Iterator[tuple[str, int]]:
    return ((kind, len(list(group))) for kind, group in groupby(kinds))
