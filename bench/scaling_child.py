"""Make sealed documents whenever a line comes in, and print the processor seconds of each time.

Usage: python -m bench.scaling_child DOCUMENTS. The first line that it prints says that it is ready; it ends with stdin.
"""

from __future__ import annotations

import sys
import time

from bench.overviews import material
from bench.quiet import quiet
from bench.sizes import Paper, Plan
from signing.sealing.pdf import PdfSeal
from tests.support.seals import Town

_PAPER = Paper(3, Plan(1))


def main() -> None:
    quiet()
    seal = PdfSeal(Town.create().key)
    materials = [material(_PAPER, number) for number in range(int(sys.argv[1]))]
    materials[0].write(seal)
    print("ready", flush=True)
    for _ in sys.stdin:
        started = time.process_time()
        for one in materials:
            one.write(seal)
        print(time.process_time() - started, flush=True)


if __name__ == "__main__":
    main()
