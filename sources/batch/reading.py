"""What the reader of a format hands over: records of people, bad records, and what the file says of itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from claims.identity import Bsn
from sources.batch.record import BadRecord, Closing, Record
from sources.batch.unpacking import DeliveryFile
from sources.ports import DeliveryRefused


@dataclass(frozen=True, slots=True)
class Read:
    bsn: Bsn
    record: Record


@dataclass(frozen=True, slots=True)
class Unread:
    """`place` tells the operator where to look: "line 3" or "record 3"."""

    place: str
    error: BadRecord


Item = Read | Unread | Closing


class Reader(Protocol):
    @property
    def ends_well(self) -> bool:
        """Whether the form of the file shows that its end is the end; known once all was read."""
        ...

    def items(self, file: DeliveryFile) -> Iterator[Item]:
        """Everything up to the end of the file; at most one Closing, as the last. Raises DeliveryRefused."""
        ...


class LineFormat(Protocol):
    def read(self, line: bytes) -> tuple[Bsn, Record] | Closing | None:
        """None: a line that is no record, such as headings. Raises BadRecord or DeliveryRefused."""
        ...


class LineReader:
    """Files in which every line is one record."""

    def __init__(self, line_format: LineFormat) -> None:
        self._format = line_format
        self.ends_well = False

    def items(self, file: DeliveryFile) -> Iterator[Item]:
        number, closed = 0, False
        while line := file.readline():
            number += 1
            self.ends_well = line.endswith(b"\n")
            if not (content := line.rstrip(b"\r\n")).strip():
                continue
            if closed:
                raise DeliveryRefused("something follows the closing line: two files in one?")
            item = self._item(number, content)
            if item is not None:
                closed = isinstance(item, Closing)
                yield item

    def _item(self, number: int, line: bytes) -> Item | None:
        try:
            read = self._format.read(line)
        except BadRecord as error:
            return Unread(f"line {number}", error)
        return Read(*read) if isinstance(read, tuple) else read
