"""Answers that were made to cost much end in an error of ours, within little memory and processor time."""

import subprocess
import sys

import pytest


@pytest.mark.threat("T-18")
def test_hostile_answers_of_five_megabytes_cost_little() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.unit.sources.hostile_child"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
