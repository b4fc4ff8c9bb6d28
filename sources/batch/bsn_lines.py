"""An index: whom a municipality knows, one BSN per line, or in one column of a table. Nothing else of it is read."""

from __future__ import annotations

from claims.identity import Bsn
from sources.batch.record import NOT_A_BSN, BadRecord, Closing, Record
from sources.batch.table import Table
from sources.index_settings import IndexSettings

_KNOWN = Record()


class BsnLines:
    def __init__(self, settings: IndexSettings) -> None:
        columns = "bsn" if settings.column is None else {"bsn": settings.column}
        self._table = Table(columns, settings.encoding, settings.delimiter)

    def read(self, line: bytes) -> tuple[Bsn, Record] | Closing | None:
        """None: the line with the headings. Raises BadRecord, and DeliveryRefused when headings are missing."""
        cells = self._table.read(line)
        if not isinstance(cells, dict):
            return cells
        try:
            return Bsn(cells["bsn"]), _KNOWN
        except ValueError:
            raise BadRecord(NOT_A_BSN) from None
