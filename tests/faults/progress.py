"""What was done so far, so that a run that was stopped goes on; and the summary of it for people."""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.faults.run import RECOVERY_S, Result

BEGIN, END = "<!-- measured -->", "<!-- /measured -->"


class Progress:
    """`file` None: kept in memory only. `allowed_s`: how long recovering may take in the runs that come now."""

    def __init__(self, file: Path | None, allowed_s: float = RECOVERY_S) -> None:
        self._file, self._allowed_s, self._commit = file, allowed_s, _commit()
        stored = json.loads(file.read_text("utf-8")) if file is not None and file.is_file() else {}
        self.runs: list[dict[str, Any]] = stored.get("runs", [])

    def left(self, runs: int, seed: int) -> list[int]:
        """The seeds that are still to do: they go on behind those that were done."""
        done = [one["seed"] for one in self.runs]
        first = max(done) + 1 if done else seed
        return list(range(first, first + max(0, runs - len(done))))

    def note(self, result: Result) -> None:
        """A run in which every promise was kept."""
        self.runs.append(
            {
                "seed": result.schedule.seed,
                "faults": [[fault.thing, fault.way] for fault in result.schedule.faults],
                "recovered_s": round(result.recovered_s or 0.0, 2),
                "seconds": round(result.seconds, 2),
                "answers": result.answers,
                "allowed_s": self._allowed_s,
                "commit": self._commit,
            }
        )
        if self._file is not None:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            draft = self._file.with_suffix(".nieuw")
            draft.write_text(json.dumps({"runs": self.runs}), encoding="utf-8")
            draft.replace(self._file)


def _commit() -> str:
    """Of the code that runs; with a + when files differ from it, empty outside a repository."""
    done = subprocess.run(
        ["git", "describe", "--always", "--dirty=+", "--exclude=*"],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip()


def write_summary(file: Path, parts: Sequence[Progress]) -> None:
    """Between the two marks of an existing page, or as a page of its own."""
    text = "\n".join(_lines([run for part in parts for run in part.runs]))
    page = file.read_text("utf-8") if file.is_file() else f"# Faults\n\n{BEGIN}\n{END}\n"
    before, _, rest = page.partition(BEGIN)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"{before}{BEGIN}\n{text}\n{END}{rest.partition(END)[2]}", encoding="utf-8")


def _lines(runs: list[dict[str, Any]]) -> list[str]:
    now = datetime.now(UTC)
    system = f"{os.cpu_count()} processors (shared), Python {platform.python_version()}"
    recovered = sorted(run["recovered_s"] for run in runs) or [0.0]
    answers = sum((Counter(run["answers"]) for run in runs), Counter[str]())
    errors = sum(count for name, count in answers.items() if int(name.rpartition(" ")[2]) >= 400)
    allowed = max((run.get("allowed_s", RECOVERY_S) for run in runs), default=RECOVERY_S)
    return [
        "",
        f"**{len(runs):,} runs** until {now:%-d %B %Y}, {now:%H:%M} UTC; {system}. Every promise was kept in them; a",
        f"run that breaks one is not counted and ends its series. Commits: {_commits(runs)}.",
        f"{sum(answers.values()):,} answers of the service were read, {errors:,} of them error pages. Recovery: half within "
        f"{statistics.median(recovered):.1f} s, 99 of 100 within {recovered[int(len(recovered) * 0.99)]:.1f} s, the slowest "
        f"{recovered[-1]:.1f} s (allowed: {allowed:.0f} s).",
        "",
        "| what broke | how | runs | slowest recovery |",
        "|---|---|---|---|",
        *_rows(runs),
        "",
    ]


def _commits(runs: list[dict[str, Any]]) -> str:
    counts = Counter(run.get("commit") or "unknown" for run in runs)
    return ", ".join(f"{commit} ({count:,})" for commit, count in counts.items())


def _rows(runs: list[dict[str, Any]]) -> list[str]:
    """Sources together by what they did: which one it was says little."""
    found: dict[tuple[str, str], list[float]] = {}
    for run in runs:
        for thing, way in run["faults"]:
            found.setdefault((thing.partition(" bank-")[0], way), []).append(run["recovered_s"])
    return [
        f"| {thing} | {way} | {len(times):,} | {max(times):.1f} s |"
        for (thing, way), times in sorted(found.items())
    ]
