"""Counts of attempts that all processes share. Only keyed hashes stand here, and only until their window ends."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite

from app.persistence.engine import Database
from app.persistence.tables import rate_counts


class SqlRateCounter:
    """Implements app.ports.rates.RateCounter."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def hit(self, key: str, ends_at: datetime) -> int:
        """In one statement, so that no two processes count the same attempt."""
        insert = sqlite.insert if self._database.engine.dialect.name == "sqlite" else postgresql.insert
        first = insert(rate_counts).values(key=key, hits=1, ends_at=ends_at)
        statement = first.on_conflict_do_update(
            index_elements=[rate_counts.c.key], set_={"hits": rate_counts.c.hits + 1}
        ).returning(rate_counts.c.hits)
        with self._database.write() as connection:
            return int(connection.execute(statement).scalar_one())

    def purge(self, now: datetime) -> int:
        """Forget every window that has ended, and return how many counts that were."""
        with self._database.write() as connection:
            return connection.execute(delete(rate_counts).where(rate_counts.c.ends_at <= now)).rowcount
