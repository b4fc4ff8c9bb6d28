"""Bars beside the amounts of a table: a solid part and an outlined one, so that they can be read without colour.

The numbers stand in the table. For who cannot see the bar it says the same in words (ISO 32000-1, 14.9.3).
"""

from __future__ import annotations

from dataclasses import dataclass

from app.documents import pdf_fonts, pdf_tags
from app.documents.pdf_layout import BLUE, Sheet
from app.documents.pdf_tags import Element
from claims.money import ZERO, Money

HEIGHT = 6.0


@dataclass(frozen=True, slots=True)
class Bar:
    """Lengths as parts of the longest bar of a table; `words` tell what it shows."""

    solid: float
    outlined: float
    words: str


def bar(part: Money | None, whole: Money | None, longest: Money, words: str) -> Bar | None:
    """`part` of `whole`; None when there is nothing to draw. A part that is not known is not drawn apart."""
    if whole is None or whole <= ZERO or longest <= ZERO:
        return None
    known = ZERO if part is None else min(max(part, ZERO), whole)
    solid = known.cents / longest.cents
    return Bar(solid, whole.cents / longest.cents - solid, words)


def draw_bar(sheet: Sheet, parent: Element, drawn: Bar, place: tuple[float, float, float]) -> None:
    """`place`: begin, foot and width of the longest bar, in points."""
    begin, foot, width = place
    left = sheet.mirrored(begin, width)
    figure = parent.add(
        "Figure",
        pdf_tags.bounding_box((left, foot, left + width, foot + HEIGHT)),
        pdf_fonts.plain(drawn.words),
    )
    canvas = sheet.canvas
    with sheet.tagged(figure):
        canvas.setFillColorRGB(*BLUE)
        canvas.setStrokeColorRGB(*BLUE)
        canvas.setLineWidth(0.7)
        for start, length, fill in ((0.0, drawn.solid, 1), (drawn.solid, drawn.outlined, 0)):
            if length > 0:
                x = sheet.mirrored(begin + start * width, length * width)
                canvas.rect(x, foot, max(0.7, length * width), HEIGHT, stroke=1, fill=fill)
