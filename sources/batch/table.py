"""Lines of cells under headings. One line is one record: a line break inside quotes is refused, so that one wrong quote
cannot swallow other people's records. The closing line is `#einde;aantal=2;peilmoment=2026-09-30T23:59:59+02:00`."""

from __future__ import annotations

import csv
from collections.abc import Mapping

from sources.batch.record import BadRecord, Closing, read_closing
from sources.ports import DeliveryRefused

CLOSING_MARK = "#einde"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class Table:
    """`columns`: our name -> the heading in the file; a name instead: no headings, every line is one cell of that
    name."""

    def __init__(self, columns: Mapping[str, str] | str, encoding: str, delimiter: str) -> None:
        self._encoding = encoding
        self._delimiter = delimiter
        self._columns = {} if isinstance(columns, str) else columns
        self._places = {columns: 0} if isinstance(columns, str) else {}
        self._width = len(self._places)
        self._is_first = True

    def read(self, line: bytes) -> dict[str, str] | Closing | None:
        """The cells that we know, by our names. None: the line with the headings. Raises BadRecord, and
        DeliveryRefused when headings are missing."""
        if self._is_first:
            self._is_first, line = False, line.removeprefix(_BYTE_ORDER_MARK)
            if self._columns:
                self._read_headings(line)
                return None
        cells = self._cells(line)
        if cells[0].strip().casefold() == CLOSING_MARK:
            return _closing(cells[1:])
        if len(cells) != self._width:
            raise BadRecord("not as many cells as headings")
        return {ours: cells[place].strip() for ours, place in self._places.items()}

    def _read_headings(self, line: bytes) -> None:
        try:
            cells = [cell.strip() for cell in self._cells(line)]
        except BadRecord:
            raise DeliveryRefused("the line with headings cannot be read: another encoding?") from None
        for ours, heading in self._columns.items():
            if cells.count(heading) != 1:
                raise DeliveryRefused(
                    f"the heading for {ours} is not there, or more than once: look at columns and delimiter"
                )
        self._width = len(cells)
        self._places = {ours: cells.index(heading) for ours, heading in self._columns.items()}

    def _cells(self, line: bytes) -> list[str]:
        try:
            text = line.decode(self._encoding)
            [cells] = csv.reader([text], delimiter=self._delimiter, strict=True)
        except UnicodeDecodeError:
            raise BadRecord(f"not {self._encoding}") from None
        except (csv.Error, ValueError):
            raise BadRecord("not a line of cells") from None
        return cells or [""]


def _closing(cells: list[str]) -> Closing:
    try:
        return read_closing(dict(cell.strip().split("=", 1) for cell in cells if cell.strip()))
    except ValueError:
        raise BadRecord("a closing line without a good aantal and peilmoment") from None
