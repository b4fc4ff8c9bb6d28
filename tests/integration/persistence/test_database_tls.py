"""The way to a PostgreSQL on another machine: encrypted, and only to the one whose certificate we expect."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from app.persistence.engine import open_database
from app.ports.storage import StorageUnavailable
from app.settings.database import DatabaseSettings
from app.settings.kinds import Context
from simulators.authority import Authority
from tests.support.postgres import fresh_database
from tests.support.tls_database import tls_before


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority.create()


@pytest.fixture
def guarded(postgres_uri: str, authority: Authority, tmp_path: Path) -> Iterator[str]:
    """The address, as settings name it, of a database behind TLS under the name db.intern."""
    authority.write_tls_root(tmp_path / "root.pem")
    Authority.create().write_tls_root(tmp_path / "other.pem")
    url = make_url(fresh_database(postgres_uri))
    folder = str(url.query["host"])
    identity = authority.issue_server(("db.intern",)).write(tmp_path, "database")
    with tls_before(Path(folder) / ".s.PGSQL.5432", identity) as port:
        # The name is looked up by us alone: no DNS takes part (libpq, hostaddr).
        yield f"postgresql://postgres@db.intern:{port}/{url.database}?hostaddr=127.0.0.1"


def one(address: str, folder: Path) -> int:
    settings = DatabaseSettings.model_validate({"url": address}, context=Context(folder, False))
    database = open_database(settings.full_url())
    with contextlib.closing(database), database.read() as connection:
        return int(connection.execute(text("SELECT 1")).scalar_one())


def test_the_database_of_the_expected_authority_and_name_is_used(guarded: str, tmp_path: Path) -> None:
    assert one(f"{guarded}&sslmode=verify-full&sslrootcert=root.pem", tmp_path) == 1


def test_another_authority_or_another_name_is_refused(guarded: str, tmp_path: Path) -> None:
    for address, authority in (
        (guarded, "other.pem"),
        (guarded.replace("db.intern", "db2.intern"), "root.pem"),
    ):
        with pytest.raises(StorageUnavailable):
            one(f"{address}&sslmode=verify-full&sslrootcert={authority}", tmp_path)
