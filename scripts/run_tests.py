"""Run all tests in two processes side by side: the journeys in a browser mostly wait, the others mostly compute.

Arguments go to both pytest runs. The exit code is that of the first run that failed.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile

E2E = "tests/e2e"


def main(arguments: list[str]) -> int:
    pytest = [sys.executable, "-m", "pytest", *arguments]
    with tempfile.TemporaryFile("w+") as output:
        journeys = subprocess.Popen([*pytest, E2E], stdout=output, stderr=subprocess.STDOUT)
        try:
            others = subprocess.run([*pytest, "tests", f"--ignore={E2E}"], check=False)
            journeys.wait()
        finally:
            journeys.terminate()
            journeys.wait()
        output.seek(0)
        sys.stdout.write(output.read())
    return others.returncode or journeys.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
