"""Reading an unverified PDF with pyHanko: everything that touches the library's parser, behind one boundary.

pyHanko raises many kinds of exceptions on hostile files (also KeyError, AssertionError and RecursionError), so
whatever comes out of `reading` is turned into `Unreadable` or `OverLimits`.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from itertools import islice

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.decode_limits import DecodeLimits, DocumentDecodeBudget, StreamDecodeLimits
from pyhanko.pdf_utils.misc import PdfDecodeLimitError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.xref import ObjStreamRef
from pyhanko.sign.fields import enumerate_sig_fields

from signing.archive_section import Before
from signing.verifying import hex_strings

hex_strings.install()

_MEBIBYTE = 1024 * 1024
_LIMITS = DecodeLimits(
    per_stream=StreamDecodeLimits(max_output_size=32 * _MEBIBYTE),
    document_budget=DocumentDecodeBudget(base_allowance=64 * _MEBIBYTE, max_ratio=1),
)
_MAX_TREE_DEPTH = 10
_MAX_STORED = 100
_END = re.compile(rb"startxref\n(\d{1,10})\n%%EOF\n\Z")


class Unreadable(Exception):
    """The library cannot make sense of the file."""


class OverLimits(Exception):
    """Reading the file would take more than we allow."""


@contextmanager
def reading() -> Iterator[None]:
    """The boundary around every use of the library's parser."""
    try:
        yield
    except (MemoryError, PdfDecodeLimitError) as error:
        raise OverLimits from error
    except (Unreadable, OverLimits):
        raise
    except Exception as error:  # see the docstring of the module
        raise Unreadable from error


@dataclass(frozen=True)
class SignatureField:
    """A filled signature field: its full name, its dictionary and where its signature dictionary lies."""

    name: str
    field: generic.DictionaryObject
    reference: generic.Reference | None
    signature: generic.DictionaryObject

    @property
    def stands_alone(self) -> bool:
        """Whether it is no part of another field: readers differ in how they name such a one."""
        return "/Parent" not in self.field and "/Kids" not in self.field

    def text(self, key: str) -> str | None:
        """A name or text in the signature dictionary, None when absent or of another type."""
        with reading():
            value = member(self.signature, key)
        return str(value) if isinstance(value, str) else None


