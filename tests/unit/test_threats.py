"""THREATS.md and the marks on tests name the same threats; its actors and assets are explained."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "THREATS.md").read_text("utf-8")
ROWS = re.findall(r"^\| (T-\d\d) \| (\S+) \| .+? \| ([A-Z ]+|all) \| .+ \|$", TEXT, flags=re.M)
MARK = re.compile(r'^@pytest\.mark\.threat\("(T-\d\d)"\)\n(?:@.*\n)*def test_', flags=re.M)


def marked() -> set[str]:
    return {
        threat
        for file in (ROOT / "tests").rglob("test_*.py")
        for threat in MARK.findall(file.read_text("utf-8"))
    }


def explained(letter: str) -> set[str]:
    return set(re.findall(rf"^\| ({letter}) \| ", TEXT, flags=re.M))


def test_every_threat_has_a_test_and_every_mark_a_threat() -> None:
    assert len(ROWS) == TEXT.count("\n| T-")
    assert marked() == {threat for threat, _, _ in ROWS}


def test_the_numbers_go_up_without_a_gap() -> None:
    assert [threat for threat, _, _ in ROWS] == [f"T-{number:02}" for number in range(1, len(ROWS) + 1)]


def test_actors_and_assets_are_explained_and_each_is_threatened() -> None:
    assert {actor for _, actor, _ in ROWS} == explained(r"A\d")
    named = {asset for _, _, assets in ROWS if assets != "all" for asset in assets.split()}
    assert named == explained(r"[A-Z]")
