"""How far a process grows while it handles an overview, against the bytes that the sources sent.

Every figure is the peak of a fresh process that first did the same for five claims (so that programs and fonts are
loaded) and then goes as far as the named step, from the bytes of the answers on.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.answers import write_answers
from bench.measure import Ratio, spread
from bench.sizes import Sizes

_WARM_UP_CLAIMS = 5


def run(sizes: Sizes) -> list[Ratio]:
    """Each step, for each number of claims."""
    with TemporaryDirectory() as name:
        small, file = Path(name) / "small.txt", Path(name) / "full.txt"
        write_answers(small, _WARM_UP_CLAIMS)
        return [ratio for count in sizes.memory_claims for ratio in _all_steps(sizes, small, file, count)]


def _all_steps(sizes: Sizes, small: Path, file: Path, claim_count: int) -> list[Ratio]:
    size = write_answers(file, claim_count)
    subject = f"peak memory, {claim_count:,} claims ({size:,} bytes of answers)"
    ratios = []
    for step in sizes.memory_steps:
        grown = [_grown_bytes(step, small, file) / size for _ in range(sizes.memory_processes)]
        ratios.append(spread(subject, f"up to and including: {step}", "bytes of the answers", grown))
    return ratios


def _grown_bytes(step: str, small: Path, file: Path) -> int:
    command = [sys.executable, "-m", "bench.memory_child", step, str(small), str(file)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return int(done.stdout.splitlines()[-1])
