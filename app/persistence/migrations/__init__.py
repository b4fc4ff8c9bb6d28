"""Changes of the database, in order, and the commands to apply them."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from app.persistence.engine import Database, lock_name, open_database


def upgrade(url: str) -> None:
    """Bring the database to the newest level. Safe to run twice, also at the same time.

    Raises StorageUnavailable when the database cannot be reached.
    """
    database = open_database(url)
    try:
        with database.write() as connection:
            lock_name(connection, "migrations")
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        database.close()


def is_at_newest_level(database: Database) -> bool:
    """Whether this program and the database agree. Raises StorageUnavailable."""
    newest = ScriptDirectory.from_config(_config()).get_current_head()
    with database.read() as connection:
        return MigrationContext.configure(connection).get_current_revision() == newest


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "app.persistence:migrations")
    config.set_main_option("path_separator", "os")
    return config
