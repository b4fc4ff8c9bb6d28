"""docs/accessibility.md names files and tests that are there, every criterion once, and counts right."""

from __future__ import annotations

from collections import Counter

from tests.support.conformance_page import ROOT, missing, rows

PAGE = ROOT / "docs" / "accessibility.md"
STATUSES = ("tested", "by eye", "partly", "not applicable")


def test_every_file_and_test_that_it_names_exists() -> None:
    named = [pair for row in rows(PAGE) for pair in row.named]
    assert len(named) > 40
    assert [pair for pair in named if missing(*pair)] == []


def test_every_criterion_stands_there_once_with_status_and_evidence() -> None:
    criteria = [row.cells for row in rows(PAGE) if "criterion" in row.cells]
    numbers = [tuple(int(part) for part in one["criterion"].split(".")) for one in criteria]
    assert numbers == sorted(set(numbers))
    assert Counter(one["level"] for one in criteria) == {"A": 31, "AA": 24}
    assert all(one["evidence"] for one in criteria)
    assert all(".py" in one["evidence"] for one in criteria if one["status"] == "tested")


def test_it_counts_right() -> None:
    count = Counter(row.cells["status"] for row in rows(PAGE) if "status" in row.cells)
    stated = ", ".join(f"{count[name]} {'are tested' if name == 'tested' else name}" for name in STATUSES)
    assert f"Of {sum(count.values())} criteria {stated}." in PAGE.read_text("utf-8")
