"""PDF objects as prepared bytes, and the few kinds of value that they hold (ISO 32000-1, 7.3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from reportlab.pdfbase.pdfdoc import PDFDocument, PDFObject


class PreparedObject(PDFObject):  # type: ignore[misc]  # ReportLab has no types
    """An indirect object whose bytes we make ourselves. May be registered empty and filled later, so that objects can
    refer to each other in circles. `packable` False keeps it out of object streams."""

    __RefOnly__ = 1

    def __init__(self, data: bytes = b"", *, packable: bool = True) -> None:
        self.data = data
        self.packable = packable

    def format(self, _document: PDFDocument) -> bytes:
        return self.data


@dataclass(frozen=True, slots=True)
class Slot:
    """A reserved object number; `fill` gives it its contents."""

    number: int
    prepared: PreparedObject

    @property
    def reference(self) -> bytes:
        return b"%d 0 R" % self.number

    def fill(self, data: bytes) -> None:
        self.prepared.data = data


def reserve(document: PDFDocument, data: bytes = b"", *, packable: bool = True) -> Slot:
    """A new indirect object in this document."""
    prepared = PreparedObject(data, packable=packable)
    name = document.Reference(prepared).name
    return Slot(object_number(document, name), prepared)


def object_number(document: PDFDocument, name: str) -> int:
    """The object number of a registered object, for instance "Page3"."""
    return int(document.idToObjectNumberAndVersion[name][0])


def dictionary(entries: Mapping[str, bytes]) -> bytes:
    """<< /Key value ... >> in the given order."""
    return (
        b"<<" + b" ".join(b"/%s %s" % (key.encode("ascii"), value) for key, value in entries.items()) + b">>"
    )


def array(items: list[bytes]) -> bytes:
    return b"[" + b" ".join(items) + b"]"


def text(value: str) -> bytes:
    """A text string: plain where it is ASCII, else UTF-16 in hexadecimal. Nothing in it can end the string early."""
    if value.isascii() and value.isprintable():
        escaped = value.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
        return b"(" + escaped.encode("ascii") + b")"
    return b"<FEFF" + value.encode("utf-16-be").hex().upper().encode("ascii") + b">"


def number(value: float) -> bytes:
    return f"{value:.3f}".rstrip("0").rstrip(".").encode("ascii")


def rectangle(box: tuple[float, float, float, float]) -> bytes:
    return array([number(side) for side in box])


def date(instant: datetime) -> bytes:
    """A date string in UTC (7.9.4)."""
    return f"(D:{instant.astimezone(UTC):%Y%m%d%H%M%S}+00'00')".encode("ascii")


def stream(entries: Mapping[str, bytes], content: bytes) -> bytes:
    """A stream object; an end-of-line stands before `endstream` (PDF/A-3, 6.1.7.1)."""
    head = dictionary({**entries, "Length": b"%d" % len(content)})
    return head + b"\nstream\n" + content + b"\nendstream\n"
