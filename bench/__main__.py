"""`python -m bench [--only SUBJECT]`: print a table of ratios and write test-output/bench.json."""

from __future__ import annotations

import argparse
from pathlib import Path

from bench import goals, report
from bench.measure import Ratio
from bench.quiet import quiet
from bench.sizes import FULL
from bench.subjects import HEAVY, SUBJECTS

OUTPUT = Path("test-output/bench.json")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--only", choices=SUBJECTS, action="append", help="measure this subject (repeatable)")
    chosen = parser.parse_args().only or [name for name in SUBJECTS if name not in HEAVY]
    quiet()
    before = report.conditions()
    print(f"Ratios, median over all rounds, then 10th - 90th percentile. {before}")
    ratios: list[Ratio] = []
    for name in chosen:
        found = SUBJECTS[name](FULL)
        print(report.table(found), flush=True)
        ratios += found
    after = report.conditions()
    report.write_json(OUTPUT, ratios, {**before, "load_average_after": after["load_average"]})
    print(f"\n{goals.table(ratios)}")
    print(f"\nAlso in {OUTPUT}. Load average now: {after['load_average']}")


if __name__ == "__main__":
    main()
