"""Run all tests in processes side by side: the journeys in a browser and the tests with programs mostly wait, the others
mostly compute. The readers of hostile input are fuzzed meanwhile, or things are broken at random while citizens use the service.

Usage: run_tests.py all|conformance ARGUMENTS. The arguments go to every pytest run. The exit code is that of the first run
that failed. Each run has a folder of its own for temporary files: pytest closes the folder that all runs of a user share
whenever one starts, and the embedded PostgreSQL of another run would lose its data.

The machines are shared and noisy. At most three tests that failed in the crowd are run once more with nothing beside them,
and are named loudly: see docs/decisions/0022-a-second-try-alone.md.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

PROGRAMS = ("tests/integration/app", "tests/integration/test_demo.py", "tests/integration/test_image_runs.py")
WITH_SOURCES = "tests/integration/sources"
# Half of the journeys in a browser: the tests of sessions mostly wait, one after the other.
WAITING = tuple(
    f"tests/e2e/test_{what}.py" for what in ("on_behalf", "operator_site", "progress_page", "session")
)
SEALED = ("tests/integration/cli", "tests/integration/signing", "tests/integration/documents")
# Half of the unit tests: one run of all of them would go on alone for minutes when the others are done.
OUTSIDE_APP = tuple(
    f"tests/unit/{room}"
    for room in ("bench", "claims", "corpus", "documents", "signing", "simulators", "sources")
)
# Half of what others judge, by the time that it takes; all with Java among it, so that never two of these need gigabytes.
JUDGED = tuple(
    f"tests/conformance/test_{what}.py"
    for what in ("documents", "error_report_file", "levels", "verapdf", "old_and_new", "api_judged")
)
# The promise is thirty seconds (`make exhaustive`); a service that shares its processors with all the judges is not broken.
STARVED_S = "240"
SECOND_TRIES = 3
SOME_FAILED = 1  # pytest's exit code for: all ran, some failed


@dataclass(frozen=True)
class Groups:
    """What pytest gets, per run; `rest` runs in front, `beside` beside it, and so does `fuzz`, which gets no second try: what
    chance found once is real."""

    rest: Sequence[str]
    beside: Sequence[Sequence[str]] = ()
    fuzz: Sequence[str] = ("-c", "")


GROUPS = {
    "all": Groups(
        rest=(
            "tests",
            "--ignore=tests/e2e",
            "--ignore=tests/integration",
            *(f"--ignore={one}" for one in OUTSIDE_APP),
        ),
        beside=(
            PROGRAMS,
            ("tests/e2e", *(f"--ignore={path}" for path in WAITING)),
            WAITING,
            ("tests/integration", *(f"--ignore={path}" for path in (*PROGRAMS, WITH_SOURCES, *SEALED))),
            (WITH_SOURCES,),
            SEALED,
            OUTSIDE_APP,
        ),
        fuzz=("-m", "tests.fuzz", "all", "--seconds", "30"),
    ),
    "conformance": Groups(
        rest=("tests/conformance", *(f"--ignore={path}" for path in JUDGED), "-m", "conformance"),
        beside=((*JUDGED, WITH_SOURCES, "tests/unit/sources", "-m", "conformance"),),
        fuzz=("-m", "tests.faults", "--runs", "300", "--jobs", "2", "--recovery-seconds", STARVED_S),
    ),
}


def main(arguments: list[str], groups: Groups) -> int:
    """Returns an exit code."""
    with tempfile.TemporaryDirectory(prefix="bk-failed-") as folder:
        failed = Path(folder)
        fuzz, codes = run_all(groups, [sys.executable, "-m", "pytest", *arguments], failed)
        again = failed_tests(failed)
        if fuzz or set(codes) - {0, SOME_FAILED} or not 0 < len(again) <= SECOND_TRIES:
            return next((code for code in (*codes, fuzz) if code), 0)
        return run_alone(again, arguments)


def run_all(groups: Groups, pytest: list[str], failed: Path) -> tuple[int, list[int]]:
    """The exit codes of the fuzzing and of all runs; which tests failed is written below `failed`."""
    with ExitStack() as stack:
        fuzz = stack.enter_context(beside([sys.executable, *groups.fuzz]))
        others = [
            stack.enter_context(beside([*pytest, *remember(failed / str(number)), *group]))
            for number, group in enumerate(groups.beside)
        ]
        rest = [*pytest, *remember(failed / "rest"), *groups.rest]
        code = subprocess.run(rest, check=False, env=stack.enter_context(own_environment())).returncode
        return fuzz.wait(), [code, *(process.wait() for process in others)]


def remember(file: Path) -> list[str]:
    return ["-p", "scripts.failed_tests", f"--failed-tests={file}"]


def failed_tests(folder: Path) -> list[str]:
    """Each once, though a test can fail and its tidying up too."""
    names = (line for file in sorted(folder.iterdir()) for line in file.read_text("utf-8").splitlines())
    return list(dict.fromkeys(names))


def run_alone(tests: list[str], arguments: list[str]) -> int:
    """Returns an exit code."""
    with own_environment() as environment:
        command = [sys.executable, "-m", "pytest", *arguments, *tests]
        code = subprocess.run(command, check=False, env=environment).returncode
    verdict = "failed alone too" if code else "PASSED ONLY ALONE; mend what depends on the crowd"
    print(f"second try, {verdict}:", *tests, sep="\n  ", flush=True)
    return code


@contextmanager
def beside(command: list[str]) -> Iterator[subprocess.Popen[str]]:
    """Runs beside the rest; what it says is shown at the end."""
    with tempfile.TemporaryFile("w+") as output, own_environment() as environment:
        process = subprocess.Popen(
            command, stdout=output, stderr=subprocess.STDOUT, text=True, env=environment
        )
        try:
            yield process
        finally:
            process.terminate()
            process.wait()
            output.seek(0)
            sys.stdout.write(output.read())


@contextmanager
def own_environment() -> Iterator[dict[str, str]]:
    """With a folder for temporary files that goes away afterwards."""
    with tempfile.TemporaryDirectory(prefix="bk-tests-", ignore_cleanup_errors=True) as folder:
        yield {**os.environ, "PYTEST_DEBUG_TEMPROOT": folder}


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # whatever ends this ends what runs beside
    sys.exit(main(sys.argv[2:], GROUPS[sys.argv[1]]))
