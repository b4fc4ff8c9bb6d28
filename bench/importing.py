"""Taking a delivered file, against only reading and parsing the same file, each in a process of its own.

Memory must not grow with the file: the growth is shown beside that of a file of a tenth of the records.
"""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.deliveries import write_delivery
from bench.measure import Ratio, spread
from bench.sizes import Sizes

_WARM_UP_RECORDS = 5
_FLOOR = "reading and parsing the same file"


@dataclass(frozen=True, slots=True)
class Taken:
    """`seconds` of processor time; `grown` bytes, at least one page."""

    seconds: float
    grown: int


def run(sizes: Sizes) -> list[Ratio]:
    """Per format: a tenth of the records, then all."""
    with TemporaryDirectory() as folder:
        return [
            ratio
            for written, count in sizes.imported_records
            for ratio in _of_format(Path(folder), written, count)
        ]


def _of_format(folder: Path, written: str, count: int) -> list[Ratio]:
    small, tenth, whole = (folder / f"{written}-{name}" for name in ("small", "tenth", "whole"))
    write_delivery(small, written, _WARM_UP_RECORDS)
    write_delivery(tenth, written, count // 10)
    size = write_delivery(whole, written, count)
    subject = f"import {count:,} records of {written} ({size:,} bytes)"
    floor, ours = (_in_child(action, written, small, whole) for action in ("parse", "import"))
    before = _in_child("import", written, small, tenth)
    return [
        spread(subject, "processor time", _FLOOR, [ours.seconds / floor.seconds]),
        spread(subject, "records", "one second of processor time", [count / ours.seconds]),
        spread(
            subject, "growth of memory", f"growth with {count // 10:,} records", [ours.grown / before.grown]
        ),
        spread(subject, "growth of memory", "bytes of the file", [ours.grown / size]),
    ]


def _in_child(action: str, written: str, small: Path, file: Path) -> Taken:
    command = [sys.executable, "-m", "bench.import_child", action, written, str(small), str(file)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    seconds, grown = done.stdout.split()
    return Taken(max(float(seconds), 1e-6), max(int(grown), 4096))
