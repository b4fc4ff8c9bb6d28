"""`python -m tests.corpus FOLDER`: write every file of the corpus, what trusts it, and a list of names and verdicts."""

from __future__ import annotations

import sys
from pathlib import Path

from simulators.authority import DEMO_IDENTIFIER
from tests.corpus.manifest import rows
from tests.corpus.registry import CASES
from tests.corpus.world import new_world
from tests.support.seals import NAME


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m tests.corpus FOLDER\n")
        return 64
    folder = Path(arguments[0])
    files = folder / "files"
    files.mkdir(parents=True, exist_ok=True)
    with new_world() as world:
        for case in CASES:
            (files / case.file_name).write_bytes(case.build(world))
        world.town.authority.write_trust(folder / "trust", NAME, DEMO_IDENTIFIER)
    (folder / "manifest.tsv").write_text("".join(rows()), encoding="utf-8")
    print(f"{len(CASES)} files in {files}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
