"""Memory of the service during an hour of citizens who come and go, without interruption; docs/benchmarks.md, "Load"."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import load, report
from bench.load_town import load_town
from bench.measure import Ratio
from bench.sizes import Sizes

OUTPUT = Path("test-output/load-hour.json")


def run(sizes: Sizes) -> list[Ratio]:
    """Every figure of the crowd, also its memory, in OUTPUT."""
    crowd = replace(sizes.crowd, citizens=sizes.crowd.hour_citizens, crowd_seconds=sizes.crowd.hour_seconds)
    with TemporaryDirectory() as folder, load_town(Path(folder) / "load") as town:
        figures = load.crowd(town, crowd, "uur", crowd.crowd_seconds, crowd.arrival)
    figures["conditions"] = report.conditions()
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    OUTPUT.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")
    return [*load.overhead("load-hour", figures), *load.memory("load-hour", figures)]
