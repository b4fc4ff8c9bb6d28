"""The two faces of every PDF, and the rule that no character is ever dropped.

ReportLab leaves out a character that the face lacks without a word, and the result would then be sealed: "Đặng" became
"Đ ng". So every text passes `clean` first.
"""

from __future__ import annotations

import re
import threading
import unicodedata
import zlib
from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from pathlib import Path

from reportlab.lib.rl_accel import escapePDF, fp_str
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.pdfdoc import PDFDocument, PDFTrueTypeFont
from reportlab.pdfbase.ttfonts import TTFont

from app.documents import pdf_arabic, pdf_joining, pdf_script
from app.documents.pdf_bidi import ISOLATES, without_isolates
from app.documents.pdf_objects import array
from app.language import DUTCH, current, direction

FONT_FOLDER = Path(__file__).parent / "fonts"
REGULAR = "NotoSans"
BOLD = "NotoSans-Bold"
_FILES = {REGULAR: "NotoSans-Regular.ttf", BOLD: "NotoSans-Bold.ttf"}
_USUAL = "€•·…–’éëïöüáíóúèàçÉËÏÖ"  # beside ASCII, which is always there
_NOT_ONE_SPACE = re.compile(r"\s\s+|[^\S ]")
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
            font = TTFont(name, str(FONT_FOLDER / file_name))
            font.face.makeSubset = _remembering(font.face.makeSubset)
            pdfmetrics.registerFont(font)


def _remembering(make_subset: Callable[[Iterable[int]], bytes]) -> Callable[[Iterable[int]], bytes]:
    remembered = lru_cache(maxsize=16)(make_subset)
    return lambda codes: remembered(tuple(codes))


@lru_cache(maxsize=32)
def _compressed(content: bytes | str) -> bytes:
    return zlib.compress(content.encode("ascii") if isinstance(content, str) else content)


class _RememberingFlate:
    """A ReportLab stream filter: most documents hold the same two subsets, which need compressing only once."""

    pdfname = "FlateDecode"
    encode = staticmethod(_compressed)


def begin(document: PDFDocument) -> None:
    """Let every document start with the same characters, so that most end up with the same subsets."""
    for name in _FILES:
        pdfmetrics.getFont(name).splitString(_USUAL, document)


def embed(document: PDFDocument) -> None:
    """Put the subsets that this document uses into it."""
    with subset_lock:
        for font in document.delayedFonts:
            font.addObjects(document)
    document.delayedFonts = []
    for name, item in document.idToObject.items():
        if name.startswith("toUnicodeCMap:"):
            item.content = pdf_script.to_letters(item.content)
        if name.startswith(("fontFile:", "toUnicodeCMap:")):
            item.filters = [_RememberingFlate]
        elif isinstance(item, PDFTrueTypeFont):
            item.Widths = _written(tuple(item.Widths.sequence))


@lru_cache(maxsize=32)
def _written(widths: tuple[float, ...]) -> bytes:
    """ReportLab writes one number at a time; most documents have the same ones."""
    return array([fp_str(width).encode("ascii") for width in widths])


@cache
def _covered(direction: str) -> frozenset[str]:
    """Arabic script only where it is joined and runs from right to left; never what shows nothing."""
    register()
    faces = [pdfmetrics.getFont(name).face.charToGlyph for name in _FILES]
    shown = {chr(code) for code in set(faces[0]).intersection(*faces[1:])} - {*pdf_script.ALEFS.values()}
    return frozenset(one for one in shown if direction == "rtl" or not pdf_script.ARABIC.match(one))


def clean(text: str) -> str:
    """NFC, every run of white space one space, without control and format characters (they have no picture).

    Arabic script is joined in a document that runs from right to left, and becomes Latin letters between brackets in others.
    In translated documents isolates stay (`pdf_bidi`).
    A space that must not break (U+00A0) stays. Raises GlyphMissing when a face lacks a character that is left.
    Not remembered between calls: these are citizens' texts.
    """
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip(" ")
    in_script = pdf_joining.joined if direction() == "rtl" else pdf_arabic.in_latin
    kept = frozenset() if current() == DUTCH else ISOLATES
    shown = _tidied(in_script(unicodedata.normalize("NFC", text)), kept)
    covered = _covered(direction())
    for character in shown:
        if character not in covered and character not in kept:
            raise GlyphMissing(character)
    return shown


def plain(text: str) -> str:
    """For what nobody draws (alternatives, bookmarks, titles): tidied as well, letters as people write them."""
    written = text if direction() == "rtl" else pdf_arabic.in_latin(text)
    return _tidied(unicodedata.normalize("NFC", written), frozenset())


def _tidied(text: str, kept: frozenset[str]) -> str:
    spaced = "\xa0".join(_one_space(word) for word in text.split("\xa0")).strip()
    return "".join(c for c in spaced if c in kept or unicodedata.category(c) not in _INVISIBLE)


def _one_space(text: str) -> str:
    return _NOT_ONE_SPACE.sub(" ", text)


def width(text: str, face: str, size: float) -> float:
    """Width in points; isolates have none."""
    shown = text if text.isascii() else without_isolates(text)
    return float(pdfmetrics.stringWidth(shown, face, size))


def show_operators(document: PDFDocument, value: str, face: str, size: float) -> str:
    """What shows this text in a content stream: per subset of the face the choice of font and the encoded characters
    (ISO 32000-1, 9.3.1 and 9.4.3)."""
    font = pdfmetrics.getFont(face)
    return " ".join(
        f"{font.getSubsetInternalName(subset, document)} {fp_str(size)} Tf ({escapePDF(codes)}) Tj"
        for subset, codes in font.splitString(value, document)
    )
