"""While a new version is installed, programs of the release before work in the same database (docs/operations.md)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy import Column, ForeignKey, Index, Integer, MetaData, String, Table

from app.persistence.metadata import LEFT_BEHIND
from app.persistence.tables import metadata
from scripts.release_tables import Tables, describe
from tests.support.releases import breaks, facts

STEPS = Path(__file__).parents[3] / "app" / "persistence" / "migrations" / "versions"
TAKES_AWAY = re.compile(r"\b(drop_\w+|alter_column|rename_table|DROP|RENAME|TRIGGER)\b")
RAISES = re.compile(r"\bprogram_levels\b")


def test_the_release_before_finds_all_that_it_uses() -> None:
    assert breaks(facts()["tables"], describe(metadata), LEFT_BEHIND) == []


def test_a_step_that_takes_something_away_says_which_programs_still_work() -> None:
    """Or two releases back would go on, and fail at what is not there."""
    newer = [step for step in STEPS.glob("0*.py") if step.name.partition("_")[0] > facts()["level"]]
    for step in newer:
        text = step.read_text("utf-8")
        assert not TAKES_AWAY.search(text) or RAISES.search(text), step.name


def tables(*extra: Column[str] | Column[int] | Index, name: str = "people", required: bool = False) -> Tables:
    """A table in which `name` may be empty, with more columns or indexes."""
    made = MetaData()
    Table("places", made, Column("id", Integer, primary_key=True))
    Table(
        name,
        made,
        Column("id", Integer, primary_key=True),
        Column("name", String(64), nullable=not required),
        *extra,
    )
    return describe(made)


def test_more_tables_optional_columns_and_indexes_break_nothing() -> None:
    more = tables(Column("age", Integer), Column("kind", String(8), nullable=False, server_default="x"))
    more |= tables(name="more")
    assert breaks(tables(), more) == []
    assert breaks(tables(), tables(Index("ix_name", "name"))) == []


@pytest.mark.parametrize(
    ("now", "why"),
    [
        (tables(name="persons"), "people is gone"),
        (tables(required=True), "people.name must be filled in"),
        (tables(Column("age", Integer, nullable=False)), "people.age must be filled in"),
        (tables(Index("ix_name", "name", unique=True)), "people has other rules"),
        (tables(Column("place", Integer, ForeignKey("places.id"))), "people has other rules"),
        (tables(Column("second", Integer, primary_key=True, server_default="1")), "people has other rules"),
    ],
)
def test_a_rename_a_duty_and_a_new_rule_are_refused(now: Tables, why: str) -> None:
    assert why in breaks(tables(), now)


def test_a_column_goes_in_two_releases() -> None:
    before, now = tables(Column("old", String(8))), tables()
    assert breaks(before, now) == ["people.old is gone"], "dropped, or renamed"
    assert breaks(before, now, {"people.old"}) == [], "not used any more, and still there"
    assert breaks(tables(), now) == [], "the release after that may drop it"


def test_another_type_is_refused() -> None:
    assert breaks(tables(Column("n", Integer)), tables(Column("n", String(8)))) == [
        "people.n has another type"
    ]
