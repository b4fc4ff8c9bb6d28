"""docs/conformance/oauth-nlgov.md says nothing that is not there."""

from collections import Counter

from tests.support.conformance_page import ROOT, missing, rows

PAGE = ROOT / "docs" / "conformance" / "oauth-nlgov.md"
STATUSES = ("done", "partly", "not done", "host's duty", "not applicable")
NORM = [row for row in rows(PAGE) if "id" in row.cells]


def test_every_file_and_test_that_the_page_names_exists() -> None:
    named = [pair for row in NORM for pair in row.named]
    assert len(named) > 100
    assert [pair for pair in named if missing(*pair)] == []


def test_every_row_has_a_status_and_what_is_done_has_a_test() -> None:
    for row in NORM:
        assert row.cells["status"] in STATUSES, row
        assert row.cells["how"], row
        if row.cells["status"] in {"done", "partly"}:
            tests = [name for file, name in row.named if file.startswith("tests/")]
            assert any(name.startswith("test_") for name in tests), row


def test_ids_are_unique_and_the_page_counts_right() -> None:
    assert max(Counter(row.cells["id"] for row in NORM).values()) == 1
    count = Counter(row.cells["status"] for row in NORM)
    stated = ", ".join(f"{count[name]} {'are done' if name == 'done' else name}" for name in STATUSES)
    stated = stated.replace("host's duty", "the host's duty")
    assert f"Of {len(NORM)} rows {stated}." in PAGE.read_text("utf-8")
