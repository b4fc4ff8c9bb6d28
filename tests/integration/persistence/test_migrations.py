import threading

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from app.persistence.engine import Database, open_database
from app.persistence.migrations import is_at_newest_level, upgrade
from app.persistence.tables import metadata


def test_the_migrated_schema_equals_the_metadata(database: Database) -> None:
    with database.read() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, metadata) == []


def test_a_difference_between_schema_and_metadata_is_seen(database: Database) -> None:
    with database.write() as connection:
        connection.execute(text("ALTER TABLE jobs ADD COLUMN stray INTEGER"))
    with database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) != []


def test_an_empty_database_is_not_at_the_newest_level(empty_url: str) -> None:
    database = open_database(empty_url)
    assert not is_at_newest_level(database)
    upgrade(empty_url)
    assert is_at_newest_level(database)
    database.close()


def test_processes_may_upgrade_at_the_same_time(empty_url: str) -> None:
    errors: list[Exception] = []

    def run() -> None:
        try:
            upgrade(empty_url)
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    database = open_database(empty_url)
    assert not errors
    assert is_at_newest_level(database)
    database.close()
