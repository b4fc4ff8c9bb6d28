"""Say of each theme whether its colours can be told apart, and which two are closest to the limit."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from app.http.theme import pairs
from app.settings.theme import load_theme, readable_brand_for


def check(files: Sequence[Path]) -> int:
    """0: the service can use all of them; 1: it would not start with one of them."""
    return max([_check(file) for file in files])


def _check(file: Path) -> int:
    try:
        colours = load_theme(file).colours
    except ValueError as error:
        sys.stderr.write("\n  ".join(str(error).split("; ")) + "\n")
        _suggest(file)
        return 1
    measured = list(pairs(colours))
    tightest = min(measured, key=lambda pair: pair.measured / pair.needed)
    print(f"{file}: good, {len(measured)} pairs of colours. Closest to its limit: {tightest.words}")
    return 0


def _suggest(file: Path) -> None:
    if brand := readable_brand_for(file):
        sys.stderr.write(f'With the same colour, but darker, it would pass: brand = "{brand}"\n')
