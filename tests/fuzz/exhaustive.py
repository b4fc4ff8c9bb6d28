"""A million cases per group, in pieces: a run that was stopped goes on, and the summary says what really ran.

What ran with other readers than there are now does not count. The first piece of a target is guided by coverage; the
rest starts from what that found too, without the cost of watching coverage.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

from grimp import build_graph

from tests.fuzz.groups import GROUPS, READERS
from tests.fuzz.run import ROOT, Job, Result

GUIDED_PIECE, PIECE = 20_000, 50_000
MILLION = 1_000_000
_JUDGES = [
    f"tests/fuzz/{name}.py"
    for name in ("xml_readers", "json_readers", "batch_readers", "token_reader", "watch")
]


class Progress:
    """What was done so far, in a file of its own. Shared by the threads that each fuzz one target."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.lock = Lock()
        self._readers = {target: fingerprint(target) for target in READERS}
        self._stored: dict[str, dict[str, Any]] = json.loads(file.read_text()) if file.is_file() else {}

    @property
    def done(self) -> dict[str, dict[str, Any]]:
        """Per target, with the readers that there are now."""
        return {
            target: entry
            for target, entry in self._stored.items()
            if entry.get("readers") == self._readers.get(target)
        }

    def next_job(self, target: str, wanted: int, seed: int) -> Job | None:
        """The next piece with a seed of its own; None when the target has had what was wanted."""
        done = self.done.get(target, {"cases": 0, "seeds": []})
        left, number = wanted - done["cases"], len(done["seeds"])
        if left <= 0:
            return None
        guided = number == 0
        return Job(target, seed + number, cases=min(GUIDED_PIECE if guided else PIECE, left), guided=guided)

    def note(self, result: Result) -> None:
        target = result.job.target
        with self.lock:
            if target not in self.done:
                self._stored[target] = {
                    "readers": self._readers[target], "cases": 0, "guided": 0, "seconds": 0.0, "megabytes": 0, "seeds": [],
                }  # fmt: skip
            entry = self._stored[target]
            entry["cases"] += result.cases
            entry["guided"] += result.cases if result.job.guided else 0
            entry["seconds"] += result.seconds
            entry["megabytes"] = max(entry["megabytes"], result.megabytes)
            entry["seeds"].append(result.job.seed)
            self._file.parent.mkdir(parents=True, exist_ok=True)
            self._file.write_text(json.dumps(self._stored, indent=1) + "\n", encoding="utf-8")


def fingerprint(target: str) -> str:
    """Of the code that this target reads with, and of the look that judges it."""
    roots = [ROOT / name for name in (*READERS[target], *_JUDGES)]
    files = [file for root in roots for file in ([root] if root.is_file() else sorted(root.rglob("*.py")))]
    used = [file for file in files if not file.is_relative_to(ROOT / "claims") or file in _claims_read()]
    return hashlib.sha256(b"".join(file.read_bytes() for file in used)).hexdigest()[:16]


@cache
def _claims_read() -> frozenset[Path]:
    """The files in `claims` that a reader imports: what is only done with claims later changes nothing of reading."""
    graph = build_graph("claims", "sources", "tests", cache_dir=None)
    judges = [judge.removesuffix(".py").replace("/", ".") for judge in _JUDGES]
    modules = {module for judge in judges for module in graph.find_upstream_modules(judge)}
    named = [ROOT / module.replace(".", "/") for module in modules if module.startswith("claims")]
    return frozenset(name / "__init__.py" if name.is_dir() else name.with_suffix(".py") for name in named)


def write_summary(file: Path, progress: Progress) -> None:
    """The dated summary for people; only of what ran."""
    with progress.lock:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("\n".join([*_head(progress.done), *_lines(progress.done), ""]), encoding="utf-8")


def _head(done: dict[str, dict[str, Any]]) -> list[str]:
    now = datetime.now(UTC)
    system = f"{os.cpu_count()} processors (shared), Python {platform.python_version()}, {platform.system()} {platform.machine()}"
    return [
        "# Exhaustive runs",
        "",
        "Written by `make exhaustive`; what the targets are and promise: [fuzzing.md](fuzzing.md).",
        "",
        f"Last run ended on {now:%-d %B %Y}, {now:%H:%M} UTC; {system}. No case in this table broke a promise: a target stops",
        "at the first one that does, and what ran with older readers is not counted. Guided: by coverage, part of the cases.",
        *_still_to_do(done),
        "",
        "| group | target | cases | guided | minutes | memory at most | seeds |",
        "|---|---|---|---|---|---|---|",
    ]


def _still_to_do(done: dict[str, dict[str, Any]]) -> list[str]:
    short = [
        group
        for group, targets in GROUPS.items()
        if sum(done[target]["cases"] for target in targets if target in done) < MILLION
    ]
    return [f"**Less than a million cases yet: {', '.join(short)}.**"] if short else []


def _lines(done: dict[str, dict[str, Any]]) -> list[str]:
    lines = []
    for group, targets in GROUPS.items():
        entries = [(target, done[target]) for target in targets if target in done]
        lines += [
            f"| {group} | {target} | {_figures(one)} | {_seeds(one['seeds'])} |" for target, one in entries
        ]
        total = sum(one["cases"] for _, one in entries)
        lines.append(f"| **{group}** | **together** | **{total:,}** | | | | |")
    return lines


def _figures(entry: dict[str, Any]) -> str:
    return f"{entry['cases']:,} | {entry['guided']:,} | {entry['seconds'] / 60:.0f} | {entry['megabytes']} MB"


def _seeds(seeds: list[int]) -> str:
    """Pieces have seeds that follow each other."""
    return f"{seeds[0]} to {seeds[-1]}" if len(seeds) > 1 else str(seeds[0])
