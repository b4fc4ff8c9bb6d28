"""Many runs on one installation."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Sequence
from pathlib import Path

from app.cli.main import main
from app.cli.settings import of_this_run
from app.services.audit_check import ProblemKind
from tests.faults.installation import Installation, installation
from tests.faults.progress import Progress
from tests.faults.records import Records, are_genuine
from tests.faults.run import RECOVERY_S, Result, are_ready, run
from tests.faults.schedule import schedule
from tests.support.waiting import wait_until

LOOK_AT_WHOLE_LOG_EVERY = 100
VERIFY_EVERY = 25  # what a run handed out waits that long: starting the verifier takes longer than a file


def go_through(
    folder: Path, seeds: Sequence[int], progress: Progress, recovery_s: float = RECOVERY_S
) -> bool:
    """False when a promise was broken: then no run follows. True also when there was nothing left to do."""
    if not seeds:
        return True
    with installation(folder) as one:
        wait_until(lambda: are_ready(one), "the service did not start")
        records, unverified = Records(one), list[Result]()
        for number, seed in enumerate(seeds, 1):
            result = run(one, records, schedule(seed), recovery_s=recovery_s)
            _tell(number, len(seeds), result)
            if result.broken:
                print(_logs(one), flush=True)
                return False
            unverified.append(result)
            if number % VERIFY_EVERY == 0 or number == len(seeds):
                if not verify_all(unverified, one.instance.folder / "trust"):
                    return False
                _note(unverified, progress)
            if number % LOOK_AT_WHOLE_LOG_EVERY == 0 or number == len(seeds):
                _look_at_whole_log()
    return True


def verify_all(results: Sequence[Result], trust: Path) -> bool:
    """Whether every file of these runs is genuine; if not, the seeds of the runs with files that are not are printed."""
    files = {name: content for result in results for name, content in result.documents.items()}
    if are_genuine(files, trust):
        print(f"genuine: all {len(files)} files of {len(results)} runs", flush=True)
        return True
    for result in results:
        if not are_genuine(result.documents, trust):
            print("BROKEN: `blauwe-knop verify` does not call every file genuine")
            _tell_replay(result)
    return False


def _note(results: list[Result], progress: Progress) -> None:
    for result in results:
        progress.note(result)
    results.clear()


def _tell(number: int, of: int, result: Result) -> None:
    recovered = "never" if result.recovered_s is None else f"{result.recovered_s:.1f} s"
    print(f"{number}/{of} {result.schedule}: {result.seconds:.1f} s, recovered in {recovered}", flush=True)
    for promise in result.broken:
        print(f"BROKEN: {promise}")
    if result.broken:
        _tell_replay(result)


def _tell_replay(result: Result) -> None:
    print(f"Replay: python -m tests.faults --seed {result.schedule.seed} --runs 1", flush=True)


def _look_at_whole_log() -> None:
    """By the operator's own command. Rows that the worker has not sealed yet are its next work. Raises AssertionError."""
    with of_this_run(allow_loopback_http=True), contextlib.redirect_stdout(io.StringIO()) as said:
        main(["audit", "verify", "--json"])
    report = json.loads(said.getvalue())
    problems = [one for one in report["problems"] if one["kind"] != ProblemKind.NOT_SEALED]
    assert report["rows"] > 0, "an empty audit log"
    assert not problems, problems


def _logs(one: Installation) -> str:
    """The last lines of every program."""
    files = [*sorted((one.instance.folder / "logs").glob("*.log")), one.postgres.log_file]
    parts = (f"== {file.name}\n" + "\n".join(file.read_text("utf-8").splitlines()[-40:]) for file in files)
    return "\n".join(parts)
