"""The two faces of every PDF, and the rule that no character is ever dropped.

ReportLab leaves out a character that the face lacks without a word, and the result would then be sealed: "Đặng" became
"Đ ng". So every text passes `clean` first.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from functools import cache, lru_cache
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

FONT_FOLDER = Path(__file__).parent / "fonts"
REGULAR = "NotoSans"
BOLD = "NotoSans-Bold"
_FILES = {REGULAR: "NotoSans-Regular.ttf", BOLD: "NotoSans-Bold.ttf"}
_INVISIBLE = frozenset({"Cc", "Cf"})

subset_lock = threading.Lock()
"""ReportLab's font reader keeps a position in the font file: cutting subsets from two threads at once would mix them."""


class GlyphMissing(ValueError):
    """A text holds a character that the fonts lack. The message names the code point, never the text."""

    def __init__(self, character: str) -> None:
        super().__init__(f"no glyph for U+{ord(character):04X}")


@cache
def register() -> None:
    """Load the faces once per process."""
    with subset_lock:
        for name, file_name in _FILES.items():
            pdfmetrics.registerFont(TTFont(name, str(FONT_FOLDER / file_name)))


@cache
def _covered() -> frozenset[str]:
    register()
    faces = [pdfmetrics.getFont(name).face.charToGlyph for name in _FILES]
    return frozenset(chr(code) for code in set(faces[0]).intersection(*faces[1:]))


@lru_cache(maxsize=4096)
def clean(text: str) -> str:
    """NFC, every run of white space one space, without control and format characters (they have no picture).

    A space that must not break (U+00A0) stays. Raises GlyphMissing when a face lacks a character that is left.
    """
    words = unicodedata.normalize("NFC", text).split("\xa0")
    spaced = "\xa0".join(_one_space(word) for word in words).strip()
    shown = "".join(c for c in spaced if unicodedata.category(c) not in _INVISIBLE)
    for character in shown:
        if character not in _covered():
            raise GlyphMissing(character)
    return shown


def _one_space(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def width(text: str, face: str, size: float) -> float:
    """Width in points."""
    return float(pdfmetrics.stringWidth(text, face, size))
