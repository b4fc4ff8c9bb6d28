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
from tests.faults.records import Records
from tests.faults.run import RECOVERY_S, Result, are_ready, run
from tests.faults.schedule import schedule
from tests.support.waiting import wait_until

LOOK_AT_WHOLE_LOG_EVERY = 100


def go_through(
    folder: Path, seeds: Sequence[int], progress: Progress, recovery_s: float = RECOVERY_S
) -> bool:
    """False when a promise was broken: then no run follows. True also when there was nothing left to do."""
    if not seeds:
        return True
    with installation(folder) as one:
        wait_until(lambda: are_ready(one), "the service did not start")
        records = Records(one)
        for number, seed in enumerate(seeds, 1):
            result = run(one, records, schedule(seed), recovery_s=recovery_s)
            _tell(number, len(seeds), result)
            if result.broken:
                print(_logs(one), flush=True)
                return False
            if number % LOOK_AT_WHOLE_LOG_EVERY == 0 or number == len(seeds):
                _look_at_whole_log()
            progress.note(result)
    return True


def _tell(number: int, of: int, result: Result) -> None:
    recovered = "never" if result.recovered_s is None else f"{result.recovered_s:.1f} s"
    print(f"{number}/{of} {result.schedule}: {result.seconds:.1f} s, recovered in {recovered}", flush=True)
    for promise in result.broken:
        print(f"BROKEN: {promise}")
    if result.broken:
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
