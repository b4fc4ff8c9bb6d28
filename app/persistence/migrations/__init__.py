"""Changes of the database, in order, and the commands to apply them.

Alembic is imported only by who changes a database: loading it takes about as long as all of SQLAlchemy, in every process.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import func, inspect, select, text

from app.persistence.engine import Database, lock_name, open_database
from app.persistence.tables import program_levels

_VERSIONS = Path(__file__).parent / "versions"


def upgrade(url: str) -> None:
    """Bring the database to the newest level. Safe to run twice, also at the same time.

    Raises StorageUnavailable when the database cannot be reached.
    """
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "app.persistence:migrations")
    config.set_main_option("path_separator", "os")
    database = open_database(url)
    try:
        with database.write() as connection:
            lock_name(connection, "migrations")
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        database.close()


def fits_this_program(database: Database) -> bool:
    """Whether this program can work with the database: at its own level, or at a newer one that was made to fit programs of the
    release before (docs/operations.md). Raises StorageUnavailable."""
    with database.read() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return False
        level = connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or ""
        if level <= newest_level():
            return bool(level == newest_level())
        oldest = connection.execute(select(func.max(program_levels.c.oldest_level))).scalar()
        return oldest is not None and bool(oldest <= newest_level())


def newest_level() -> str:
    """The files stand in one row, and each is named after its level."""
    return max(file.name.partition("_")[0] for file in _VERSIONS.glob("0*.py"))
