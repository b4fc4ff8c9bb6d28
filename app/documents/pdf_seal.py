"""The seal field and the filling of its signature while the file is written: one pass, one revision.

The field is certified with DocMDP P=1: no change is allowed afterwards (ISO 32000-1, 12.8.2.2; ETSI EN 319 142-1).
"""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass
from datetime import datetime

from reportlab.pdfbase.pdfdoc import PDFDocument, PDFFile

from app.documents import formatting, pdf_fonts
from app.documents.pdf_layout import BLUE, GREY, LEFT, PAGE_WIDTH, SMALL, SMALL_STRONG, Sheet, Style
from app.documents.pdf_objects import (
    Slot,
    array,
    date,
    dictionary,
    object_number,
    rectangle,
    reserve,
    stream,
    text,
)
from app.documents.pdf_tags import Element
from app.documents.pdf_words import term
from app.language import N_, _
from app.ports.seals import Seal

FIELD = "Zegel"
REASON = N_("Elektronisch zegel")
WIDTH, HEIGHT = 300.0, 66.0
ABOVE_SEAL = 10.0
_RANGE = b"/ByteRange [0 0000000000 0000000000 0000000000]"
_CONTENTS = b"/Contents <"


class SealDoesNotFit(Exception):
    """The seal is larger than the room that was reserved for it."""


@dataclass(frozen=True, slots=True)
class SealField:
    """The widget of the seal on the last page, and its signature; filled when the page has its number."""

    widget: Slot
    signature: Slot
    entries: dict[str, bytes]

    def fill(self, page: bytes) -> None:
        self.widget.fill(dictionary({**self.entries, "P": page}))

    @property
    def form(self) -> bytes:
        """The catalog's AcroForm: signatures exist, append only."""
        return dictionary({"Fields": array([self.widget.reference]), "SigFlags": b"3"})

    @property
    def permissions(self) -> bytes:
        """The catalog's Perms: this signature certifies the document."""
        return dictionary({"DocMDP": self.signature.reference})


@dataclass(frozen=True, slots=True)
class Stamp:
    """What the visible seal says."""

    organisation: str
    number: str
    made_at: datetime


def draw_seal(sheet: Sheet, parent: Element, stamp: Stamp, seal: Seal) -> SealField:
    """Put the visible seal at the left margin, on a page with room for it."""
    sheet.skip(ABOVE_SEAL)
    sheet.ensure(HEIGHT)
    sheet.y -= HEIGHT
    document = sheet.canvas._doc
    made = formatting.moment(stamp.made_at)
    said = _(
        "Elektronisch zegel van %(organisation)s, %(moment)s", organisation=stamp.organisation, moment=made
    )
    description = pdf_fonts.plain(said)
    element = parent.add("Form", alternative=description)
    signature = reserve(document, _signature(stamp, seal), packable=False)
    widget, left = reserve(document), sheet.mirrored(LEFT, WIDTH)
    key = sheet.tags.add_annotation(element, widget.number)
    entries = {
        "Type": b"/Annot",
        "Subtype": b"/Widget",
        "FT": b"/Sig",
        "T": b"(" + FIELD.encode("ascii") + b")",
        "TU": text(description),
        "F": b"132",
        "Rect": rectangle((left, sheet.y, left + WIDTH, sheet.y + HEIGHT)),
        "AP": dictionary({"N": _appearance(sheet, stamp)}),
        "StructParent": b"%d" % key,
        "V": signature.reference,
    }
    return SealField(widget, signature, entries)


