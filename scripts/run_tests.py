"""Run all tests in processes side by side: the journeys in a browser mostly wait, the others mostly compute. The readers of
hostile input are fuzzed meanwhile.

Arguments go to both pytest runs. The exit code is that of the first run that failed.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

E2E = "tests/e2e"
FUZZ = [sys.executable, "-m", "tests.fuzz", "all", "--seconds", "30"]


def main(arguments: list[str]) -> int:
    pytest = [sys.executable, "-m", "pytest", *arguments]
    with beside(FUZZ) as fuzzing, beside([*pytest, E2E]) as journeys:
        others = subprocess.run([*pytest, "tests", f"--ignore={E2E}"], check=False)
        journeys.wait()
        fuzzing.wait()
    return others.returncode or journeys.returncode or fuzzing.returncode


@contextmanager
def beside(command: list[str]) -> Iterator[subprocess.Popen[str]]:
    """Runs beside the rest; what it says is shown at the end."""
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, text=True)
        try:
            yield process
        finally:
            process.terminate()
            process.wait()
            output.seek(0)
            sys.stdout.write(output.read())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
