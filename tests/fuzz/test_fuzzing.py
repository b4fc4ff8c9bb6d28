"""The stored inputs keep every promise, and the fuzzer notices a reader that does not."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from tests.fuzz.__main__ import main, tell
from tests.fuzz.exhaustive import Progress, fingerprint, write_summary
from tests.fuzz.groups import READERS, targets_of
from tests.fuzz.limits import Limits
from tests.fuzz.run import ROOT, STORED, Job, Result, run
from tests.fuzz.self_test import PROMISE_BREAKERS
from tests.fuzz.targets import TARGETS

QUICK = Limits(megabytes=300)
HASTY = Limits(
    case_seconds=3, megabytes=300
)  # only to find what hangs: a busy machine can hang for a moment too


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


_READ = {
    "crash": 3,
    "die": 3,
    "leave": 3,
    "hang": 1,
    "hoard": 1,
    "leak": 1,
    "lie": 1,
}  # bytes that break it, at least


@pytest.mark.parametrize("guided", [True, False])
@pytest.mark.parametrize("name", PROMISE_BREAKERS)
def test_a_reader_that_breaks_a_promise_is_found_out_and_the_input_is_kept(
    name: str, guided: bool, tmp_path: Path
) -> None:
    limits = HASTY if name == "hang" else QUICK
    result = run(Job(name, seed=1, cases=20_000, guided=guided), tmp_path, limits)
    assert result.failure is not None
    assert result.failure.name.startswith("failed-")
    kept = result.failure.read_bytes()
    assert len(kept) >= _READ[name]
    assert b"a" in kept or name != "lie"


def test_a_failure_prints_its_input(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    failure = tmp_path / "failed-1-x"
    failure.write_bytes(b"\x00kapot")
    assert not tell(Result(Job("csv", 1), 3, 1.0, 80, failure, "Broken"))
    assert "AGthcG90" in capsys.readouterr().out
    assert (tmp_path / "test-output/fuzz/failures/csv-failed-1-x").read_bytes() == b"\x00kapot"


def test_a_stored_input_can_be_replayed(capsys: pytest.CaptureFixture[str]) -> None:
    file = next((STORED / "csv").iterdir())
    assert main(["csv", "--replay", str(file)]) == 0
    assert "every promise was kept" in capsys.readouterr().out


def test_progress_goes_on_where_it_stopped_and_the_summary_says_what_ran(tmp_path: Path) -> None:
    file = tmp_path / "progress.json"
    job = Progress(file).next_job("dkd", 100_000, 7)
    assert job == Job("dkd", 7, cases=20_000)
    Progress(file).note(Result(job, 20_000, 60.0, 80))
    assert Progress(file).next_job("dkd", 100_000, 7) == Job("dkd", 8, cases=50_000, guided=False)
    assert Progress(file).next_job("dkd", 20_000, 7) is None
    write_summary(tmp_path / "summary.md", Progress(file))
    text = (tmp_path / "summary.md").read_text(encoding="utf-8")
    assert "| xml | dkd | 20,000 | 20,000 | 1 | 80 MB | 7 |" in text
    assert "Less than a million cases yet: xml, json, batch." in text


def test_what_ran_with_other_readers_does_not_count(tmp_path: Path) -> None:
    file = tmp_path / "progress.json"
    Progress(file).note(Result(Job("dkd", 7, cases=20_000), 20_000, 60.0, 80))
    file.write_text(file.read_text().replace(fingerprint("dkd"), "another"))
    assert Progress(file).next_job("dkd", 20_000, 7) == Job("dkd", 7, cases=20_000)
    write_summary(tmp_path / "summary.md", Progress(file))
    assert "dkd" not in (tmp_path / "summary.md").read_text(encoding="utf-8")
    Progress(file).note(Result(Job("dkd", 7, cases=10), 10, 1.0, 80))
    assert Progress(file).done["dkd"]["cases"] == 10


def test_what_a_target_reads_with_exists() -> None:
    assert set(READERS) == set(TARGETS)
    assert all((ROOT / name).exists() for names in READERS.values() for name in names)
