"""Every subject runs, on tiny sizes. How fast anything is, is no matter for a test."""

from __future__ import annotations

import functools
import json
import math
from dataclasses import replace
from pathlib import Path

import pytest
from lxml.html import fromstring

from app.documents.pdf_fonts import FONT_FOLDER
from bench import goals, report
from bench.default_path import DefaultPath, without_seal
from bench.measure import Operation, Ratio, compare, measure, spread
from bench.outline import outline
from bench.overviews import material
from bench.places import LEVELS, offices
from bench.render_and_seal import pages_of
from bench.renderers_child import as_html, as_typst, walk
from bench.sizes import FULL, TINY, Paper, Plan
from bench.subjects import SUBJECTS, WITH_DEMO
from signing.verifying.pdf_file import PdfFile
from tests.support.sealing import ConstantSeal

measured = functools.cache(lambda name: SUBJECTS[name](TINY))
EXAMPLE = Ratio("subject", "work", "floor", 3.14159, 2.0, 1234.5)


@pytest.mark.parametrize("name", [name for name in SUBJECTS if name not in WITH_DEMO])
def test_every_subject_runs_and_gives_ratios(name: str) -> None:
    ratios = measured(name)
    assert ratios
    assert all(math.isfinite(ratio.median) for ratio in ratios)
    assert all(ratio.what and ratio.against and ratio.subject for ratio in ratios)


def test_every_operation_has_one_turn_per_round_and_warm_ups_do_not_count() -> None:
    turns: list[tuple[str, int]] = []
    operations = {
        "a": Operation(lambda number: turns.append(("a", number))),
        "b": Operation(lambda number: turns.append(("b", number)), repeats=2),
    }
    seconds = measure(operations, Plan(rounds=2, warm_ups=1), clock=lambda: float(len(turns)))
    assert turns == [("a", 0), ("b", 0), ("b", 0), ("b", 1), ("b", 1), ("a", 1), ("a", 2), ("b", 2), ("b", 2)]
    assert seconds == {"a": [1.0, 1.0], "b": [1.0, 1.0]}


def test_a_ratio_is_worked_out_per_round() -> None:
    ratio = compare("subject", {"work": [2.0, 30.0, 8.0], "floor": [1.0, 10.0, 2.0]}, "work", "floor")
    assert ratio.median == 3.0


def test_the_spread_leaves_out_the_outer_tenths() -> None:
    ratio = spread("subject", "work", "floor", [float(n) for n in range(11)])
    assert (ratio.p10, ratio.median, ratio.p90) == (1.0, 5.0, 9.0)


def test_every_round_works_on_another_citizen() -> None:
    one, other = material(Paper(3, Plan(1)), 1), material(Paper(3, Plan(1)), 2)
    assert one.payload != other.payload
    assert {c.reference for c in one.snapshot.overview.claims}.isdisjoint(
        c.reference for c in other.snapshot.overview.claims
    )


@pytest.mark.parametrize("papers", [FULL.documents, FULL.levels])
def test_documents_have_one_five_and_fifty_pages(papers: tuple[Paper, ...]) -> None:
    assert [pages_of(material(paper, 1).write(ConstantSeal())) for paper in papers] == [1, 5, 50]


def test_the_file_for_the_default_path_has_no_seal_until_it_is_signed() -> None:
    with offices(["p256"]) as known:
        office = known["p256"]
        bare = without_seal(material(Paper(1, Plan(1)), 1).write(office.seal(office.town.key, "B-LT")))
        assert not PdfFile(bare).signature_fields()
        for level in LEVELS:
            [field] = PdfFile(DefaultPath.of(office).sign(bare, level)).signature_fields()
            assert field.name == "Zegel"


def test_renderers_of_others_set_every_word_that_we_set() -> None:
    found = outline(material(Paper(2, Plan(1)), 1))
    words = [text for kind, text, _ in walk(found) if text and kind not in {"Lbl", "Figure", "Form"}]
    assert len(words) > 100
    page = fromstring(as_html(found, FONT_FOLDER)).text_content()
    source = as_typst(found)
    assert all(text in page for text in words)
    assert all(json.dumps(text, ensure_ascii=False) in source for text in words)


def test_the_full_plan_has_what_the_issue_asks() -> None:
    assert FULL.key_kinds == ("p256", "rsa3072")
    assert FULL.endurance[0] == 10_000
    assert {"WeasyPrint", "typst"} < set(FULL.renderers)
    assert {len(town): max(town) for town in FULL.towns} == {20: 1, 100: 2, 200: 2}
    assert FULL.parsed_claims == 2000
    assert 2000 in FULL.memory_claims
    assert ("csv", 500_000) in FULL.imported_records


def test_every_goal_is_about_something_that_is_measured() -> None:
    """In another size: fifty pages, RSA and ten thousand documents only differ in their numbers."""
    names = ("levels", "verify", "scaling", "endurance")
    found = {(one.what, one.against) for name in names for one in measured(name)}
    assert {(goal.what, goal.against) for goal in goals.GOALS} <= found


def test_a_goal_tells_whether_it_was_reached() -> None:
    least = goals.Goal("enough", "subject", "work", "floor", 2.0, is_least=True)
    most = replace(least, is_least=False)
    shown = goals.table([EXAMPLE], [least, most])
    assert "at least 2.00 | 3.142 | 2.000 - 1234.500 | yes |" in shown
    assert "at most 2.00 | 3.142 | 2.000 - 1234.500 | **no** |" in shown
    assert goals.table([], [least]) == ""


def test_the_table_names_what_is_compared() -> None:
    shown = report.table([EXAMPLE])
    assert "subject" in shown
    assert "3.14 x  floor" in shown
    assert "2.00 - 1,234" in shown


def test_the_file_says_under_which_conditions_was_measured(tmp_path: Path) -> None:
    file = tmp_path / "new" / "bench.json"
    report.write_json(file, [EXAMPLE], report.conditions())
    content = json.loads(file.read_text(encoding="utf-8"))
    assert content["ratios"][0]["median"] == EXAMPLE.median
    assert content["conditions"]["load_average"]
