"""docs/operations.md and the programs tell the same about where state is."""

from __future__ import annotations

import re
from pathlib import Path

from app.persistence.tables import metadata
from sources.config import SourceConfig

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "operations.md").read_text("utf-8")
WITHOUT_STATE = {"app/documents", "app/language"}  # what these keep is always the same
NAMES = re.compile(r"`([^`]+)`")
# What outlives one request in one process needs one of these, as soon as there are threads.
KEEPS = re.compile(
    r"threading\.local\(|\bR?Lock\(\)|Semaphore\(|lru_cache|functools\.cache\b|^@cache\b|deque\(|OrderedDict\(",
    re.MULTILINE,
)


def rows(heading: str) -> list[list[str]]:
    """The cells of every row of the table below a heading, without its head."""
    chapter = PAGE.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in chapter.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[1:]]


def test_every_table_of_the_database_is_listed_once() -> None:
    listed = [name for row in rows("Where all state lives") for name in NAMES.findall(row[0])]
    assert sorted(listed) == sorted([*metadata.tables, "alembic_version"])


def test_every_file_that_keeps_something_in_memory_is_listed() -> None:
    listed = {name for row in rows("What one process has in memory") for name in NAMES.findall(row[1])}
    files = (file for room in ("app", "sources", "signing", "claims") for file in (ROOT / room).rglob("*.py"))
    keeping = {str(file.relative_to(ROOT)) for file in files if KEEPS.search(file.read_text("utf-8"))}
    keeping = {name for name in keeping if str(Path(name).parent) not in WITHOUT_STATE}
    assert keeping - listed == set(), "say in docs/operations.md who may lose it"
    assert {name for name in listed if not (ROOT / name).is_file()} == set()


def test_each_says_what_happens_when_it_is_lost() -> None:
    for heading in ("Where all state lives", "What one process has in memory"):
        for row in rows(heading):
            assert len(row) == 3, row[0]
            assert all(row), row[0]


def test_it_and_the_runbook_say_how_long_a_source_is_left_alone() -> None:
    pages = PAGE + (ROOT / "docs" / "runbook.md").read_text("utf-8")
    lines = [line for line in pages.splitlines() if "`circuit_seconds`" in line]
    assert len(lines) == 3
    seconds = SourceConfig.model_fields["circuit_seconds"].default
    assert all(f"{seconds} seconds" in line for line in lines)
