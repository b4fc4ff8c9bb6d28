"""A summary for spreadsheets and import: UTF-8 with byte order mark, semicolons, Dutch decimals, one row per claim."""

from __future__ import annotations

import csv
from io import StringIO

from app.documents import formatting
from app.documents.csv import safe_cell
from app.documents.schuldenknooppunt import Cell
from app.documents.summary_json import Summary
from app.documents.summary_rows import CLAIMS_HEAD, claim_rows
from app.language import DUTCH, speaking
from claims.money import Money


@speaking(DUTCH)
def write(summary: Summary) -> bytes:
    """In the order of the Schuldenknooppunt, then what else we know. Empty means: not known, never zero."""
    lines = StringIO()
    writer = csv.writer(lines, delimiter=";", lineterminator="\r\n")
    writer.writerow(map(safe_cell, CLAIMS_HEAD))
    for row in claim_rows(summary):
        writer.writerow(map(safe_cell, map(_text, row)))
    return lines.getvalue().encode("utf-8-sig")


def _text(value: Cell) -> str:
    if isinstance(value, Money):
        return formatting.plain_amount(value).replace(".", "")
    return value or ""
