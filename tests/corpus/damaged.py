"""Sealed PDFs with changed, cut, added or moved bytes: no tool for PDF is needed to do this."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator

from tests.corpus.case import Case, Group, given
from tests.corpus.world import World
from tests.support.tampering import cms_range, flip_bit

FLIPPED, APPENDED = Group("flipped", 3), Group("appended", 3)
BEFORE, CUT, MANGLED = Group("before", 3), Group("cut", 3), Group("mangled", 3)

_PLACES: dict[str, tuple[str, Callable[[bytes], int]]] = {
    "header": ("the version in the first line", lambda d: 7),
    "magic": ("the very first letters", lambda d: 2),
    "sub-filter": ("the kind of seal", lambda d: d.index(b"/ETSI.CAdES") + 8),
    "organisation-name": ("the name of the organisation", lambda d: d.index(b"/Name (") + 10),
    "moment": ("the stated moment of sealing", lambda d: d.index(b"/M (D:") + 13),
    "permission": ("what may be changed (DocMDP)", lambda d: d.index(b"/P 1") + 3),
    "byte-range": ("which bytes the seal covers", lambda d: d.index(b"/ByteRange [0 ") + 15),
    "room-of-the-seal": ("an empty place in the seal's room", lambda d: cms_range(d)[1] + 90),
    "after-the-seal": ("directly behind the seal", lambda d: d.index(b">", cms_range(d)[1]) + 1),
    "attachment": ("the attached record", lambda d: d.index(b"/EmbeddedFile") + 200),
    "middle": ("the middle of the file", lambda d: len(d) // 2),
    "index": ("the index of the file", lambda d: len(d) - 120),
    "start-of-index": ("where the index starts", lambda d: len(d) - 10),
    "end-mark": ("the end mark", lambda d: len(d) - 3),
}
_TAILS: dict[str, tuple[str, bytes]] = {
    "newline": ("one empty line", b"\n"),
    "nul": ("one NUL", b"\0"),
    "space": ("one space", b" "),
    "comment": ("a comment", b"% hallo\n"),
    "end-mark": ("a second end mark", b"%%EOF\n"),
    "start-of-index": ("a second start of the index", b"startxref\n0\n%%EOF\n"),
    "page": ("a web page", b"<html><script>alert(1)</script></html>"),
    "archive": ("the end of a zip file (two kinds of file in one)", b"PK\x05\x06" + bytes(18)),
    "megabyte": ("a megabyte of zeros", bytes(1_000_000)),
}
_HEADS: dict[str, tuple[str, bytes]] = {
    "newline": ("one empty line", b"\n"),
    "byte-order-mark": ("a byte order mark", b"\xef\xbb\xbf"),
    "mail-headers": ("the headers of a mail message", b"Content-Type: application/pdf\r\n\r\n"),
    "image": ("the start of a picture", b"\xff\xd8\xff\xe0" + bytes(500)),
}


def cases() -> Iterator[Case]:
    for name, (what, place) in _PLACES.items():
        yield FLIPPED.case(name, f"one bit flipped in {what}", _flipped(place))
    for part, share in (("start", 0.1), ("signature", 0.999), ("certificate", 0.5)):
        for kind in ("p256", "rsa3072"):
            why = f"one digit of the seal changed ({part}, {kind})"
            yield FLIPPED.case(f"cms-{part}-{kind}", why, _changed_digit(kind, share))
    for level in ("B-T", "B-LT"):
        why = f"one bit flipped in the pages of a file at level {level}"
        yield FLIPPED.case(
            f"pages-{level.lower()}", why, given(lambda w, n: _flip_middle(w.overview("p256", n)), level)
        )
    for name, (what, tail) in _TAILS.items():
        yield APPENDED.case(name, f"{what} behind the end", given(lambda w, t: w.overview() + t, tail))
    yield APPENDED.case("itself", "the same file once more behind it", lambda w: w.overview() * 2)
    yield APPENDED.case("other", "another sealed file behind it", lambda w: w.overview() + w.small())
    for name, (what, head) in _HEADS.items():
        yield BEFORE.case(name, f"{what} before the start", given(lambda w, h: h + w.overview(), head))
    yield from _cut()
    yield from _mangled()


def _flipped(place: Callable[[bytes], int]) -> Callable[[World], bytes]:
    def build(world: World) -> bytes:
        data = world.overview()
        return flip_bit(data, place(data), 1)

    return build


def _flip_middle(data: bytes) -> bytes:
    return flip_bit(data, len(data) // 2, 3)


def _changed_digit(kind: str, share: float) -> Callable[[World], bytes]:
    def build(world: World) -> bytes:
        data = world.overview("rsa3072" if kind == "rsa3072" else "p256")
        start, end = cms_range(data)
        place = start + int((end - start) * share)
        other = b"1" if data[place : place + 1] == b"0" else b"0"
        return data[:place] + other + data[place + 1 :]

    return build


def _cut() -> Iterator[Case]:
    for name, what, size in (
        ("last-byte", "without its last byte", lambda d: len(d) - 1),
        ("end-mark", "without its end mark", lambda d: len(d) - 6),
        ("index", "without its index", lambda d: d.rindex(b"startxref") - 400),
        ("half", "the first half of it", lambda d: len(d) // 2),
        ("in-the-seal", "up to the middle of the seal", lambda d: cms_range(d)[0] + 500),
    ):
        yield CUT.case(name, what, given(lambda w, s: w.overview()[: s(w.overview())], size))
    why = "its first sixty bytes: nothing of a seal is left"
    yield CUT.case("to-the-start", why, lambda w: w.overview()[:60], row=2)
    yield CUT.case("hole", "a thousand bytes taken out of the middle", _with_hole)
    why = "without its first thousand bytes, where the seal is described"
    yield CUT.case("first-kilobyte", why, lambda w: b"%PDF-1.7\n" + w.overview()[1000:], row=2)


def _with_hole(world: World) -> bytes:
    data = world.overview()
    middle = len(data) // 2
    return data[:middle] + data[middle + 1000 :]


def _mangled() -> Iterator[Case]:
    yield MANGLED.case("line-ends", "line ends changed by a mail program", _with_other_line_ends)
    yield MANGLED.case(
        "utf-8", "read as Latin-1 and written as UTF-8", lambda w: w.overview().decode("latin-1").encode()
    )
    yield MANGLED.case(
        "seven-bits", "the highest bit of every byte lost", lambda w: bytes(b & 127 for b in w.overview())
    )
    yield MANGLED.case("zeros", "a kilobyte overwritten with zeros", _with_zeros)
    yield MANGLED.case(
        "packed", "packed with gzip: no PDF any more", lambda w: gzip.compress(w.overview(), mtime=0), row=2
    )
    yield MANGLED.case("amount", "an amount changed in a file without compression", _other_amount)
    yield MANGLED.case("emptied-seal", "the seal overwritten with zeros", _emptied_seal)
    yield MANGLED.case("seal-of-another", "the seal of another file in its place", _seal_of_another)


def _with_other_line_ends(world: World) -> bytes:
    return world.overview().replace(b"\n", b"\r\n")


def _with_zeros(world: World) -> bytes:
    data = world.overview()
    middle = len(data) // 2
    return data[:middle] + bytes(1024) + data[middle + 1024 :]


def _other_amount(world: World) -> bytes:
    return changed(world.small(), b"46112", b"00112")


def _emptied_seal(world: World) -> bytes:
    data = world.overview()
    start, end = cms_range(data)
    return data[:start] + b"0" * (end - start) + data[end:]


def _seal_of_another(world: World) -> bytes:
    data, other = world.small(), world.small(junk_pages=1)
    (start, end), (first, last) = cms_range(data), cms_range(other)
    return (
        data[:start]
        + other[first:last].ljust(end - start, b"0")
        + data[end + max(0, last - first - end + start) :]
    )


def changed(data: bytes, old: bytes, new: bytes) -> bytes:
    """The same bytes with `old`, which must be there, replaced."""
    assert old in data
    return data.replace(old, new)
