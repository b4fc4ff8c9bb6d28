"""docs/conformance/oidc-nlgov.md says nothing that is not there."""

from collections import Counter
from pathlib import Path

import pytest

from tests.support.conformance_page import ROOT, Row, missing, rows

PAGE = ROOT / "docs" / "conformance" / "oidc-nlgov.md"
STATUSES = {"done", "partly", "host's duty", "not applicable"}


def test_every_file_and_test_that_the_page_names_exists() -> None:
    named = [pair for row in rows(PAGE) for pair in row.named]
    assert len(named) > 150
    assert [pair for pair in named if missing(*pair)] == []


def norm_rows() -> list[Row]:
    return [row for row in rows(PAGE) if "id" in row.cells]


def test_every_row_has_a_status_and_what_is_done_has_a_test() -> None:
    for row in norm_rows():
        assert row.cells["status"] in STATUSES, row
        assert row.cells["how"], row
        if (
            row.cells["status"] in {"done", "partly"} and row.cells["id"] != "SC3"
        ):  # that row is the page itself
            assert any(file.startswith("tests/") and name.startswith("test_") for file, name in row.named), (
                row
            )


def test_ids_are_unique_and_the_page_counts_right() -> None:
    found = norm_rows()
    assert max(Counter(row.cells["id"] for row in found).values()) == 1
    count = Counter(row.cells["status"] for row in found)
    done, partly, host, not_applicable = (
        count[status] for status in ("done", "partly", "host's duty", "not applicable")
    )
    stated = f"{done} are done, {partly} partly, {host} the host's duty, {not_applicable} not applicable."
    assert f"Of {len(found)} rows {stated}" in PAGE.read_text("utf-8")


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("| id |\n|---|\n| `app/oidc/weg.py` |", [("app/oidc/weg.py", "")]),
        ("| id |\n|---|\n| `app/oidc/flow.py::test_weg` |", [("app/oidc/flow.py", "test_weg")]),
        ("| id |\n|---|\n| `app/oidc/flow.py::new_flow` |", []),
    ],
)
def test_a_name_that_is_not_there_is_noticed(text: str, wrong: list[tuple[str, str]], tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(text)
    assert [pair for row in rows(page) for pair in row.named if missing(*pair)] == wrong
