"""Every file of the corpus gets the verdict that stands beside it. Here a part of them; all in `make conformance`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.services.verify import Verdict
from tests.corpus.case import Case
from tests.corpus.manifest import FILE, rows
from tests.corpus.registry import CASES, HARDWARE, selection
from tests.corpus.verdicts import Verifier
from tests.corpus.world import World, new_world

SELECTION = selection()


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with new_world() as made:
        yield made


@pytest.fixture(scope="module")
def verifier(world: World, tmp_path_factory: pytest.TempPathFactory) -> Verifier:
    return Verifier(world, tmp_path_factory.mktemp("registers"))


@pytest.mark.parametrize("case", SELECTION, ids=lambda case: case.name)
def test_the_verdict_is_the_one_that_the_corpus_expects(case: Case, world: World, verifier: Verifier) -> None:
    verdict = verifier.verdict(case, case.build(world))
    assert verdict.row == case.row, [check.reason for check in verdict.checks]
    assert_tells_no_more_than_it_knows(verdict)


def assert_tells_no_more_than_it_knows(verdict: Verdict) -> None:
    """What was not vouched for is not passed on as content."""
    if verdict.row in (1, 2, 3, 4):
        assert verdict.document is None
    elif verdict.row > 5:
        assert verdict.document is not None


def test_the_corpus_is_large_and_its_names_are_distinct() -> None:
    assert len(CASES) >= 200
    assert len({case.file_name for case in CASES}) == len(CASES)


def test_every_row_of_the_verdict_table_has_cases_of_both_kinds() -> None:
    for suffix in ("pdf", "json"):
        found = {case.row for case in CASES if case.suffix == suffix}
        assert found >= set(range(1, 10)) | {11} | (
            {10} if suffix == "pdf" else set()
        )  # only PDFs are archived


def test_every_group_is_in_the_selection() -> None:
    assert {case.group for case in SELECTION} == {case.group for case in CASES} - HARDWARE


def test_the_committed_list_is_that_of_the_cases() -> None:
    """Write it anew with `python -m tests.corpus.manifest`."""
    assert FILE.read_text(encoding="utf-8") == "".join(rows())
