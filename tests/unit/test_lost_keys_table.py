"""docs/keys.md says of every secret that the settings can name what its loss means, and where that was tried."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
CHAPTER = (
    (ROOT / "docs" / "keys.md").read_text("utf-8").split("## When a key is lost\n", 1)[1].split("\n## ", 1)[0]
)
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in CHAPTER.splitlines()
    if line.startswith("| ") and not line.startswith("| key |")
]
EXAMPLE = (ROOT / "instance" / "examples" / "settings.toml").read_text("utf-8")


def secrets_of_the_example() -> set[str]:
    """ "[table] setting" of each that stands in the folder for secrets, also when it is commented out."""
    table, found = "", set()
    for line in EXAMPLE.splitlines():
        if heading := re.match(r"(?:# )?(\[+[a-z.]+\]+)", line):
            table = heading[1]
        if setting := re.match(r'(?:# )?(\w+) = "secrets/', line):
            found.add(f"{table} {setting[1]}")
    return found


def test_every_secret_is_in_the_table() -> None:
    named = {name for row in ROWS for name in re.findall(r"`(\[[^`]+ \w+)`", row[0])}
    assert len(named) > 10
    assert secrets_of_the_example() == named


def test_each_consequence_was_tried() -> None:
    for row in ROWS:
        assert len(row) == 4, row[0]
        found = re.fullmatch(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", row[3])
        assert found, row[0]
        text = (ROOT / found[1]).read_text("utf-8")
        assert found[2] is None or f"def {found[2]}(" in text, row[3]
