"""How a walk of steps is told: a line per step while it goes on, or members of one JSON object at its end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TextIO

from sources.checking.steps import Mark, Step

_SIGNS = {Mark.HOLDS: "✓", Mark.FAILS: "✗", Mark.SKIPPED: "–"}
_PLAIN_SIGNS = {Mark.HOLDS: "v", Mark.FAILS: "x", Mark.SKIPPED: "-"}
_NAME_WIDTH = 27


def told(steps: Iterable[Step], out: TextIO) -> Iterator[Step]:
    """Prints each step as it ends, and passes it on."""
    signs = _SIGNS if _can_write("✓✗–", out) else _PLAIN_SIGNS
    for step in steps:
        print(
            f"{signs[step.found.mark]} {step.name:{_NAME_WIDTH}} {step.found.text}{_time(step)}",
            file=out,
            flush=True,
        )
        if step.found.advice:
            print(f"  Wat te doen: {step.found.advice}", file=out)
        yield step


def as_members(steps: Sequence[Step]) -> dict[str, object]:
    """For programs."""
    failed = next((step.name for step in steps if step.found.mark is Mark.FAILS), None)
    return {
        "alles_goed": failed is None,
        "eerste_fout": failed,
        "stappen": [
            {
                "stap": step.name,
                "uitkomst": step.found.mark.value,
                "tekst": step.found.text,
                "wat_te_doen": step.found.advice,
                "milliseconden": step.milliseconds,
            }
            for step in steps
        ],
    }


def _time(step: Step) -> str:
    return "" if step.found.mark is Mark.SKIPPED else f" ({step.milliseconds} ms)"


def _can_write(text: str, out: TextIO) -> bool:
    try:
        text.encode(out.encoding or "ascii")
    except UnicodeEncodeError:
        return False
    return True
