"""Fuzz readers: `python -m tests.fuzz all --seconds 30`, `python -m tests.fuzz dkd --replay FILE`.

Seconds and cases are per group (xml, json, batch), divided over its targets. Exit code 1 when a promise was broken.
"""

from __future__ import annotations

import argparse
import secrets
import sys
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.fuzz.exhaustive import Progress, write_summary
from tests.fuzz.groups import GROUPS, group_of, targets_of
from tests.fuzz.run import Job, Result, run

KEPT = Path("test-output/fuzz")


def main(arguments: list[str] | None = None) -> int:
    options = _parse(arguments)
    if options.replay:
        return _replay(options.target[0], options.replay)
    targets = list(dict.fromkeys(target for word in options.target for target in targets_of(word)))
    with ThreadPoolExecutor(options.jobs) as pool:
        if options.seconds is not None:
            good = list(pool.map(lambda target: _for_a_while(target, options), targets))
        else:
            progress = Progress(options.progress)
            good = list(pool.map(lambda target: _many_cases(target, options, progress), targets))
    return 0 if all(good) else 1


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    words = ["all", *GROUPS, *targets_of("all")]
    parser.add_argument("target", nargs="+", choices=words, help="a target, a group, or all")
    amount = parser.add_mutually_exclusive_group(required=True)
    amount.add_argument("--seconds", type=int, help="per group")
    amount.add_argument("--cases", type=int, help="per group; goes on where an earlier run stopped")
    amount.add_argument(
        "--replay", type=Path, nargs="+", help="read these inputs, and say which promise they break"
    )
    parser.add_argument("--seed", type=int, default=secrets.randbelow(2**31))
    parser.add_argument("--jobs", type=int, default=1, help="processes side by side")
    parser.add_argument(
        "--progress", type=Path, default=KEPT / "progress.json", help="what was done so far (with --cases)"
    )
    parser.add_argument(
        "--summary", default="test-output/exhaustive.md", help="where to write what ran (with --cases)"
    )
    return parser.parse_args(arguments)


def _share(amount: int, target: str) -> int:
    return max(1, amount // len(GROUPS[group_of(target)]))


def _for_a_while(target: str, options: argparse.Namespace) -> bool:
    """From the stored inputs only, so that every run of `make check` begins with the same."""
    with TemporaryDirectory() as folder:
        result = run(Job(target, options.seed, seconds=_share(options.seconds, target)), Path(folder))
        return tell(result)


def _many_cases(target: str, options: argparse.Namespace, progress: Progress) -> bool:
    wanted = _share(options.cases, target)
    while job := progress.next_job(target, wanted, options.seed):
        result = run(job, KEPT)
        if not tell(result):
            return False
        progress.note(result)
        write_summary(Path(options.summary), progress)
    return True


def tell(result: Result) -> bool:
    """Print what came of it; a failure is kept, and its input printed. True when there was none."""
    job = result.job
    print(
        f"fuzz {job.target}: {result.cases} cases in {result.seconds:.0f} s, seed {job.seed}, "
        f"at most {result.megabytes} MB",
        flush=True,
    )
    if result.failure is None:
        return True
    kept = KEPT / "failures" / f"{job.target}-{result.failure.name}"
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_bytes(result.failure.read_bytes())
    print(result.output, f"\nReplay: python -m tests.fuzz {job.target} --replay {kept}")
    print(f"The same input in base64: {b64encode(kept.read_bytes()).decode()}", flush=True)
    return False


def _replay(name: str, files: list[Path]) -> int:
    from tests.fuzz.targets import TARGETS
    from tests.fuzz.watch import Watch

    watch, check = Watch(), TARGETS[name].make()
    watch.install()
    for file in files:
        check(file.read_bytes())
        watch.check()
        print(f"{file}: every promise was kept")
    return 0


if __name__ == "__main__":
    sys.exit(main())
