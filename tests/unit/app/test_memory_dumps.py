"""A process that crashes leaves no copy of its memory, and nobody else may read it while it lives."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
CRASH = "import os, resource; {}; os.abort()"
MAY = "hard = resource.getrlimit(resource.RLIMIT_CORE)[1]; resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))"
PROTECTED = f"{MAY}; from app.memory_dumps import leave_none; leave_none()"


def crash(before: str, folder: Path) -> int:
    """The wait status of a program that did this and then crashed, in this folder."""
    process = subprocess.Popen(
        [sys.executable, "-c", CRASH.format(before)], cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    status = os.waitpid(process.pid, 0)[1]
    process.returncode = -os.WTERMSIG(status)
    return status


@pytest.mark.threat("T-24")
def test_a_crash_leaves_nothing_where_it_would_have_left_a_file(tmp_path: Path) -> None:
    unprotected = crash(MAY, tmp_path)
    assert os.WIFSIGNALED(unprotected)
    allowed = resource.getrlimit(resource.RLIMIT_CORE)[1]
    assert os.WCOREDUMP(unprotected) == (allowed != 0), (
        "or this machine never leaves any, and this test says nothing"
    )
    for file in tmp_path.iterdir():
        file.unlink()
    status = crash(PROTECTED, tmp_path)
    assert (os.WIFSIGNALED(status), os.WCOREDUMP(status)) == (True, False)
    assert list(tmp_path.iterdir()) == []


def test_the_process_is_not_dumpable_and_hands_its_limit_on(tmp_path: Path) -> None:
    look = "import ctypes; found = (ctypes.CDLL(None).prctl(3, 0, 0, 0, 0), *resource.getrlimit(resource.RLIMIT_CORE))"
    crash(f"{PROTECTED}; {look}; open('found', 'w').write(str(found))", tmp_path)
    assert (tmp_path / "found").read_text() == "(0, 0, 0)"  # PR_GET_DUMPABLE, both limits
