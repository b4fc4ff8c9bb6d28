"""What of a text from outside can be seen, and what only changes how the text around it reads."""

from __future__ import annotations

import unicodedata

_WITHOUT_PICTURE = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp", "Cs"})
_BLANKS = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
)  # letters and marks that are drawn as nothing
_KEPT = frozenset("\t\n\r")
_JOINERS = frozenset("\u200c\u200d")  # names in Persian, Indian languages and emoji need them
_HIDDEN = {
    code: None
    for code in (*range(0x20), 0x7F, *range(0x80, 0xA0), *range(0x200B, 0x2010), *range(0x202A, 0x202F))
    if chr(code) not in _KEPT | _JOINERS
}
_HIDDEN |= dict.fromkeys((0xAD, 0x061C, 0x180E, 0xFEFF, *range(0x2060, 0x2070), *range(0xFFF9, 0xFFFC)))
_HIDDEN |= dict.fromkeys(range(0xE0000, 0xE0080))  # a whole alphabet without pictures


def is_visible(text: str) -> bool:
    """At least one character has a picture. A name of nothing else would be a claim of nobody."""
    return any(c not in _BLANKS and unicodedata.category(c) not in _WITHOUT_PICTURE for c in text)


def without_hidden(text: str) -> str:
    """Without control characters (but tabs and line ends), marks that turn around the direction of what follows (an
    amount or number beside it would read differently) and characters without a picture, which make one name two."""
    return text if text.isascii() and text.isprintable() else text.translate(_HIDDEN)


def one_line(text: str) -> str:
    """As `without_hidden`, every run of white space and line ends one space: nothing in it can begin a line."""
    return " ".join(without_hidden(" ".join(text.split())).split())
