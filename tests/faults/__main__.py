"""Break things at random while citizens use the service: `python -m tests.faults --runs 300`.

Run number N has seed SEED + N; `--seed S --runs 1` does the run with seed S again: the same faults at the same moments and the
same citizens, though threads and processes may take turns otherwise. Exit code 1 when a promise was broken.
With `--progress FILE` a run that was stopped goes on, and `--summary FILE` says what really ran.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import secrets
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from tests.faults.namespace import enter_own_namespaces
from tests.faults.progress import Progress, write_summary
from tests.faults.run import RECOVERY_S
from tests.faults.self_test import finds_every_broken_build
from tests.faults.session import go_through
from tests.support.bytecode import keep_bytecode

STOPPED = 130  # as a shell says it


def main(arguments: Sequence[str]) -> int:
    options = _parse(arguments)
    keep_bytecode()
    enter_own_namespaces(arguments)
    signal.signal(signal.SIGTERM, _stop)
    if options.jobs > 1:
        return _side_by_side(options)
    progress = Progress(options.progress, options.recovery_seconds)
    with tempfile.TemporaryDirectory(prefix="bk-faults-", ignore_cleanup_errors=True) as folder:
        if options.self_test:
            return 0 if finds_every_broken_build(Path(folder)) else 1
        good = go_through(
            Path(folder), progress.left(options.runs, options.seed), progress, options.recovery_seconds
        )
    if options.summary:
        write_summary(options.summary, [progress])
    return 0 if good else 1


def _stop(number: int, frame: FrameType | None) -> None:
    """Once: whoever tidies up is not interrupted."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.default_int_handler(number, frame)


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--runs", type=int, default=300)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(2**31))
    parser.add_argument("--recovery-seconds", type=float, default=RECOVERY_S, help="more on a busy machine")
    parser.add_argument("--jobs", type=int, default=1, help="installations side by side")
    parser.add_argument("--progress", type=Path, help="what was done so far")
    parser.add_argument("--summary", type=Path, help="where to write what ran")
    parser.add_argument("--self-test", action="store_true", help="would the bench find broken builds?")
    return parser.parse_args(arguments)


def _side_by_side(options: argparse.Namespace) -> int:
    """Each with its own installation, seeds and file of progress."""
    files = [_part(options.progress, number) for number in range(options.jobs)]
    processes = []
    for number, file in enumerate(files):
        runs = options.runs * (number + 1) // options.jobs - options.runs * number // options.jobs
        first = options.seed + options.runs * number // options.jobs
        command = [sys.executable, "-m", "tests.faults", "--runs", str(runs), "--seed", str(first)]
        command += ["--recovery-seconds", str(options.recovery_seconds)]
        command += ["--progress", str(file)] if file else []
        processes.append(subprocess.Popen(command))
    try:
        codes = [process.wait() for process in processes]
    finally:
        for process in processes:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGTERM)
            process.wait()
    if options.summary:
        write_summary(options.summary, [Progress(file) for file in files])
    return max(codes)


def _part(progress: Path | None, number: int) -> Path | None:
    return None if progress is None else progress.with_stem(f"{progress.stem}-{number + 1}")


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(STOPPED)
