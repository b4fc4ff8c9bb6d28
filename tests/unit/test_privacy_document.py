"""docs/privacy.md and the tables of the database tell the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy import LargeBinary, Text

from app.persistence.tables import metadata
from app.settings.audit import AuditSettings
from app.settings.model import MonitorSettings

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs" / "privacy.md").read_text("utf-8")
COLUMN = re.compile(r"`([a-z_]+\.[a-z_]+)`")
TEST = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")
# Written by `KeyRing.encrypt` and its like, or (sealed_key) a key under a key. A new one needs a row in the document.
ENCRYPTED = {
    "sessions.payload",
    "operator_sessions.payload",
    "counsellor_sessions.payload",
    "collections.snapshot",
    "collection_sources.source",
    "collection_sources.outcome",
    "collection_sources.earlier",
    "pushed_requests.payload",
    "grants.payload",
    "shares.content",
    "desk_results.content",
    "paper_facts.content",
    "shares.with_whom",
    "shares.known_as",
    "share_openings.opened_by",
    "error_reports.content",
    "error_reports.matter",
    "batch_records.payload",
    "batch_deliveries.sealed_key",
}
# Keyed HMACs, by the end of their names.
PSEUDONYMS = {
    "audit_log.subject",
    "audit_log.actor",
    "batch_records.person_hash",
    "rate_counts.key",
    "grants.person_hash",
    "shares.subject",
    "error_reports.subject",
    "shares.organisation_hash",
}


def chapter(heading: str) -> str:
    return DOCUMENT.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]


def rows_of(heading: str) -> list[list[str]]:
    """The cells of every row of the tables below a heading."""
    lines = [line for line in chapter(heading).splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def first_cells(heading: str) -> set[str]:
    return {name for row in rows_of(heading) for name in COLUMN.findall(row[0])}


def large_columns() -> set[str]:
    return {
        f"{table.name}.{column.name}"
        for table in metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, LargeBinary | Text)
    }


def test_every_large_column_is_listed_as_encrypted_or_as_plain_with_a_reason() -> None:
    encrypted, plain = first_cells("Encrypted columns"), first_cells("What stands in plain, and why it may")
    assert encrypted == ENCRYPTED
    assert encrypted | plain == large_columns()
    assert not encrypted & plain


def test_every_keyed_hash_is_listed() -> None:
    assert first_cells("Pseudonymised columns") >= PSEUDONYMS
    names = {f"{table.name}.{c.name}" for table in metadata.tables.values() for c in table.columns}
    assert first_cells("Pseudonymised columns") <= names


def test_every_table_is_listed_and_exists() -> None:
    listed = {
        name
        for row in rows_of("What stands in plain, and why it may")
        for name in re.findall(r"`([a-z_]+)`", row[0])
    }
    assert listed == set(metadata.tables)


@pytest.mark.parametrize("heading", ["Encrypted columns", "Pseudonymised columns"])
def test_each_has_purpose_key_lifetime_and_a_deletion_test(heading: str) -> None:
    for row in rows_of(heading):
        assert len(row) == 6, row[0]
        assert all(row), row[0]
        assert TEST.search(row[-1]), row[0]


def test_every_test_that_is_named_exists() -> None:
    named = TEST.findall(DOCUMENT)
    assert len(named) > 15
    for file, function in named:
        text = (ROOT / file).read_text("utf-8")
        assert f"def {function}(" in text if function else text, (file, function)


def test_the_defaults_are_those_of_the_settings() -> None:
    assert (
        f"| `[audit] keep_days` | {AuditSettings.model_fields['keep_days'].default} (31 to 3660) |"
        in DOCUMENT
    )
    monitor = MonitorSettings.model_fields["keep_days"].default
    assert f"| `[monitor] keep_days` | {monitor} (31 to 3660) |" in DOCUMENT
