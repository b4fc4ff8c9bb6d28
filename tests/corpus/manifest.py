"""The committed list of cases: file name, expected row of the verdict table, state of the register, and why."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.corpus.registry import CASES

FILE = Path(__file__).with_name("manifest.tsv")


def rows() -> Iterator[str]:
    """The list that the cases give now."""
    yield "file\trow\tregister\twhy\n"
    for case in CASES:
        yield f"{case.file_name}\t{case.row}\t{case.register.value}\t{case.why}\n"


if __name__ == "__main__":
    FILE.write_text("".join(rows()), encoding="utf-8")
