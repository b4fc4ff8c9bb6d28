"""The stored inputs keep every promise, and the fuzzer notices a reader that does not."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from tests.fuzz.__main__ import main
from tests.fuzz.exhaustive import Progress, write_summary
from tests.fuzz.groups import targets_of
from tests.fuzz.run import STORED, Job, Limits, Result, run
from tests.fuzz.self_test import PROMISE_BREAKERS
from tests.fuzz.targets import TARGETS

QUICK = Limits(case_seconds=2, megabytes=300)


@pytest.mark.parametrize("name", TARGETS)
def test_the_stored_inputs_and_some_changes_to_them_keep_every_promise(name: str) -> None:
    target, random = TARGETS[name], Random(1)
    check, stored = target.make(), sorted((STORED / name).iterdir())
    assert stored
    for file in stored:
        check(file.read_bytes())
        for _ in range(3):
            check(target.mutate(file.read_bytes(), random)[:16_000])


def test_every_target_is_in_a_group() -> None:
    assert set(targets_of("all")) == set(TARGETS) == {folder.name for folder in STORED.iterdir()}


@pytest.mark.parametrize("name", PROMISE_BREAKERS)
def test_a_reader_that_breaks_a_promise_is_found_out(name: str, tmp_path: Path) -> None:
    result = run(Job(name, seed=1, cases=20_000), tmp_path, QUICK)
    assert result.failure is not None
    assert result.failure.name.partition("-")[0] in {"crash", "timeout", "oom"}


def test_a_stored_input_can_be_replayed(capsys: pytest.CaptureFixture[str]) -> None:
    file = next((STORED / "csv").iterdir())
    assert main(["csv", "--replay", str(file)]) == 0
    assert "every promise was kept" in capsys.readouterr().out


def test_progress_goes_on_where_it_stopped_and_the_summary_says_what_ran(tmp_path: Path) -> None:
    file = tmp_path / "progress.json"
    job = Progress(file).next_job("dkd", 30_000, 7)
    assert job == Job("dkd", 7, cases=20_000)
    Progress(file).note(Result(job, 20_000, 60.0, 80))
    assert Progress(file).next_job("dkd", 30_000, 7) == Job("dkd", 8, cases=10_000)
    assert Progress(file).next_job("dkd", 20_000, 7) is None
    write_summary(tmp_path / "summary.md", Progress(file))
    assert "| xml | dkd | 20,000 | 1 | 80 MB | 7 |" in (tmp_path / "summary.md").read_text(encoding="utf-8")
