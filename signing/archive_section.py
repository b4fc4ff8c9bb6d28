"""What is appended to an archived copy: revocation data and one document time-stamp, in one fixed form.

The archive command writes this form; verifying reads the few variable parts out of it, writes it once more and compares
every byte. So nothing else can be appended, and no difference analysis is needed (ETSI EN 319 142-1, 5.5; ISO 32000-2,
7.5.6 and 12.8.5). Each renewal appends one more section of the same form.
"""

import hashlib
import re
import struct
from collections.abc import Callable
from dataclasses import dataclass

ROOM = 9000
"""Bytes that a time-stamp may take."""

_FIELDS = re.compile(rb"/Fields \[([0-9R ]+)\]")
_STORE = re.compile(rb"/DSS (\d+) 0 R")
_EXTENSIONS = b"/Extensions <</ESIC <</BaseVersion /1.7 /ExtensionLevel 1>>>> "
_ITEM = re.compile(rb"\d+ 0 obj\n<</Length (\d{1,8})>>\nstream\n")
_ITEM_END = b"\nendstream\nendobj\n"
_STORE_OBJECT = re.compile(rb"\d+ 0 obj\n<</Certs \[([0-9R ]*)\] /CRLs \[([0-9R ]*)\]>>\nendobj\n")
_STAMP = re.compile(rb"\d+ 0 obj\n<</Type /DocTimeStamp [^<>]*/Contents <([0-9a-f]+)>>>\nendobj\n")
_RANGE_WIDTH = 36


class NotASection(Exception):
    """The bytes are not what the archive command appends, or there is no place in the file for it."""


@dataclass(frozen=True)
class Before:
    """The file to which a section is appended, or was. `catalog` is the text of the catalog as it stands in the file,
    `identifier` that of /ID with its key, or nothing. `store` holds the object numbers of certificates and lists.
    """

    size: int
    start: int
    next_number: int
    root: int
    info: int
    catalog: bytes
    identifier: bytes
    store: tuple[tuple[int, ...], tuple[int, ...]]


@dataclass(frozen=True)
class Items:
    """Certificates and revocation lists (DER) that the file did not hold yet."""

    certificates: tuple[bytes, ...]
    crls: tuple[bytes, ...]


def write_section(data: bytes, before: Before, items: Items, stamp: Callable[[bytes], bytes]) -> bytes:
    """The bytes to append to `data`. `stamp` gives the token (DER) over a SHA-256 digest.

    Raises NotASection when the catalog has no place for it or the token does not fit.
    """
    objects = _objects(before, items)
    offsets, parts, place = [], [], len(data)
    for number, body in objects:
        offsets.append((number, place))
        parts.append(b"%d 0 obj\n%s\nendobj\n" % (number, body))
        place += len(parts[-1])
    parts.append(_index(before, offsets, place))
    return _stamped(data, b"".join(parts), stamp)


def read_section(data: bytes, start: int, before: Before) -> tuple[Items, bytes]:
    """The items and the token, with the zeros behind it, of the section at `start`. Raises NotASection."""
    streams = []
    place = start
    while item := _ITEM.match(data, place):
        end = item.end() + int(item[1])
        streams.append(data[item.end() : end])
        place = end + len(_ITEM_END)
    store = _STORE_OBJECT.match(data, place)
    stamp = _STAMP.match(data, store.end()) if store else None
    if store is None or stamp is None or len(stamp[1]) != 2 * ROOM:
        raise NotASection
    certificates = sum(number >= before.next_number for number in numbers_in(store[1]))
    return Items(tuple(streams[:certificates]), tuple(streams[certificates:])), bytes.fromhex(
        stamp[1].decode()
    )


def numbers_in(references: bytes) -> tuple[int, ...]:
    """The object numbers of references such as `12 0 R 13 0 R`."""
    return tuple(int(number) for number in references.split()[::3])


