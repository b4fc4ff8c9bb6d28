"""Walk a check to its end, and hunt in everything it says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sources.checking.source import check_source
from sources.checking.steps import Mark, Step
from sources.config import SourceConfig
from sources.ports import SourcePorts, SystemClock
from tests.support.hunt import hunt_for

TEST_PERSON = "111111110"
PORTS = SourcePorts(SystemClock())
_EVERYBODY_ASKED_ABOUT = hunt_for([TEST_PERSON, "999993549", "999990019"])


@dataclass(frozen=True)
class Walked:
    steps: tuple[Step, ...]

    @property
    def failed(self) -> Step:
        [failed] = [step for step in self.steps if step.found.mark is Mark.FAILS]
        return failed

    @property
    def all_hold(self) -> bool:
        return all(step.found.mark is Mark.HOLDS for step in self.steps)

    def marks(self) -> dict[str, Mark]:
        return {step.name: step.found.mark for step in self.steps}

    def text(self, name: str) -> str:
        [step] = [step for step in self.steps if step.name == name]
        return step.found.text


def check(config: SourceConfig, ports: SourcePorts = PORTS) -> Walked:
    walked = Walked(tuple(check_source(config, ports)))
    assert_one_failure_with_advice(walked)
    assert not _EVERYBODY_ASKED_ABOUT.find(repr(walked).encode())
    return walked


def assert_one_failure_with_advice(walked: Walked) -> None:
    """What holds for every walk: at most one failure, with what to do about it, and nothing looked at after it."""
    marks = [step.found.mark for step in walked.steps]
    failures = [number for number, mark in enumerate(marks) if mark is Mark.FAILS]
    assert len(failures) <= 1
    for number in failures:
        assert set(marks[number + 1 :]) <= {Mark.SKIPPED}
    for step in walked.steps:
        assert bool(step.found.advice) == (step.found.mark is Mark.FAILS)
        assert step.found.text
        assert "\n" not in step.found.text + (step.found.advice or "")
        assert step.milliseconds >= 0


def secrets_in(output: str, numbers: Iterable[str], secrets: Iterable[str] = ()) -> list[str]:
    """Numbers in every shape in which they could leak, and secrets as they are."""
    return hunt_for(numbers).find(output.encode()) + [word for word in secrets if word in output]


def write_test_bsn(folder: Path, bsn: str = TEST_PERSON) -> Path:
    file = folder / "test-bsn"
    file.touch(mode=0o600)
    file.write_text(f"{bsn}\n", encoding="ascii")
    return file
