"""A step of the walk, and the walk itself."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sources.errors import SourceError

NOT_LOOKED_AT = "niet bekeken"
_OUR_BUG = "Dit is een fout in ons programma. Meld hem, met de naam van deze stap."


class Mark(StrEnum):
    """The Dutch words are those of the output for programs."""

    HOLDS = "goed"
    FAILS = "fout"
    SKIPPED = "overgeslagen"


@dataclass(frozen=True, slots=True)
class Found:
    """What one look found: `text` is one Dutch line without content of answers; `advice` only when it fails."""

    mark: Mark
    text: str
    advice: str | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """One thing to look at. `look` raises nothing but a SourceError."""

    name: str
    look: Callable[[], Found]


@dataclass(frozen=True, slots=True)
class Step:
    """How one look went, in whole milliseconds."""

    name: str
    found: Found
    milliseconds: int


def holds(text: str, notes: Sequence[str] = ()) -> Found:
    """`notes` are worth the operator's attention but fail nothing."""
    return Found(Mark.HOLDS, "; let op: ".join([text, *notes]))


def fails(text: str, advice: str) -> Found:
    return Found(Mark.FAILS, text, advice)


def skipped(text: str) -> Found:
    return Found(Mark.SKIPPED, text)


def walk(looks: Iterable[Look]) -> Iterator[Step]:
    """Yield every step as it ends; after the first that fails the others are not looked at. A look is taken from `looks`
    only when the one before it has ended: what comes next may depend on it."""
    failed = False
    for look in looks:
        if failed:
            yield Step(look.name, skipped(NOT_LOOKED_AT), 0)
            continue
        begun = time.monotonic()
        found = _look(look)
        failed = found.mark is Mark.FAILS
        yield Step(look.name, found, round((time.monotonic() - begun) * 1000))


def _look(look: Look) -> Found:
    try:
        return look.look()
    except SourceError as error:
        return fails(str(error), "Kijk de instellingen van deze bron na.")
    except Exception as error:  # noqa: BLE001  a bug of ours; its text may hold anything
        return fails(f"onverwacht: {type(error).__name__}", _OUR_BUG)
