"""Changes to files of lines, plain or packed: lines that are lost or repeated, cells that move, packed data that is spoilt."""

from __future__ import annotations

import gzip
import zlib
from random import Random

from tests.fuzz.json_mutations import change_document
from tests.fuzz.mutations import WORDS, Change, any_bytes, with_bytes_now_and_then

_GZIP = b"\x1f\x8b"


def _cells(line: bytes, random: Random) -> bytes:
    cells = line.split(b";")
    place = random.randrange(len(cells))
    kind = random.randrange(6)
    if kind == 0:
        del cells[place]
    elif kind == 1:
        cells.insert(place, random.choice(cells))
    elif kind == 2:
        cells.reverse()
    elif kind == 3:
        cells[place] = b'"' + cells[place] + random.choice((b'"', b""))
    else:
        cells[place] = random.choice(WORDS).encode("utf-8", "replace")
    return b";".join(cells)


def _lines(data: bytes, random: Random, change_line: Change) -> bytes:
    lines = data.split(b"\n")
    place, other = random.randrange(len(lines)), random.randrange(len(lines))
    kind = random.randrange(10)
    if kind == 0:
        del lines[place]
    elif kind == 1:
        lines.insert(other, lines[place])
    elif kind == 2:
        lines[place], lines[other] = lines[other], lines[place]
    elif kind == 3:
        lines.insert(place, random.choice((b"", b" ", b"\r", b"#einde", b"{}", b"\x00")))
    else:
        lines[place] = change_line(lines[place], random)
    return b"\n".join(lines)


def lines_of(change_line: Change) -> Change:
    """A packed file is unpacked, changed and packed again, so that changes get past its check sum."""

    def change(data: bytes, random: Random) -> bytes:
        if data[:2] != _GZIP:
            changed = _lines(data, random, change_line)
            return gzip.compress(changed, mtime=0) if random.random() < 0.02 else changed
        try:
            unpacked = zlib.decompressobj(31).decompress(data, 100_000)
        except zlib.error:
            return any_bytes(data, random)
        if random.random() < 0.05:
            return data + gzip.compress(unpacked[:100] * 1000, mtime=0)
        return gzip.compress(_lines(unpacked, random, change_line), mtime=0)

    return with_bytes_now_and_then(change)


mutate_csv = lines_of(_cells)
mutate_json_lines = lines_of(change_document)
