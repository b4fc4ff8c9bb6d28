"""Run all tests in processes side by side: the journeys in a browser and the tests with programs mostly wait, the others
mostly compute. The readers of hostile input are fuzzed meanwhile.

Arguments go to every pytest run. The exit code is that of the first run that failed. Each run has a folder of its own for
temporary files: pytest closes the folder that all runs of a user share whenever one starts, and the embedded PostgreSQL of
another run would lose its data.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

WITH_SOURCES = "tests/integration/sources"
BESIDE = (
    ("tests/e2e",),
    (WITH_SOURCES,),
    ("tests/integration", f"--ignore={WITH_SOURCES}"),
)
FUZZ = [sys.executable, "-m", "tests.fuzz", "all", "--seconds", "30"]


def main(arguments: list[str]) -> int:
    """Returns an exit code."""
    pytest = [sys.executable, "-m", "pytest", *arguments]
    with ExitStack() as stack:
        others = [stack.enter_context(beside(FUZZ))]
        others += [stack.enter_context(beside([*pytest, *group])) for group in BESIDE]
        rest = [*pytest, "tests", "--ignore=tests/e2e", "--ignore=tests/integration"]
        code = subprocess.run(rest, check=False, env=stack.enter_context(own_environment())).returncode
        return next((failed for failed in (code, *(process.wait() for process in others)) if failed), 0)


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
    sys.exit(main(sys.argv[1:]))
