"""Databases with all tables. The migrations run once per test run, and every test gets a copy: what they do is proved by
`tests/integration/persistence/test_migrations.py`."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from sqlalchemy import make_url

from app.persistence.migrations import upgrade
from tests.support.postgres import copied_database, fresh_database


def migrated_sqlite(file: Path) -> str:
    """Write an empty SQLite database at the newest level, and give its address."""
    file.write_bytes(_sqlite_after_migrations())
    return f"sqlite:///{file}"


@cache
def _sqlite_after_migrations() -> bytes:
    """Whole: the last connection that closes empties the write-ahead log into the file."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "template.sqlite3"
        upgrade(f"sqlite:///{file}")
        assert [file] == list(Path(folder).iterdir())
        return file.read_bytes()


def migrated_postgres(server_uri: str) -> str:
    """Create an empty PostgreSQL database at the newest level, and give its address."""
    return copied_database(server_uri, _postgres_after_migrations(server_uri))


@cache
def _postgres_after_migrations(server_uri: str) -> str:
    """The name of a database that nobody is connected to."""
    url = fresh_database(server_uri)
    upgrade(url)
    name = make_url(url).database
    assert name is not None
    return name
