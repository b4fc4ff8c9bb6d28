"""From objects to a file in one revision, with object streams and one cross-reference stream.

ReportLab's own `format` writes every object on its own and leaves out the end-of-line before `endstream` that PDF/A asks
(6.1.7.1). Structure elements compress well together: fifty pages shrink to a third.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

from reportlab.pdfbase import pdfdoc
from reportlab.pdfbase.pdfdoc import PDFDocument, PDFFile

from app.documents.pdf_objects import PreparedObject, stream

OBJECTS_PER_STREAM = 64  # larger streams make pyHanko's validation quadratic
_STREAM_END = b"endstream\n"


class _Writer:
    """Collects what the cross-reference stream must say: object number -> (kind, offset or stream, index)."""

    def __init__(self, file: PDFFile, first_free: int) -> None:
        self.file = file
        self.next_number = first_free
        self.entries: dict[int, tuple[int, int, int]] = {0: (0, 0, 65535)}
        self.waiting: list[tuple[int, bytes]] = []

    def direct(self, number: int, body: bytes) -> None:
        end = b"" if body.endswith(b"\n") else b"\n"
        offset = self.file.add(b"%d 0 obj\n%s%sendobj\n" % (number, body, end))
        self.entries[number] = (1, offset, 0)

    def pack(self, number: int, body: bytes) -> None:
        self.waiting.append((number, body))
        if len(self.waiting) == OBJECTS_PER_STREAM:
            self.flush()

    def flush(self) -> None:
        if not self.waiting:
            return
        index, offset = [], 0
        for position, (number, body) in enumerate(self.waiting):
            self.entries[number] = (2, self.next_number, position)
            index.append(b"%d %d" % (number, offset))
            offset += len(body) + 1
        head = b" ".join(index) + b"\n"
        content = head + b"\n".join(body for _, body in self.waiting)
        entries = {"Type": b"/ObjStm", "N": b"%d" % len(self.waiting), "First": b"%d" % len(head)}
        self.direct(self.next_number, _compressed(entries, content))
        self.next_number += 1
        self.waiting = []

    def finish(self, trailer: dict[str, bytes]) -> None:
        self.flush()
        number, start = self.next_number, self.file.offset
        self.entries[number] = (1, start, 0)
        rows = b"".join(struct.pack(">BIH", *self.entries[n]) for n in range(number + 1))
        entries = {"Type": b"/XRef", "Size": b"%d" % (number + 1), "W": b"[1 4 2]", **trailer}
        self.direct(number, _compressed(entries, rows))
        self.file.add(b"startxref\n%d\n%%%%EOF\n" % start)


def _compressed(entries: dict[str, bytes], content: bytes) -> bytes:
    return stream({**entries, "Filter": b"/FlateDecode"}, zlib.compress(content))


class OneRevisionDocument(PDFDocument):  # type: ignore[misc]  # ReportLab has no types
    """A ReportLab document that is written as described above; its `_digiSigs` are asked last, as ReportLab does."""

    def format(self) -> bytes:
        """The finished file. New objects may be registered while others are written."""
        root, info = self.Reference(self.Catalog), self.Reference(self.info)
        file = PDFFile(self._pdfVersion)
        bodies = list(self._bodies())
        writer = _Writer(file, len(bodies) + 1)
        for number, body, packable in bodies:
            (writer.pack if packable else writer.direct)(number, body)
        writer.finish({"Root": root.format(self), "Info": info.format(self), "ID": self.ID()})
        for hook in self._digiSigs:
            hook.sign(file)
        return bytes(file.format(self))

    def _bodies(self) -> Iterator[tuple[int, bytes, bool]]:
        number = 1
        while number in self.numberToId:
            item = self.idToObject[self.numberToId[number]]
            body: bytes = pdfdoc.format(item, self, toplevel=1)
            is_stream = body.endswith(_STREAM_END)
            if is_stream and not isinstance(item, PreparedObject):  # ours have their end-of-line already
                body = body[: -len(_STREAM_END)] + b"\n" + _STREAM_END
            yield number, body, not is_stream and getattr(item, "packable", True)
            number += 1
