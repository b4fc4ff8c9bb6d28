"""What is no database of ours is a failure of storage, not a bug."""

from pathlib import Path

import pytest

from app.persistence.engine import Database, open_database
from app.persistence.migrations import upgrade
from app.ports.storage import StorageUnavailable
from tests.support.databases import migrated_sqlite


@pytest.mark.parametrize("content", [b"no database " * 500, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_file_that_is_no_database_counts_as_storage_that_fails(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "file.sqlite3").write_bytes(content)
    with pytest.raises(StorageUnavailable):
        upgrade(f"sqlite:///{tmp_path}/file.sqlite3")


def test_a_database_that_breaks_while_in_use_counts_as_storage_that_fails(tmp_path: Path) -> None:
    url = migrated_sqlite(tmp_path / "file.sqlite3")
    (tmp_path / "file.sqlite3").write_bytes(b"no database " * 5000)
    database = open_database(url)
    with pytest.raises(StorageUnavailable), database.read() as connection:
        connection.exec_driver_sql("SELECT * FROM sessions")
    database.close()


def test_a_full_disk_is_told_as_such(tmp_path: Path) -> None:
    """An operator whose import broke off must know that freeing space helps, and trying again does not."""
    url = migrated_sqlite(tmp_path / "file.sqlite3")
    database = open_database(url)
    with pytest.raises(StorageUnavailable, match="disk is full"):
        fill(database)
    database.close()


def fill(database: Database) -> None:
    with database.write() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1")
        connection.exec_driver_sql("CREATE TABLE much AS SELECT zeroblob(1000000) AS zeros")
