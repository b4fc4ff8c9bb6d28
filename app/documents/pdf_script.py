"""Text that runs from right to left, shown: joined forms from left to right, each code leading back to its own letter.

Other programs turn such text around, letter by letter, when they copy it, so every code stands for one letter: lam with alef is
the picture of both, and a picture without ink or width beside it stands for the alef (`fonts/README.md`).
"""

from __future__ import annotations

import re
from functools import lru_cache

from app.documents.pdf_joining import letters_of

ALEFS = {alef: chr(0xE000 + index) for index, alef in enumerate("\u0622\u0623\u0625\u0627")}
"""Of each alef the character in our fonts that shows nothing."""
ARABIC = re.compile("[\u0600-\u06ff\ufb50-\ufdff\ufe70-\ufefc]")
_WITHOUT_INK = {picture: alef for alef, picture in ALEFS.items()}
_ENTRY = re.compile("(<[0-9A-F]+>) <([0-9A-F]{4})>")


def from_left(text: str) -> str:
    """The characters in the order in which they stand on the page."""
    return "".join(map(_shown, reversed(text)))


def _shown(character: str) -> str:
    return ALEFS.get(letters_of(character)[1:], "") + character


@lru_cache(maxsize=32)
def to_letters(table: str) -> str:
    """A table from codes to characters (ISO 32000-1, 9.10.3) with letters for joined forms."""
    return _ENTRY.sub(lambda entry: f"{entry[1]} <{ord(_letter(chr(int(entry[2], 16)))):04X}>", table)


def _letter(character: str) -> str:
    return _WITHOUT_INK.get(character) or letters_of(character)[0]
