"""Labels with values: in two columns for the eye, one row per fact for assistive technology."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.documents import pdf_tags
from app.documents.pdf_layout import LEFT, SMALL, SMALL_STRONG, TEXT_WIDTH, Sheet, wrap, wrap_each
from app.documents.pdf_tables import Column, Table, draw_table
from app.documents.pdf_tags import Element

LABEL_WIDTH = 92.0
GAP = 14.0
HALF = (TEXT_WIDTH - GAP) / 2
PADDING = 2.5
KEPT_TOGETHER = 200.0
MOST_LINES = 4  # a longer value gets the whole width


@dataclass(frozen=True, slots=True)
class _Fact:
    label: list[str]
    value: list[str]

    @property
    def height(self) -> float:
        return max(len(self.label), len(self.value)) * SMALL.leading + 2 * PADDING


def draw_facts(sheet: Sheet, parent: Element, summary: str, facts: Sequence[tuple[str, str]]) -> None:
    """Short facts beside each other, two on a line; then the long ones over the whole width."""
    shaped = [(fact, _shape(*fact)) for fact in facts]
    short = [shape for _, shape in shaped if len(shape.value) <= MOST_LINES]
    long = [fact for fact, shape in shaped if len(shape.value) > MOST_LINES]
    pairs = [short[start : start + 2] for start in range(0, len(short), 2)]
    sheet.ensure(min(KEPT_TOGETHER, sum(max(fact.height for fact in pair) for pair in pairs)))
    if short:
        body = parent.add("Table", pdf_tags.summary(summary)).add("TBody")
        for pair in pairs:
            _draw_line(sheet, body, pair)
        sheet.y -= 6.0
    if long:
        columns = (
            Column("", LABEL_WIDTH + 20.0, style=SMALL_STRONG),
            Column("", TEXT_WIDTH - LABEL_WIDTH - 20.0),
        )
        draw_table(sheet, parent, Table(summary, columns, long, has_head=False))


def _shape(label: str, value: str) -> _Fact:
    return _Fact(wrap_each(label, SMALL_STRONG, LABEL_WIDTH), wrap(value, SMALL, HALF - LABEL_WIDTH - 4.0))


def _draw_line(sheet: Sheet, body: Element, facts: list[_Fact]) -> None:
    height = max(fact.height for fact in facts)
    sheet.ensure(height)
    top = sheet.y
    for index, fact in enumerate(facts):
        x = LEFT + index * (HALF + GAP)
        row = body.add("TR")
        sheet.y = top - PADDING
        with sheet.tagged(row.add("TH", pdf_tags.ROW_HEADER)):
            sheet.lines(fact.label, x, SMALL_STRONG)
        sheet.y = top - PADDING
        with sheet.tagged(row.add("TD")):
            sheet.lines(fact.value, x + LABEL_WIDTH + 4.0, SMALL)
    sheet.y = top - height
    sheet.rule(sheet.y)
