"""The simulators as a program of their own, and a service that ends while a source is still silent."""

import re
import signal
import subprocess
import sys
from pathlib import Path

from claims.outcome import FailureCause
from simulators.organisations import Behaviour
from simulators.organisations.behaviour import Switches
from sources.config import load_sources
from tests.integration.sources.support import answer_of, ask, cause_of
from tests.support.waiting import PATIENCE_S

ROOT = Path(__file__).parents[3]

SILENT = """
import time
from tests.unit.sources.fakes import CITIZEN, FrozenClock, FunctionSource, answering
from sources.gather import GatherTimes, gather
silent = FunctionSource("silent", lambda *_: time.sleep(600))
outcomes = gather([silent, answering("quick")], CITIZEN, GatherTimes(600, 600), FrozenClock())
print(next(outcomes).source.source_id, flush=True)
"""


def test_the_program_serves_until_it_is_told_to_stop(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "simulators.organisations", "--folder", str(tmp_path)]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as program:
        try:
            assert program.stdout is not None
            lines = []
            for line in program.stdout:
                lines.append(line)
                if line.startswith("Klaar: "):
                    break
            assert len([line for line in lines if re.search(r" https://127\.0\.0\.1:\d+$", line)]) == 7
            [config] = [
                c for c in load_sources(tmp_path / "sources.toml") if c.source_id == "zonnedael-parkeren"
            ]
            assert len(answer_of(ask(config, "111111110")).claims) == 1
            Switches(tmp_path / "gedrag.json").set(config.source_id, Behaviour.SERVER_ERROR)
            assert cause_of(ask(config, "111111110")) is FailureCause.UNREACHABLE
        finally:
            program.send_signal(signal.SIGTERM)
        rest, errors = program.communicate(timeout=PATIENCE_S)
    assert program.returncode == 0
    assert "111111110" not in "".join(lines) + rest + errors


def test_a_silent_source_does_not_hold_up_the_end_of_the_process() -> None:
    """It would take ten minutes if it did."""
    done = subprocess.run(
        [sys.executable, "-c", SILENT],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert done.stdout.splitlines()[-1] == "quick"
    assert done.returncode == 0
