"""What docs/api promises to a stranger, tried on the demo to the letter."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from scripts.api_examples import PAGE, REQUESTS, record
from tests.support.consent import decide
from tests.support.demo import RunningDemo
from tests.support.visitor import Visitor
from tests.support.waiting import PATIENCE_S

ROOT = Path(__file__).parents[2]
WALK = (ROOT / "docs" / "api" / "README.md").read_text("utf-8")
EXAMPLE = ROOT / "examples" / "app_backend.py"
OPEN = "Open in a browser: "


@pytest.fixture
def clone(tmp_path: Path, demo: RunningDemo) -> Path:
    """A folder in which the printed commands find what they name."""
    for name in (".venv", "examples"):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / "instance").symlink_to(demo.instance.folder)
    return tmp_path


@contextmanager
def run(folder: Path, *command: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        command,
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)  # with what a shell started
        process.wait()


def consent_and_finish(process: subprocess.Popen[str]) -> str:
    """Say yes at the address that it prints; what it says before and after."""
    assert process.stdout is not None
    said: list[str] = []
    for line in process.stdout:
        said.append(line)
        if line.startswith(OPEN):
            back = Visitor().get(decide(Visitor(), line.removeprefix(OPEN).strip(), "ja"))
            assert back.status == 200, back.text
    assert process.wait(PATIENCE_S) == 0, "".join(said)
    return "".join(said)


def verdicts(folder: Path) -> str:
    """By the command of the page."""
    command = next(block for block in blocks("2. The short way") if "blauwe-knop verify" in block)
    done = subprocess.run(["bash", "-c", command], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout


def blocks(heading: str) -> list[str]:
    """The commands under a heading that begins so, as printed."""
    chapter = WALK.split(f"## {heading}", 1)[1].split("\n## ", 1)[0]
    return re.findall(r"```sh\n(.*?)```", chapter, re.DOTALL)


def test_the_example_is_sixty_lines_and_saves_a_genuine_overview(clone: Path, demo: RunningDemo) -> None:
    assert len([line for line in EXAMPLE.read_text("utf-8").splitlines() if line.strip()]) <= 60
    printed = blocks("2. The short way")[0].replace("http://127.0.0.1:8000", demo.url).split()
    with run(clone, *printed) as process:
        said = consent_and_finish(process)
    assert "aangesloten bronnen" in said  # the warnings; how many answered is no matter here
    assert verdicts(clone) == "overzicht.pdf: echt\noverzicht.json: echt\n"


def test_the_walk_with_curl_ends_with_a_genuine_overview(clone: Path, demo: RunningDemo) -> None:
    printed = "".join(blocks("3. The same with curl")).replace("http://127.0.0.1:8000", demo.url)
    assert printed.count("curl") >= 6
    with run(clone, "bash", "-eu", "-c", printed) as process:
        said = consent_and_finish(process)
    assert "aangesloten bronnen" in said  # the warnings; how many answered is no matter here
    assert "\n200\n" in said  # given back
    assert '"oordeel": "echt"' in said
    assert verdicts(clone) == "overzicht.pdf: echt\noverzicht.json: echt\n"


def heads(page: str) -> list[str]:
    """Titles, requests, statuses and headers; the bodies of answers tell of the sources of a demo, and tests have others."""
    return re.findall(r"^(?:## |[A-Z]{3,4} |HTTP/|[A-Z][\w-]+: ).*", page, re.MULTILINE)


def test_the_requests_and_answers_on_paper_are_those_of_today(demo: RunningDemo) -> None:
    """Not? python -m scripts.api_examples docs/api"""
    folder = ROOT / "docs" / "api"
    page, requests = record(demo.instance)
    assert heads(page) == heads((folder / PAGE).read_text("utf-8"))
    assert requests == (folder / REQUESTS).read_text("utf-8")


def test_the_helper_says_how_it_is_used() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "examples" / "proof.py", "iets"],
        capture_output=True,
        text=True,
        check=False,
        env=dict(os.environ),
    )
    assert (done.returncode, "proof.py who KEY CLIENT SERVICE" in done.stderr) == (1, True)
