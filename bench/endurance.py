"""One process that makes thousands of sealed documents: does it keep anything of them?

Other content every time, every tenth with a letter that asks for another subset of the fonts; levels take turns, and our
own verification looks at some. A tenth of the documents is made before it counts, so that caches are full.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.measure import Ratio, spread
from bench.places import time_stamps
from bench.sizes import Sizes
from tests.support.seals import Town


def run(sizes: Sizes) -> list[Ratio]:
    """How much larger it is at the end, and what it keeps per document as a straight line through all samples."""
    count, every = sizes.endurance
    with TemporaryDirectory() as name:
        town, folder = Town.create(), Path(name)
        with time_stamps(town, folder) as url:
            samples, document = _samples(folder, url, (count, every))
    settled = samples[len(samples) // 10 :]
    kept = _slope(settled)
    subject = f"{count:,} documents in one process"
    return [
        spread(subject, "memory at the end", "memory after a tenth", [settled[-1][1] / settled[0][1]]),
        spread(subject, "bytes kept per document", "bytes of a document", [kept / document]),
        spread(subject, "bytes kept per document", "one byte", [kept]),
    ]


def _slope(samples: Sequence[tuple[int, int]]) -> float:
    """Bytes per document."""
    made, resident = zip(*samples, strict=True)
    return statistics.linear_regression(made, resident).slope


def _samples(folder: Path, url: str, plan: tuple[int, int]) -> tuple[list[tuple[int, int]], int]:
    """(documents made, resident bytes), and the size of the last document in bytes."""
    command = [sys.executable, "-m", "bench.endurance_child", str(folder), url, *map(str, plan)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    *lines, last = done.stdout.splitlines()
    return [(int(made), int(resident)) for made, resident in map(str.split, lines)], int(last)
