"""The walk stops at the first failure, and a bug of ours is told without what it held."""

from sources.checking.steps import NOT_LOOKED_AT, Found, Look, Mark, fails, holds, walk
from sources.errors import SourceUnavailable


def never() -> Found:
    raise AssertionError("a look after a failure")


def broken() -> Found:
    raise TypeError("over 111111110")


def down() -> Found:
    raise SourceUnavailable("the store cannot be used")


def test_nothing_is_looked_at_after_a_failure() -> None:
    steps = list(
        walk([Look("a", lambda: holds("ja")), Look("b", lambda: fails("nee", "doe iets")), Look("c", never)])
    )
    assert [step.found.mark for step in steps] == [Mark.HOLDS, Mark.FAILS, Mark.SKIPPED]
    assert steps[-1].found.text == NOT_LOOKED_AT


def test_an_error_that_we_foresaw_is_told_by_its_fixed_phrase() -> None:
    [step] = walk([Look("a", down)])
    assert (step.found.mark, step.found.text) == (Mark.FAILS, "the store cannot be used")


def test_a_bug_is_a_failure_without_its_text() -> None:
    [step] = walk([Look("a", broken)])
    assert step.found.mark is Mark.FAILS
    assert step.found.text == "onverwacht: TypeError"


def test_steps_are_told_as_they_end() -> None:
    steps = walk([Look("a", lambda: holds("ja")), Look("b", never)])
    assert next(steps).name == "a"
