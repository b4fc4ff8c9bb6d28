"""Start one fuzzing process, watch it from outside, and tell what came of it."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
STORED = Path(__file__).parent / "corpus"
_STATISTIC = re.compile(r"^stat::(\w+):\s+(\d+)$", re.MULTILINE)


@dataclass(frozen=True)
class Job:
    """Fuzz one target for so many seconds, or so many cases (the other is None)."""

    target: str
    seed: int
    seconds: int | None = None
    cases: int | None = None


@dataclass(frozen=True)
class Limits:
    """Of one case and of the process that reads it. Generous: a machine may be busy, a hang is far over it."""

    case_seconds: int = 60
    megabytes: int = 700
    longest_input: int = 16_000


@dataclass(frozen=True)
class Result:
    """`failure`: the input that broke a promise, as a file; `output`: what the process said last."""

    job: Job
    cases: int
    seconds: float
    megabytes: int
    failure: Path | None = None
    output: str = ""


def run(job: Job, folder: Path, limits: Limits = Limits()) -> Result:
    """`folder` keeps what was found (also from earlier runs): new inputs in `corpus`, failures beside it."""
    grown, failures = folder / job.target / "corpus", folder / job.target
    grown.mkdir(parents=True, exist_ok=True)
    before, started = set(failures.iterdir()), time.monotonic()
    command = [
        sys.executable,
        "-m",
        "tests.fuzz.child",
        job.target,
        *_flags(job, limits, failures),
        str(grown),
    ]
    stored = STORED / job.target
    log = failures / "log.txt"
    with log.open("w+", encoding="utf-8", errors="replace") as output:
        code = _wait([*command, *([str(stored)] if stored.is_dir() else [])], output, job, limits)
    said = log.read_text(encoding="utf-8", errors="replace")
    found = {name: int(number) for name, number in _STATISTIC.findall(said)}
    failure = None
    if code != 0:
        new = sorted(set(failures.iterdir()) - before - {log})
        failure = new[0] if new else log
    seconds = time.monotonic() - started
    executed, peak = found.get("number_of_executed_units", 0), found.get("peak_rss_mb", 0)
    return Result(job, executed, seconds, peak, failure, said[-4000:])


def _flags(job: Job, limits: Limits, failures: Path) -> list[str]:
    amount = f"-runs={job.cases}" if job.cases is not None else f"-max_total_time={job.seconds}"
    return [
        amount,
        f"-seed={job.seed}",
        f"-timeout={limits.case_seconds}",
        f"-rss_limit_mb={limits.megabytes}",
        f"-max_len={limits.longest_input}",
        f"-artifact_prefix={failures}/",
        "-print_final_stats=1",
        f"-report_slow_units={limits.case_seconds}",
        "-verbosity=0",
    ]


def _wait(command: list[str], output: object, job: Job, limits: Limits) -> int:
    """The exit code. The time-out here is for a process that its own watchdog cannot stop."""
    most = limits.case_seconds + 300 + (job.seconds or 0) * 3 + (job.cases or 0) * 0.1
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=output, stderr=output)  # type: ignore[call-overload]
    try:
        return int(process.wait(most))
    finally:
        process.kill()
        process.wait()
