"""`python -m tests.corpus FOLDER`: write every file of the corpus, what trusts it, and a list of names and verdicts."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.corpus.manifest import rows
from tests.corpus.registry import CASES
from tests.corpus.world import World, new_world


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
        write_anchors(world, folder / "anchors")
    (folder / "manifest.tsv").write_text("".join(rows()), encoding="utf-8")
    print(f"{len(CASES)} files in {files}")
    return 0


def write_anchors(world: World, folder: Path) -> None:
    """The roots of seals and time-stamps (*.crt) and all revocation lists (*.crl), DER."""
    folder.mkdir(parents=True, exist_ok=True)
    town = world.town
    (folder / "seal-root.crt").write_bytes(town.authority.seal_root_der())
    (folder / "time-stamp-root.crt").write_bytes(town.tsa.root_der())
    for number, crl in enumerate((*town.authority.crls(), *town.tsa.crls())):
        (folder / f"{number}.crl").write_bytes(crl)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