class PdfFile:
    """An unverified PDF. Methods raise Unreadable or OverLimits."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        with reading():
            self.reader = PdfFileReader(BytesIO(data), strict=True, decode_limits=_LIMITS)

    def is_encrypted(self) -> bool:
        """Whether a password or permissions guard the file."""
        with reading():
            return bool(self.reader.encrypted)

    def is_one_revision(self) -> bool:
        """Whether the file was written once, without later sections and without a hidden second index."""
        with reading():
            xrefs = self.reader.xrefs
            return xrefs.total_revisions == 1 and not xrefs.hybrid_xrefs_present

    def signature_fields(self) -> list[SignatureField]:
        """All fields that hold a signature, of whatever kind."""
        with reading():
            found = []
            for name, value, field_reference in enumerate_sig_fields(self.reader, filled_status=True):
                field, signature = field_reference.get_object(), value.get_object()
                raw = field.raw_get("/V")
                place = raw.reference if isinstance(raw, generic.IndirectObject) else None
                if not isinstance(signature, generic.DictionaryObject):
                    raise Unreadable
                found.append(SignatureField(name, field, place, signature))
            return found

    def certifying_signature(self) -> generic.Reference | None:
        """Which signature dictionary certifies the document (`/Perms /DocMDP` in the catalog)."""
        with reading():
            permissions = member(self.reader.root, "/Perms")
            if not isinstance(permissions, generic.DictionaryObject) or "/DocMDP" not in permissions:
                return None
            raw = permissions.raw_get("/DocMDP")
            return raw.reference if isinstance(raw, generic.IndirectObject) else None

    def only_attachment(self, name: str) -> bytes | None:
        """The content of the one attachment, None when there is another one or it goes by another name.

        Readers differ in which of key, /F and /UF they show and open: here they must all say the same.
        """
        with reading():
            tree = member(member(self.reader.root, "/Names"), "/EmbeddedFiles")
            entries = list(islice(_leaves(tree, _MAX_TREE_DEPTH), 2))
            if len(entries) != 1:
                return None
            key, file = entries[0]
            if not key == member(file, "/F") == member(file, "/UF") == name:
                return None
            return _content(file)

    def has_long_term_data(self) -> bool:
        """Whether there is a document security store (ETSI EN 319 142-1, 5.4)."""
        with reading():
            return "/DSS" in self.reader.root

    def long_term_data(self) -> tuple[tuple[bytes, ...], tuple[bytes, ...]]:
        """Certificates and revocation lists (DER) of the document security store."""
        with reading():
            store = member(self.reader.root, "/DSS")
            certificates, lists = (elements(member(store, key)) for key in ("/Certs", "/CRLs"))
            return _contents(certificates), _contents(lists)

    def before_section(self) -> Before:
        """What a section of the archive command must know of this file."""
        with reading():
            reader, ended = self.reader, _END.search(self.data)
            trailer = reader.trailer_view
            if ended is None:
                raise Unreadable
            store = member(reader.root, "/DSS")
            info = trailer.raw_get("/Info")
            return Before(
                size=len(self.data),
                start=int(ended[1]),
                next_number=int(trailer["/Size"]),
                root=reader.root_ref.idnum,
                info=info.idnum,
                catalog=self._text_of(reader.root_ref),
                identifier=_identifier(member(trailer, "/ID")),
                store=(_numbers(member(store, "/Certs")), _numbers(member(store, "/CRLs"))),
            )

    def _text_of(self, reference: generic.Reference) -> bytes:
        """An object as it stands in the file, or in its object stream."""
        place = self.reader.xrefs[reference]
        if isinstance(place, int):
            start = self.data.index(b"obj", place) + 3
            return self.data[start : self.data.index(b"endobj", start)].strip()
        if not isinstance(place, ObjStreamRef):
            raise Unreadable
        stream = generic.Reference(place.obj_stream_id, 0, self.reader).get_object()
        if not isinstance(stream, generic.StreamObject):
            raise Unreadable
        content, first = bytes(stream.data), int(stream["/First"])
        offsets = [int(number) for number in content[:first].split()[1::2]]
        ends = [*offsets[1:], len(content) - first]
        start, end = offsets[place.ix_in_stream], ends[place.ix_in_stream]
        return content[first + start : first + end].strip()

    def information(self, key: str) -> str | None:
        """A text in the Info dictionary."""
        with reading():
            value = member(member(self.reader.trailer_view, "/Info"), key)
            return str(value) if isinstance(value, str) else None


def member(dictionary: object, key: str) -> object:
    """A member with references followed (`dict.get` does not follow them); None when absent or no dictionary."""
    return dictionary[key] if isinstance(dictionary, generic.DictionaryObject) and key in dictionary else None


def elements(array: object) -> list[object]:
    """The elements of an array with references followed; none when it is no array."""
    return [one.get_object() for one in array] if isinstance(array, generic.ArrayObject) else []


def _identifier(array: object) -> bytes:
    """The /ID of a file, as it is repeated in a later section."""
    parts = [bytes(getattr(one, "original_bytes", one)) for one in elements(array)]  # type: ignore[call-overload]
    return b"/ID [%s] " % b" ".join(b"<%s>" % part.hex().encode() for part in parts) if parts else b""


def _numbers(array: object) -> tuple[int, ...]:
    """The object numbers to which an array refers."""
    items = list(array) if isinstance(array, generic.ArrayObject) else []
    return tuple(one.idnum for one in items if isinstance(one, generic.IndirectObject))


def _contents(streams: list[object]) -> tuple[bytes, ...]:
    if len(streams) > _MAX_STORED:
        raise OverLimits
    return tuple(bytes(one.data) for one in streams if isinstance(one, generic.StreamObject))


def _leaves(node: object, depth: int) -> Iterator[tuple[object, object]]:
    """Keys and file specifications of a name tree (ISO 32000-2, 7.9.6)."""
    if depth == 0:
        raise OverLimits
    for child in elements(member(node, "/Kids")):
        yield from _leaves(child, depth - 1)
    pairs = elements(member(node, "/Names"))
    yield from zip(pairs[::2], pairs[1::2], strict=True)


def _content(file: object) -> bytes | None:
    embedded = member(file, "/EF")
    stream, other = member(embedded, "/F"), member(embedded, "/UF")
    if not isinstance(stream, generic.StreamObject):
        return None
    content = bytes(stream.data)
    if other is not None and (not isinstance(other, generic.StreamObject) or bytes(other.data) != content):
        return None
    return content


def moment(text: str | None) -> datetime | None:
    """A PDF date (ISO 32000-2, 7.9.4) with time zone, or None."""
    if text is None:
        return None
    try:
        with reading():
            parsed: datetime = generic.parse_pdf_date(text, strict=True)
    except Unreadable:
        return None
    return parsed if parsed.tzinfo is not None else None
