"""docs/conformance/{asvs,digid,bio2}.md say nothing that is not there, and count right."""

import re
from collections import Counter
from pathlib import Path

import pytest

from tests.support.conformance_page import ROOT, Row, missing, rows

FOLDER = ROOT / "docs" / "conformance"
PAGES = [FOLDER / name for name in ("asvs.md", "digid.md", "bio2.md")]
STATUSES = ("met", "partly", "not applicable", "host's duty", "open")
# Files that `Row.named` does not know: settings, templates, scripts of the site, anything with a folder before it.
ANY_FILE = re.compile(r"`([\w.-]+(?:/[\w.-]+)+)`")


def absent_files(row: Row) -> list[str]:
    named = [file for cell in row.cells.values() for file in ANY_FILE.findall(cell)]
    return [file for file in named if not (ROOT / file).is_file()]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_file_and_test_that_a_page_names_exists(page: Path) -> None:
    found = rows(page)
    named = [pair for row in found for pair in row.named]
    assert len(named) > len(found) // 2
    assert [pair for pair in named if missing(*pair)] == []
    assert [file for row in found for file in absent_files(row)] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_row_has_a_status_and_evidence_and_the_page_counts_right(page: Path) -> None:
    found = rows(page)
    assert {row.cells["status"] for row in found} <= set(STATUSES)
    assert [row for row in found if not row.cells["evidence"]] == []
    met = [row for row in found if row.cells["status"] == "met"]
    assert [row for row in met if not row.named and not ANY_FILE.search(row.cells["evidence"])] == []
    count = Counter(row.cells["status"] for row in found)
    stated = ", ".join(f"{count[name]} {'are met' if name == 'met' else name}" for name in STATUSES)
    assert f"Of {len(found)} rows {stated}." in page.read_text("utf-8")


def test_the_numbers_of_asvs_are_in_order_unique_and_all_there() -> None:
    page = FOLDER / "asvs.md"
    found = rows(page)
    numbers = [tuple(int(part) for part in row.cells["id"][1:].split(".")) for row in found]
    assert numbers == sorted(set(numbers))
    level = Counter(row.cells["level"] for row in found)
    assert f"Every item of level 1 ({level['1']}) and level 2 ({level['2']})" in page.read_text("utf-8")
    assert level == {"1": 70, "2": 183}  # of 345 items in ASVS 5.0.0, 92 are of level 3


@pytest.mark.parametrize("page", PAGES[1:], ids=lambda page: page.stem)
def test_a_page_says_for_how_many_rows_the_text_of_the_norm_was_not_there(page: Path) -> None:
    found = rows(page)
    assert max(Counter(row.cells["id"] for row in found).values()) == 1
    text = page.read_text("utf-8")
    assert "**Text not available: of all " in text
    assert f"or {len(found)} of {len(found)} rows below" in text


def test_a_file_that_is_not_there_is_noticed(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("| id |\n|---|\n| `deploy/weg.conf` and `deploy/nginx.conf` |")
    assert [absent_files(row) for row in rows(page)] == [["deploy/weg.conf"]]