def _objects(before: Before, items: Items) -> list[tuple[int, bytes]]:
    """The new objects in the order in which they are written; the catalog keeps its number."""
    streams = (*items.certificates, *items.crls)
    first = before.next_number
    lists = first + len(items.certificates)
    store, stamp, field = range(first + len(streams), first + len(streams) + 3)
    certificates = (*before.store[0], *range(first, lists))
    crls = (*before.store[1], *range(lists, store))
    return [
        *((first + i, b"<</Length %d>>\nstream\n%s\nendstream" % (len(s), s)) for i, s in enumerate(streams)),
        (store, b"<</Certs [%s] /CRLs [%s]>>" % (_references(certificates), _references(crls))),
        (stamp, _stamp_dictionary()),
        (field, _field(before, stamp)),
        (before.root, _catalog(before.catalog, store, field)),
    ]


def _references(numbers: tuple[int, ...]) -> bytes:
    return b" ".join(b"%d 0 R" % number for number in numbers)


def _stamp_dictionary() -> bytes:
    names = b"/Type /DocTimeStamp /Filter /Adobe.PPKLite /SubFilter /ETSI.RFC3161"
    return b"<<%s /ByteRange [%s] /Contents <%s>>>" % (names, b" " * _RANGE_WIDTH, b"0" * 2 * ROOM)


def _field(before: Before, stamp: int) -> bytes:
    """An invisible field; the page is not touched."""
    count = len(_fields(before.catalog))
    return b"<</Type /Annot /Subtype /Widget /FT /Sig /T (Archief%d) /F 132 /Rect [0 0 0 0] /V %d 0 R>>" % (
        count,
        stamp,
    )


def _fields(catalog: bytes) -> tuple[int, ...]:
    found = _FIELDS.findall(catalog)
    if len(found) != 1:
        raise NotASection
    return numbers_in(found[0])


def _catalog(catalog: bytes, store: int, field: int) -> bytes:
    """The catalog with the new field and store."""
    fields = (*_fields(catalog), field)
    catalog = _FIELDS.sub(b"/Fields [%s]" % _references(fields), catalog)
    if _STORE.search(catalog):
        return _STORE.sub(b"/DSS %d 0 R" % store, catalog)
    if b"/DSS" in catalog or not catalog.startswith(b"<<"):
        raise NotASection
    extensions = b"" if b"/Extensions" in catalog else _EXTENSIONS
    return b"<<%s/DSS %d 0 R %s" % (extensions, store, catalog[2:].lstrip())


def _index(before: Before, offsets: list[tuple[int, int]], place: int) -> bytes:
    """The cross-reference stream and the end of the file."""
    number = offsets[-2][0] + 1
    in_order = sorted([*offsets, (number, place)])
    rows = b"".join(struct.pack(">BIH", 1, offset, 0) for _, offset in in_order)
    entries = b"/Type /XRef /Size %d /W [1 4 2] /Index [%d 1 %d %d] /Root %d 0 R /Info %d 0 R %s/Prev %d" % (
        *(number + 1, before.root, before.next_number, len(in_order) - 1, before.root, before.info),
        *(before.identifier, before.start),
    )
    index = b"%d 0 obj\n<<%s /Length %d>>\nstream\n%s\nendstream\nendobj\n" % (
        number,
        entries,
        len(rows),
        rows,
    )
    return index + b"startxref\n%d\n%%%%EOF\n" % place


def _stamped(data: bytes, section: bytes, stamp: Callable[[bytes], bytes]) -> bytes:
    """Fill in the byte range, hash everything but the token, and put in the token."""
    start = section.index(b"/Contents <", section.index(b"/DocTimeStamp")) + len(b"/Contents ")
    end = start + 2 * ROOM + 2
    covered = b"0 %d %d %d" % (len(data) + start, len(data) + end, len(section) - end)
    empty = b"/ByteRange [%s]" % (b" " * _RANGE_WIDTH)
    section = section.replace(empty, b"/ByteRange [%s]" % covered.ljust(_RANGE_WIDTH), 1)
    digest = hashlib.sha256(data)
    digest.update(section[:start] + section[end:])
    token = stamp(digest.digest())
    if len(token) > ROOM:
        raise NotASection
    return section[: start + 1] + token.hex().encode().ljust(2 * ROOM, b"0") + section[end - 1 :]
