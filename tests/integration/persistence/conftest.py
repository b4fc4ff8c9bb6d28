"""Every test here runs on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.persistence.cipher import KeyRing, new_key_line
from app.persistence.engine import Database, open_database
from tests.support.databases import migrated_postgres, migrated_sqlite
from tests.support.postgres import fresh_database, postgres_server


@pytest.fixture(scope="session")
def postgres_uri(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with postgres_server(tmp_path_factory.mktemp("pg")) as uri:
        yield uri


@pytest.fixture(params=["sqlite", "postgresql"])
def dialect(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def empty_url(dialect: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if dialect == "sqlite":
        return f"sqlite:///{tmp_path / 'test.sqlite3'}"
    return fresh_database(request.getfixturevalue("postgres_uri"))


@pytest.fixture
def url(dialect: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """With all tables."""
    if dialect == "sqlite":
        return migrated_sqlite(tmp_path / "test.sqlite3")
    return migrated_postgres(request.getfixturevalue("postgres_uri"))


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    opened = open_database(url)
    yield opened
    opened.close()


@pytest.fixture
def key_text() -> str:
    return new_key_line("one")


@pytest.fixture
def keys(key_text: str) -> KeyRing:
    return KeyRing.parse(key_text)
