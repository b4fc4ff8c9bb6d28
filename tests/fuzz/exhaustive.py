"""A million cases per group, in pieces: a run that was stopped goes on, and the summary says what really ran."""

from __future__ import annotations

import json
import os
import platform
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any

from tests.fuzz.groups import GROUPS
from tests.fuzz.run import Job, Result

PIECE = 20_000


class Progress:
    """What was done so far, in a file of its own. Shared by the threads that each fuzz one target."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.lock = Lock()
        self.done: dict[str, dict[str, Any]] = json.loads(file.read_text()) if file.is_file() else {}

    def next_job(self, target: str, wanted: int, seed: int) -> Job | None:
        """The next piece with a seed of its own; None when the target has had what was wanted."""
        done = self.done.get(target, {"cases": 0, "seeds": []})
        left = wanted - done["cases"]
        return Job(target, seed + len(done["seeds"]), cases=min(PIECE, left)) if left > 0 else None

    def note(self, result: Result) -> None:
        with self.lock:
            entry = self.done.setdefault(
                result.job.target, {"cases": 0, "seconds": 0.0, "megabytes": 0, "seeds": []}
            )
            entry["cases"] += result.cases
            entry["seconds"] += result.seconds
            entry["megabytes"] = max(entry["megabytes"], result.megabytes)
            entry["seeds"].append(result.job.seed)
            self._file.parent.mkdir(parents=True, exist_ok=True)
            self._file.write_text(json.dumps(self.done, indent=1) + "\n", encoding="utf-8")


def write_summary(file: Path, progress: Progress) -> None:
    """The dated summary for people; only of what ran."""
    with progress.lock:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("\n".join([*_head(), *_lines(progress.done), ""]), encoding="utf-8")


def _head() -> list[str]:
    now = datetime.now(UTC)
    system = f"{os.cpu_count()} processors (shared), Python {platform.python_version()}, {platform.system()} {platform.machine()}"
    return [
        "# Exhaustive runs",
        "",
        "Written by `make exhaustive`; what the targets are and promise: [fuzzing.md](fuzzing.md).",
        "",
        f"Last run ended on {now:%-d %B %Y}, {now:%H:%M} UTC; {system}. No case in this table broke a promise: a target stops",
        "at the first one that does, and what ran before a mend is not counted.",
        "",
        "| group | target | cases | minutes | memory at most | seeds |",
        "|---|---|---|---|---|---|",
    ]


def _lines(done: dict[str, dict[str, Any]]) -> list[str]:
    lines = []
    for group, targets in GROUPS.items():
        entries = [(target, done[target]) for target in targets if target in done]
        lines += [
            f"| {group} | {target} | {_figures(one)} | {_seeds(one['seeds'])} |" for target, one in entries
        ]
        total = sum(one["cases"] for _, one in entries)
        lines.append(f"| **{group}** | **together** | **{total:,}** | | | |")
    return lines


def _figures(entry: dict[str, Any]) -> str:
    return f"{entry['cases']:,} | {entry['seconds'] / 60:.0f} | {entry['megabytes']} MB"


def _seeds(seeds: list[int]) -> str:
    """Pieces have seeds that follow each other."""
    return f"{seeds[0]} to {seeds[-1]}" if len(seeds) > 1 else str(seeds[0])
