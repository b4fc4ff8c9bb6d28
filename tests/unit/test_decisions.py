"""Decisions are cited by number, so that a number must mean one decision."""

import re
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "docs" / "decisions"
FILE = re.compile(r"(\d{4})-[a-z0-9-]+\.md")


def test_decisions_are_numbered_without_gap_or_double_and_say_their_number() -> None:
    files = sorted(FOLDER.glob("*.md"))
    numbers = [int(found[1]) for file in files if (found := FILE.fullmatch(file.name))]
    assert numbers == list(range(1, len(files) + 1))
    for number, file in zip(numbers, files, strict=True):
        assert file.read_text("utf-8").startswith(f"# {number}. "), file.name
