"""Published revocation data, fetched by the background work and used by every process that seals."""

from __future__ import annotations

from sqlalchemy import delete, insert, select

from app.persistence.engine import Database, lock_name
from app.persistence.tables import seal_material

_NAME = "pdf"


class SqlSealMaterial:
    """Raises StorageUnavailable from both methods when the database cannot be reached."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def load(self) -> bytes | None:
        """What was saved last."""
        query = select(seal_material.c.content).where(seal_material.c.name == _NAME)
        with self._database.read() as connection:
            content: bytes | None = connection.execute(query).scalar()
        return content

    def save(self, content: bytes) -> None:
        """Replace what was saved."""
        with self._database.write() as connection:
            lock_name(connection, "seal_material")
            connection.execute(delete(seal_material).where(seal_material.c.name == _NAME))
            connection.execute(insert(seal_material).values(name=_NAME, content=content))
