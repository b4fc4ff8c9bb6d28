"""What still stands under a storage key: until that is nothing, the key cannot go."""

from __future__ import annotations

from sqlalchemy import Column, ColumnElement, func, select

from app.persistence.cipher import head_of
from app.persistence.engine import Database
from app.persistence.tables import (
    batch_deliveries,
    collection_sources,
    collections,
    counsellor_sessions,
    error_reports,
    grants,
    operator_sessions,
    pushed_requests,
    sessions,
    share_openings,
    shares,
)

_ENCRYPTED = (
    sessions.c.payload,
    operator_sessions.c.payload,
    counsellor_sessions.c.payload,
    collections.c.snapshot,
    collection_sources.c.source,
    collection_sources.c.outcome,
    collection_sources.c.earlier,
    batch_deliveries.c.sealed_key,
    pushed_requests.c.payload,
    grants.c.payload,
    shares.c.with_whom,
    share_openings.c.opened_by,
    error_reports.c.matter,
    error_reports.c.content,
)


def uses_of(database: Database, key_id: str) -> dict[str, int]:
    """How many rows of each table need this key; tables without are left out. Raises StorageUnavailable."""
    found: dict[str, int] = {}
    with database.read() as connection:
        for column in _ENCRYPTED:
            query = select(func.count()).select_from(column.table).where(_is_under(column, key_id))
            count = connection.execute(query).scalar_one()
            if count:
                found[column.table.name] = found.get(column.table.name, 0) + count
    return found


def _is_under(column: Column[bytes], key_id: str) -> ColumnElement[bool]:
    """What is encrypted begins with the id of its key."""
    head = head_of(key_id)
    return func.substr(column, 1, len(head)) == head
