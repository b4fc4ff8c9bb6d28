"""Print, as JSON, the tables as the programs on the path know them: what a version of them reads and writes.

Usage: PYTHONPATH=TREE python scripts/release_tables.py
"""

from __future__ import annotations

import json
import sys
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
)
from sqlalchemy.dialects import postgresql

Tables = dict[str, dict[str, Any]]
_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]


def describe(metadata: MetaData) -> Tables:
    """Columns of every table with type and whether they must be filled in, and the rules that rows must keep."""
    return {name: _table(table) for name, table in sorted(metadata.tables.items())}


def _table(table: Table) -> dict[str, Any]:
    columns = {
        column.name: {
            "type": column.type.compile(_DIALECT),
            "nullable": bool(column.nullable),
            "filled_in": column.server_default is not None,
        }
        for column in table.columns
    }
    return {"columns": columns, "rules": sorted(_rules(table))}


def _rules(table: Table) -> set[str]:
    rules = {f"unique {[c.name for c in index.columns]}" for index in table.indexes if index.unique}
    for one in table.constraints:
        match one:
            case PrimaryKeyConstraint():
                rules.add(f"primary key {[c.name for c in one.columns]}")
            case UniqueConstraint():
                rules.add(f"unique {[c.name for c in one.columns]}")
            case ForeignKeyConstraint():
                target = [element.target_fullname for element in one.elements]
                rules.add(f"foreign key {list(one.column_keys)} to {target}, {one.ondelete}")
            case CheckConstraint():
                rules.add(f"check {one.sqltext}")
    return rules


if __name__ == "__main__":
    from app.persistence.tables import metadata

    sys.stdout.write(json.dumps(describe(metadata), indent=1, sort_keys=True) + "\n")
