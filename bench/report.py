"""The table for people and the file for programs."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

from bench.measure import Ratio


def table(ratios: Iterable[Ratio]) -> str:
    """One block per subject, one line per comparison."""
    blocks = []
    for subject, group in groupby(ratios, key=lambda ratio: ratio.subject):
        blocks.append("\n".join([f"\n{subject}", *(_line(ratio) for ratio in group)]))
    return "\n".join(blocks)


def _line(ratio: Ratio) -> str:
    middle = f"{_figure(ratio.p10)} - {_figure(ratio.p90)}"
    return f"  {ratio.what:<46} {_figure(ratio.median):>7} x  {ratio.against:<42} {middle:>17}"


def _figure(value: float) -> str:
    """Three significant digits; more would say more than was measured."""
    digits = 2 if value < 10 else 1 if value < 100 else 0
    return f"{value:,.{digits}f}"


def conditions() -> dict[str, object]:
    """What the figures depend on; nothing that names the machine."""
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "processors": os.cpu_count(),
        "load_average": [round(load, 1) for load in os.getloadavg()],
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
    }


def write_json(file: Path, ratios: Iterable[Ratio], circumstances: dict[str, object]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    content = {"conditions": circumstances, "ratios": [asdict(ratio) for ratio in ratios]}
    file.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
