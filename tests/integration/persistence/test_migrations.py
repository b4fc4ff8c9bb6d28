import threading

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Column, text

from app.persistence.engine import Database, open_database
from app.persistence.metadata import LEFT_BEHIND
from app.persistence.migrations import DatabaseTooNew, fits_this_program, newest_level, upgrade
from app.persistence.tables import metadata


def test_the_migrated_schema_equals_the_metadata(database: Database) -> None:
    with database.read() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        assert [one for one in compare_metadata(context, metadata) if not is_left_behind(one)] == []


def is_left_behind(difference: tuple[object, ...]) -> bool:
    """A column in the database that this version does not know any more, on purpose."""
    match difference:
        case ("remove_column", _, table, Column(name=name)):
            return f"{table}.{name}" in LEFT_BEHIND
    return False


def test_a_difference_between_schema_and_metadata_is_seen(database: Database) -> None:
    with database.write() as connection:
        connection.execute(text("ALTER TABLE jobs ADD COLUMN stray INTEGER"))
    with database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) != []


def test_an_empty_database_fits_no_program(empty_url: str) -> None:
    database = open_database(empty_url)
    assert not fits_this_program(database)
    upgrade(empty_url)
    assert fits_this_program(database)
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
    assert fits_this_program(database)
    database.close()


def set_levels(database: Database, level: str, oldest: str) -> None:
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :level"), {"level": level})
        connection.execute(text("UPDATE program_levels SET oldest_level = :oldest"), {"oldest": oldest})


def test_a_program_works_with_its_own_level_and_with_a_newer_one_that_says_so(database: Database) -> None:
    """Or every process of the running version would be taken away when the next one has prepared the database."""
    own = newest_level()
    set_levels(database, "0998", own)
    assert fits_this_program(database)
    set_levels(database, "0998", "0997")
    assert not fits_this_program(database), "the old columns are gone"
    set_levels(database, "0001", "0001")
    assert not fits_this_program(database), "the new columns are not there yet"


def test_who_goes_back_to_the_release_before_finds_the_database_as_it_was(
    database: Database, url: str
) -> None:
    """Its job for migrations runs too, before its programs: it must not stop them."""
    assert upgrade(url)
    set_levels(database, "0998", newest_level())
    assert not upgrade(url)
    set_levels(database, "0998", "0997")
    with pytest.raises(DatabaseTooNew):
        upgrade(url)
    with database.read() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == "0998"
