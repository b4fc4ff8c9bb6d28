"""The corpus before other people's judges. `scripts/ensure_tools.py conformance` fetches them; none is skipped."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conformance.explanations import is_by_the_service
from tests.conformance.judges import JUDGES
from tests.conformance.table import FILE, Judged, faults, judge_all, lines
from tests.corpus.registry import CASES, selection
from tests.corpus.verdicts import Verifier
from tests.corpus.world import new_world

pytestmark = [pytest.mark.conformance, pytest.mark.timeout(1500)]

DAMAGED = {"flipped", "mangled", "cut", "archived-changed"}
"""Keys and packed pages differ per run, and with them what a damaged byte breaks: which error a judge gives is no constant."""


LEVELS = {
    "genuine-json-full-p256": "JAdES-BASELINE-B",
    "genuine-pdf-full-p256": "PAdES-BASELINE-B",
    "genuine-pdf-full-p256-b-t": "PAdES-BASELINE-T",
    "genuine-pdf-full-p256-b-lt": "PAdES-BASELINE-T",
    "archived-changed-store-only": "PAdES-BASELINE-LT",
    "archived-pdf-of-b-lt": "PAdES-BASELINE-LTA",
    "archived-pdf-expired-seal": "PAdES-BASELINE-LTA",
}
"""What EU DSS must call them. Long-term data that lie under the seal it does not count: the same data behind it, it does."""


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> list[Judged]:
    always = {*LEVELS, "token-pdf-p256", "token-json-rsa3072"}
    cases = dict.fromkeys((*selection(), *(case for case in CASES if case.name in always)))
    return judge_all(cases, tmp_path_factory.mktemp("corpus"))


def test_eu_dss_passes_every_level(judged: list[Judged]) -> None:
    found = {one.case.name: one.words["EU DSS"] for one in judged if one.case.name in LEVELS}
    assert found == {name: f"TOTAL-PASSED {level}" for name, level in LEVELS.items()}


def test_every_difference_is_explained(judged: list[Judged]) -> None:
    assert faults(judged) == []


def test_every_judge_accepts_what_the_service_makes(judged: list[Judged]) -> None:
    """Else a table full of explained refusals would pass."""
    files = [
        one
        for one in judged
        if one.row >= 7 and (is_by_the_service(one.case) or one.case.group in {"genuine-json", "token-json"})
    ]
    assert len(files) >= 6
    for one in files:
        wanted = {"pdfsig": {"valid, not total"}} if one.case.group.startswith("archived") else {}
        for judge in JUDGES:
            said = one.words.get(judge.name)
            assert said is None or said in wanted.get(judge.name, judge.accepts), one.case.name


def test_every_judge_refuses_something(judged: list[Judged]) -> None:
    """Else a judge that says yes to everything would not be noticed."""
    for judge in JUDGES:
        assert any(
            one.words.get(judge.name, "") not in judge.accepts for one in judged if judge.name in one.words
        )


def test_the_committed_table_says_the_same(judged: list[Judged]) -> None:
    """Write it anew with `python -m tests.conformance.table`."""
    committed = set(FILE.read_text(encoding="utf-8").splitlines())
    stable = [one for one in judged if one.case.group not in DAMAGED]
    assert [line for line in lines(stable).values() if line not in committed] == []


def test_the_whole_corpus_gets_the_expected_verdicts(tmp_path: Path) -> None:
    with new_world() as world:
        verifier = Verifier(world, tmp_path)
        made = [(case, case.build(world)) for case in CASES]
        wrong = [case.name for case, data in made if verifier.verdict(case, data).row != case.row]
    assert wrong == []
