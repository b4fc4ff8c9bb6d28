"""Tables that break over pages: the head is repeated as decoration, a row that does not fit continues."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from app.documents import pdf_fonts, pdf_tags
from app.documents.pdf_bars import Bar, draw_bar
from app.documents.pdf_layout import (
    LEFT,
    PALE_BLUE,
    RULE,
    SMALL,
    SMALL_STRONG,
    TEXT_WIDTH,
    Sheet,
    Style,
    wrap_each,
)
from app.documents.pdf_tags import Element

PADDING = 4.0
ROW_HEIGHT = SMALL.leading + 2 * PADDING
"""Of one line."""
AFTER_TABLE = 6.0
LAST_ROWS = 4
SPLIT_ABOVE = 200.0  # a row taller than this is broken over pages; a lower one moves to the next page


@dataclass(frozen=True, slots=True)
class Column:
    """`width` in points; `title` empty in tables without a head."""

    title: str
    width: float
    right: bool = False
    style: Style = SMALL


@dataclass(frozen=True, slots=True)
class Table:
    """`row_headers`: the first cell of each row names it. `strong_last`: the last row (a total) is bold.
    `bars`: one per row, in the last column.
    `follows`: points of what comes behind it and must not stand on a page alone: the last rows go along."""

    summary: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    strong_last: bool = False
    has_head: bool = True
    row_headers: bool = True
    follows: float = 0.0
    bars: Sequence[Bar | None] = ()


@dataclass(slots=True)
class _Cell:
    element: Element
    lines: list[str]
    x: float
    column: Column
    style: Style
    drawn: int = field(default=0)
    bar: Bar | None = None


def draw_table(sheet: Sheet, parent: Element, table: Table) -> None:
    """Draw a table at the left margin, below what is there."""
    element = parent.add("Table", pdf_tags.summary(table.summary))
    if table.has_head:
        head = element.add("THead").add("TR")
        sheet.ensure(70.0)
        _draw_head(sheet, table, head)
    body = element.add("TBody")
    for index, row in enumerate(table.rows):
        if table.follows and index == max(0, len(table.rows) - LAST_ROWS):
            _keep_last_rows(sheet, table)
        strong = table.strong_last and index == len(table.rows) - 1
        cells = _cells(table, row, body.add("TR"), strong=strong)
        cells[-1].bar = table.bars[index] if table.bars else None
        _draw_row(sheet, table, cells)
    sheet.y -= AFTER_TABLE


def _cells(table: Table, row: Sequence[str], parent: Element, *, strong: bool) -> list[_Cell]:
    cells, x = [], LEFT
    for index, (column, value) in enumerate(zip(table.columns, row, strict=True)):
        names_row = table.row_headers and index == 0
        element = parent.add("TH", pdf_tags.ROW_HEADER) if names_row else parent.add("TD")
        style = SMALL_STRONG if strong else column.style
        cells.append(_Cell(element, _wrapped(value, style, column), x, column, style))
        x += column.width
    return cells


def _wrapped(value: str, style: Style, column: Column) -> list[str]:
    return wrap_each(value, style, column.width - 2 * PADDING)


def _draw_row(sheet: Sheet, table: Table, cells: list[_Cell]) -> None:
    height = max(len(cell.lines) * cell.style.leading for cell in cells) + 2 * PADDING
    if height > sheet.room and (height <= SPLIT_ABOVE or sheet.room < SPLIT_ABOVE / 4):
        _continue_on_new_page(sheet, table)
    while any(cell.drawn < len(cell.lines) for cell in cells):
        if sheet.room < cells[0].style.leading + 2 * PADDING:
            _continue_on_new_page(sheet, table)
        _draw_part(sheet, cells)


def _keep_last_rows(sheet: Sheet, table: Table) -> None:
    """Rows of one line each, with what follows."""
    if LAST_ROWS * ROW_HEIGHT + table.follows > sheet.room:
        _continue_on_new_page(sheet, table)


def _continue_on_new_page(sheet: Sheet, table: Table) -> None:
    sheet.new_page()
    if table.has_head:
        _draw_head(sheet, table, None)


def _draw_part(sheet: Sheet, cells: list[_Cell]) -> None:
    """Draw as many lines of each cell as fit on this page."""
    top, tallest = sheet.y, 0.0
    for cell in cells:
        fitting = int((sheet.room - 2 * PADDING) / cell.style.leading)
        part = cell.lines[cell.drawn : cell.drawn + fitting]
        if not part:
            continue
        if cell.bar is None:
            with sheet.tagged(cell.element):
                _draw_lines(sheet, cell, part)
        else:
            foot, width = top - PADDING - cell.style.size, cell.column.width - 2 * PADDING
            draw_bar(sheet, cell.element, cell.bar, (cell.x + PADDING, foot, width))
        cell.drawn += len(part)
        tallest = max(tallest, len(part) * cell.style.leading)
        sheet.y = top
    sheet.y = top - tallest - 2 * PADDING
    sheet.rule(sheet.y)


def _draw_lines(sheet: Sheet, cell: _Cell, part: list[str]) -> None:
    baseline = sheet.y - PADDING - cell.style.size
    for line in part:
        x = cell.x + PADDING
        if cell.column.right:
            taken = pdf_fonts.width(line.rstrip(" "), cell.style.face, cell.style.size)
            x = cell.x + cell.column.width - PADDING - taken
        sheet.line(line, x, baseline, cell.style)
        baseline -= cell.style.leading


def _draw_head(sheet: Sheet, table: Table, row: Element | None) -> None:
    """Column titles; `row` None repeats them on a next page as decoration."""
    titles = [_wrapped(column.title, SMALL_STRONG, column) for column in table.columns]
    height = max(map(len, titles)) * SMALL_STRONG.leading + 2 * PADDING
    sheet.fill((LEFT, sheet.y - height, TEXT_WIDTH, height), PALE_BLUE)
    x = LEFT
    for column, lines in zip(table.columns, titles, strict=True):
        element = row.add("TH", pdf_tags.COLUMN_HEADER) if row else None
        cell = _Cell(element or Element("TH"), lines, x, column, SMALL_STRONG)
        repeated = "/Type /Pagination /Subtype /Header"
        with sheet.tagged(element) if element else sheet.artifact(repeated):
            _draw_lines(sheet, cell, lines)
        x += column.width
    sheet.y -= height
    sheet.rule(sheet.y, RULE, 1.0)
