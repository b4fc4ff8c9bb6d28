"""One collection of all tables, with names for constraints that migrations can say again."""

from __future__ import annotations

from sqlalchemy import MetaData

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
    }
)

# "table.column": what this version neither reads nor writes any more, but the release before does. The next release drops it
# (docs/operations.md, "A new version"). A table that nobody uses any more stays among our tables until it is dropped.
LEFT_BEHIND: frozenset[str] = frozenset()
