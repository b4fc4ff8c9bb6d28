"""Arabic letters in the form that their place in a word asks, and back (Unicode 16, 9.2: cursive joining).

The joined forms have code points of their own, so that one string still is what is measured, broken and drawn. Which form a
letter has at the begin, in the middle and at the end, and whether it joins at all, is read from Python's table of characters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import chain

_FORMS = chain(range(0xFB50, 0xFBB2), range(0xFBD3, 0xFBEA), range(0xFBFC, 0xFC00), range(0xFE80, 0xFEFD))
_PLACES = {
    (False, False): "isolated",
    (False, True): "initial",
    (True, True): "medial",
    (True, False): "final",
}
_TATWEEL = "\u0640"  # a stroke that joins on both sides
_RUN = re.compile("[\u0600-\u06ff\ufb50-\ufdff\ufe70-\ufefc]+")
_UNIT = re.compile("(\u0644[\u0622\u0623\u0625\u0627]|.)([\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc]*)")


def _forms() -> Iterator[tuple[str, str, str]]:
    """Letters, their place, and the character that shows them there. Lam with alef is one character for two letters."""
    for code in _FORMS:
        place, *parts = unicodedata.decomposition(chr(code)).split()
        yield "".join(chr(int(part, 16)) for part in parts), place.strip("<>"), chr(code)


_ALL = tuple(_forms())
_SHOWN = {(letters, place): form for letters, place, form in _ALL}
_LETTERS = {form: letters for letters, _place, form in _ALL}


def joined(text: str) -> str:
    """Every run of Arabic script in joined forms, in the order of reading; the rest as it was."""
    return _RUN.sub(lambda run: _join(unicodedata.normalize("NFKC", run[0])), text)


def letters_of(form: str) -> str:
    """What a character that `joined` gave stands for."""
    return _LETTERS.get(form, form)


def _join(run: str) -> str:
    units, shown, before = _UNIT.findall(run), [], False
    for (letters, marks), (following, _marks) in zip(units, [*units[1:], ("", "")], strict=True):
        after = _joins(letters, "initial") and _joins(following, "final")
        shown.append(_SHOWN.get((letters, _PLACES[before, after]), letters) + marks)
        before = after
    return "".join(shown)


def _joins(letters: str, place: str) -> bool:
    return letters == _TATWEEL or (letters, place) in _SHOWN
