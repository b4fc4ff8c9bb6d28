"""Start one fuzzing process, watch it from outside, and tell what came of it."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.fuzz.current import last_input
from tests.fuzz.limits import USUAL, Limits
from tests.fuzz.plain_child import Order

ROOT = Path(__file__).parents[2]
STORED = Path(__file__).parent / "corpus"
_STATISTIC = re.compile(r"^stat::(\w+):\s+(\d+)$", re.MULTILINE)


@dataclass(frozen=True)
class Job:
    """Fuzz one target for so many seconds, or so many cases (the other is None). `guided`: by coverage; without it there
    are several times as many cases in the same time, and it takes cases only."""

    target: str
    seed: int
    seconds: int | None = None
    cases: int | None = None
    guided: bool = True


@dataclass(frozen=True)
class Result:
    """`failure`: the input that broke a promise, as a file; `output`: what the process said last."""

    job: Job
    cases: int
    seconds: float
    megabytes: int
    failure: Path | None = None
    output: str = ""


def run(job: Job, folder: Path, limits: Limits = USUAL) -> Result:
    """`folder` keeps what was found (also from earlier runs): new inputs in `corpus`, failures beside it."""
    grown, failures = folder / job.target / "corpus", folder / job.target
    grown.mkdir(parents=True, exist_ok=True)
    log, current, started = failures / "log.txt", failures / "current", time.monotonic()
    current.unlink(missing_ok=True)
    inputs = [str(path) for path in (grown, STORED / job.target) if path.is_dir()]
    command = _guided(job, limits, failures) + inputs if job.guided else _plain(job, limits, inputs)
    with log.open("w+", encoding="utf-8", errors="replace") as output:
        code = _wait([sys.executable, "-m", *command[:2], str(current), *command[2:]], output, job, limits)
    said = log.read_text(encoding="utf-8", errors="replace")
    found = {name: int(number) for name, number in _STATISTIC.findall(said)}
    failure = None if code == 0 else _kept(failures, code)
    executed, peak = found.get("number_of_executed_units", 0), found.get("peak_rss_mb", 0)
    return Result(job, executed, time.monotonic() - started, peak, failure, said[-4000:])


def _kept(failures: Path, code: int) -> Path:
    """The input that was being read, whatever became of the process; its log when it never came that far."""
    data = last_input(failures / "current")
    if data is None:
        return failures / "log.txt"
    file = failures / f"failed-{abs(code)}-{hashlib.sha1(data).hexdigest()}"
    file.write_bytes(data)
    return file


def _plain(job: Job, limits: Limits, inputs: list[str]) -> list[str]:
    order = Order(job.seed, job.cases or 0, inputs, **asdict(limits))
    return ["tests.fuzz.plain_child", job.target, order.text()]


def _guided(job: Job, limits: Limits, failures: Path) -> list[str]:
    amount = f"-runs={job.cases}" if job.cases is not None else f"-max_total_time={job.seconds}"
    return [
        "tests.fuzz.child",
        job.target,
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


def _wait(command: list[str], output: Any, job: Job, limits: Limits) -> int:
    """The exit code, negative for a signal. The time-out here is for a process that its own watchdog cannot stop."""
    most = limits.case_seconds + 300 + (job.seconds or 0) * 3 + (job.cases or 0) * 0.1
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
    try:
        return process.wait(most)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()
    finally:
        process.kill()
        process.wait()
