"""Changes to files, plain or packed: lines that are lost or repeated, cells that move, records that are spoilt."""

from __future__ import annotations

from random import Random

from tests.fuzz.json_mutations import change_document
from tests.fuzz.mutations import WORDS, Change, with_bytes_now_and_then
from tests.fuzz.packing import packed
from tests.fuzz.xml_mutations import mutate_xml


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
    return with_bytes_now_and_then(packed(lambda data, random: _lines(data, random, change_line)))


mutate_csv = lines_of(_cells)
mutate_json_lines = lines_of(change_document)
mutate_xml_file = packed(mutate_xml)
