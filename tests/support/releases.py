"""The release before this version, as `scripts/record_release.py` kept it, and what would break its programs."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from functools import cache
from typing import Any

from scripts.record_release import FACTS
from scripts.release_tables import Tables


@cache
def facts() -> dict[str, Any]:
    """`version`, `commit`, `level` and `tables` of that release."""
    loaded: dict[str, Any] = json.loads(FACTS.read_text("utf-8"))
    return loaded


def breaks(before: Tables, now: Tables, left_behind: Collection[str] = ()) -> list[str]:
    """Why programs that know the tables of `before` cannot work in a database with those of `now`. `left_behind`: columns that
    `now` does not name but the database has."""
    return [reason for table in before for reason in _breaks_in(table, before, now, left_behind)]


def _breaks_in(name: str, before: Tables, now: Tables, left_behind: Collection[str]) -> Iterator[str]:
    if name not in now:
        yield f"{name} is gone"
        return
    old, new = before[name]["columns"], now[name]["columns"]
    for column in old:
        if column in new:
            yield from _changes(f"{name}.{column}", old[column], new[column])
        elif f"{name}.{column}" not in left_behind:
            yield f"{name}.{column} is gone"
    for column in new.keys() - old.keys():
        if not new[column]["nullable"] and not new[column]["filled_in"]:
            yield f"{name}.{column} must be filled in"
    if before[name]["rules"] != now[name]["rules"]:
        yield f"{name} has other rules"


def _changes(column: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
    if old["type"] != new["type"]:
        yield f"{column} has another type"
    if old["nullable"] and not new["nullable"]:
        yield f"{column} must be filled in"
    if old["filled_in"] and not new["filled_in"]:
        yield f"{column} is not filled in any more"
