"""Changes of the database, in order, and the commands to apply them.

Alembic is imported only by who changes a database: loading it takes about as long as all of SQLAlchemy, in every process.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, func, inspect, select, text

from app.persistence.engine import Database, lock_name, open_database
from app.persistence.tables import program_levels

_VERSIONS = Path(__file__).parent / "versions"


class DatabaseTooNew(Exception):
    """A newer version brought the database to a level with which this one cannot work."""


def upgrade(url: str) -> bool:
    """Bring the database to the newest level. Safe to run twice, also at the same time.

    False: nothing was changed, for the database is at a newer level that these programs work with too: somebody went back to the
    release before. Raises StorageUnavailable when the database cannot be reached, and DatabaseTooNew.
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
            if _level(connection) > newest_level():
                return _left_as_it_is(connection)
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        database.close()
    return True


def fits_this_program(database: Database) -> bool:
    """Whether this program can work with the database: at its own level, or at a newer one that was made to fit programs of the
    release before (docs/operations.md). Raises StorageUnavailable."""
    with database.read() as connection:
        level = _level(connection)
        return level == newest_level() or (level > newest_level() and _was_made_to_fit(connection))


def _level(connection: Connection) -> str:
    """ "" for an empty database."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or "")


def _was_made_to_fit(connection: Connection) -> bool:
    oldest = connection.execute(select(func.max(program_levels.c.oldest_level))).scalar()
    return oldest is not None and bool(oldest <= newest_level())


def _left_as_it_is(connection: Connection) -> bool:
    """Raises DatabaseTooNew."""
    if not _was_made_to_fit(connection):
        raise DatabaseTooNew
    return False


def newest_level() -> str:
    """The files stand in one row, and each is named after its level."""
    return max(file.name.partition("_")[0] for file in _VERSIONS.glob("0*.py"))
