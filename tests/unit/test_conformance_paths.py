"""`make conformance` looks for its tests in a few places only: reading every file of tests takes as long as some judges do."""

from pathlib import Path

from scripts.run_tests import GROUPS

TESTS = Path(__file__).parents[1]
MARK = "mark." + "conformance"


def test_every_test_for_others_to_judge_is_in_a_place_where_make_conformance_looks() -> None:
    groups = GROUPS["conformance"]
    places = [
        Path(word) for run in (groups.rest, *groups.beside) for word in run if word.startswith("tests/")
    ]
    marked = [
        file.relative_to(TESTS.parent) for file in TESTS.rglob("*.py") if MARK in file.read_text("utf-8")
    ]
    assert len(marked) > 5
    assert [file for file in marked if not any(file.is_relative_to(place) for place in places)] == []
