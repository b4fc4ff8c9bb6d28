"""Keep a release for the tests of the next one: its programs and its tables. A step of the release procedure.

Usage: record_release.py VERSION [COMMIT]

The programs are committed, not only named: a clean checkout may have no history, and a test that needs history is one that is
skipped. `tests/conformance/test_old_and_new.py` runs them beside those of today.
"""

from __future__ import annotations

import json
import lzma
import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RELEASES = ROOT / "tests" / "releases"
PROGRAMS, FACTS = RELEASES / "previous.tar.xz", RELEASES / "previous.json"
_KEPT = (
    "app",
    "claims",
    "signing",
    "sources",
    "templates",
    "simulators",
)  # the last one starts them on plain http


def main(version: str, commit: str = "HEAD") -> None:
    """Write both files, in the place of those of the release before."""
    RELEASES.mkdir(exist_ok=True)
    git = ["git", "-C", str(ROOT)]
    whole = subprocess.run([*git, "rev-parse", commit], check=True, capture_output=True, text=True).stdout
    archive = subprocess.run([*git, "archive", commit, *_KEPT], check=True, capture_output=True).stdout
    PROGRAMS.write_bytes(lzma.compress(archive, preset=9 | lzma.PRESET_EXTREME))
    with tempfile.TemporaryDirectory() as folder:
        tree = unpack(Path(folder))
        facts = {
            "version": version,
            "commit": whole.strip(),
            "level": level_of(tree),
            "tables": tables_of(tree),
        }
    FACTS.write_text(json.dumps(facts, indent=1) + "\n", "utf-8")


def unpack(folder: Path) -> Path:
    """The programs of the recorded release, in this folder."""
    with tarfile.open(PROGRAMS) as archive:
        archive.extractall(folder, filter="data")
    return folder


def level_of(tree: Path) -> str:
    """The newest step of the database there."""
    steps = (tree / "app" / "persistence" / "migrations" / "versions").glob("0*.py")
    return max(step.name for step in steps).partition("_")[0]


def tables_of(tree: Path) -> object:
    """As the programs there know them."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "release_tables.py")],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(tree)},
        check=True,
        capture_output=True,
    )
    return json.loads(done.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