def _appearance(sheet: Sheet, stamp: Stamp) -> bytes:
    """Draw the stamp with the fonts of the page into a form of its own: viewers add a font that is not embedded."""
    canvas = sheet.canvas
    page_code, canvas._code = canvas._code, []
    canvas.setStrokeColorRGB(*BLUE)
    canvas.rect(0.5, 0.5, WIDTH - 1, HEIGHT - 1, stroke=1, fill=0)
    baseline = HEIGHT - 15.0
    x = PAGE_WIDTH - WIDTH + 9.0 if sheet.from_right else 9.0  # `line` mirrors on the page
    for line, style in _stamp_lines(stamp):
        sheet.line(_shortened(line, style), x, baseline, style)
        baseline -= 14.0
    code, canvas._code = canvas._code, page_code
    document = canvas._doc
    fonts = b"%d 0 R" % object_number(document, "BasicFonts")
    entries = {
        "Type": b"/XObject",
        "Subtype": b"/Form",
        "BBox": rectangle((0.0, 0.0, WIDTH, HEIGHT)),
        "Resources": dictionary({"Font": fonts}),
        "Filter": b"/FlateDecode",
    }
    return reserve(document, stream(entries, zlib.compress("\n".join(code).encode("latin-1")))).reference


def _stamp_lines(stamp: Stamp) -> list[tuple[str, Style]]:
    grey = Style(8.5, 12.0, colour=GREY)
    return [
        (term(REASON), SMALL_STRONG),
        (stamp.organisation, SMALL),
        (formatting.moment(stamp.made_at), SMALL),
        (f"{term(N_('Nummer'))} {stamp.number}", grey),
    ]


def _shortened(value: str, style: Style) -> str:
    """The full text stands in the field's description; here it must fit on one line."""
    line = pdf_fonts.clean(value)
    while pdf_fonts.width(line, style.face, style.size) > WIDTH - 18.0:
        line = line[:-2] + "…"
    return line


def _signature(stamp: Stamp, seal: Seal) -> bytes:
    """The signature dictionary with room for byte range and seal."""
    reference = {
        "Type": b"/SigRef",
        "TransformMethod": b"/DocMDP",
        "TransformParams": b"<</Type /TransformParams /P 1 /V /1.2>>",
    }
    entries = {
        "Type": b"/Sig",
        "Filter": b"/Adobe.PPKLite",
        "SubFilter": b"/ETSI.CAdES.detached",
        "Name": text(seal.organisation),
        "Reason": text(REASON),
        "M": date(stamp.made_at),
        "Reference": array([dictionary(reference)]),
    }
    room = _CONTENTS + b"0" * (2 * seal.reserved_size) + b">"
    return dictionary(entries)[:-2] + b"\n" + _RANGE + b"\n" + room + b">>"


class SealHook:
    """ReportLab calls `sign` with the finished file as a list of byte strings: no parsing, no second revision."""

    def __init__(self, seal: Seal) -> None:
        self._seal = seal

    def sign(self, file: PDFFile) -> None:
        """Fill in the byte range, hash all but the seal, and put in the seal. Raises SealDoesNotFit."""
        place = next(i for i in reversed(range(len(file.strings))) if _RANGE in file.strings[i])
        part: bytes = file.strings[place]
        start = part.index(_CONTENTS, part.index(_RANGE)) + len(_CONTENTS) - 1
        end = part.index(b">", start) + 1
        before = sum(map(len, file.strings[:place]))
        part = part.replace(_RANGE, _byte_range(before + start, before + end, file.offset), 1)
        digest = hashlib.sha256()
        for piece in (*file.strings[:place], part[:start], part[end:], *file.strings[place + 1 :]):
            digest.update(piece)
        contents = self._contents(digest.digest(), end - start - 2)
        file.strings[place] = part[: start + 1] + contents + part[end - 1 :]

    def _contents(self, digest: bytes, room: int) -> bytes:
        written = self._seal.cms(digest).hex().encode("ascii")
        if len(written) > room:
            raise SealDoesNotFit(f"the seal takes {len(written) // 2} bytes, reserved are {room // 2}")
        return written.ljust(room, b"0")


def _byte_range(start: int, end: int, size: int) -> bytes:
    """The two ranges that the seal covers, padded to the width of the placeholder."""
    filled = b"/ByteRange [0 %d %d %d" % (start, end, size - end)
    return filled.ljust(len(_RANGE) - 1) + b"]"


def seal_with(document: PDFDocument, seal: Seal) -> None:
    """Have the document sealed at the end of writing."""
    document._digiSigs = [SealHook(seal)]
