"""What a failure in the crowd means: docs/decisions/0022-a-second-try-alone.md."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.run_tests import Groups, main

ROOT = Path(__file__).parents[3]
FAILS_ONCE = """
import pathlib, pytest
@pytest.mark.parametrize("number", range({count}))
def test_it(number):
    been = pathlib.Path({folder!r}) / f"{name}-{{number}}"
    if not been.exists():
        been.touch()
        pytest.fail("lost a race")
"""
FAILS = "def test_it():\n    assert False\n"
PASSES = "def test_it():\n    pass\n"
FUZZ_WELL, FUZZ_BADLY = ("-c", ""), ("-c", "raise SystemExit(1)")


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    # They start pytest a dozen times, and need none of its plugins.
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = -q -p no:cacheprovider\n", "utf-8")


def run(folder: Path, *files: str, fuzz: tuple[str, ...] = FUZZ_WELL) -> int:
    paths = []
    for number, text in enumerate(files):
        paths.append(folder / f"test_{number}.py")
        paths[-1].write_text(text, "utf-8")
    rest, *beside = [[str(path)] for path in paths]
    return main(["-c", str(folder / "pytest.ini"), "--rootdir=."], Groups(rest, beside, fuzz))


def fails_once(folder: Path, name: str, count: int) -> str:
    return FAILS_ONCE.format(count=count, folder=str(folder), name=name)


def test_what_passes_passes(tmp_path: Path) -> None:
    assert run(tmp_path, PASSES, PASSES) == 0


def test_what_passes_alone_passes_and_is_named(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, fails_once(tmp_path, "a", 1), fails_once(tmp_path, "b", 2)) == 0
    last = capfd.readouterr().out.split("second try, ")[1]
    assert last.startswith("PASSED ONLY ALONE")
    assert last.count("::test_it[") == 3


def test_what_fails_twice_fails(tmp_path: Path) -> None:
    assert run(tmp_path, PASSES, FAILS) == 1


def test_four_failures_are_not_tried_again(tmp_path: Path) -> None:
    assert run(tmp_path, fails_once(tmp_path, "a", 4)) == 1


def test_a_find_of_the_fuzzer_is_not_tried_again(tmp_path: Path) -> None:
    assert run(tmp_path, fails_once(tmp_path, "a", 1), fuzz=FUZZ_BADLY) == 1


def test_a_file_that_cannot_be_read_is_not_tried_again(tmp_path: Path) -> None:
    assert run(tmp_path, "this is not Python", PASSES) == 2
