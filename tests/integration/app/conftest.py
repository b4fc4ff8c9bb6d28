"""Two services on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.persistence.migrations import upgrade
from app.persistence.rights import grant
from tests.integration.app.two_services import TwoServices, run_two
from tests.support.postgres import postgres_server, two_roles


@pytest.fixture(scope="package")
def postgres_uri(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with postgres_server(tmp_path_factory.mktemp("pg")) as uri:
        yield uri


@pytest.fixture(scope="package", params=["sqlite", "postgresql"])
def database_kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="package")
def two(
    database_kind: str, tmp_path_factory: pytest.TempPathFactory, postgres_uri: str
) -> Iterator[TwoServices]:
    """For tests that leave both processes alive."""
    folder = tmp_path_factory.mktemp("two")
    with run_two(folder / "instance", fresh_url(database_kind, folder, postgres_uri)) as services:
        yield services


@pytest.fixture
def dying_two(database_kind: str, tmp_path: Path, postgres_uri: str) -> Iterator[TwoServices]:
    """For a test that kills one of them; a page is shown soon, with what is there."""
    url = fresh_url(database_kind, tmp_path, postgres_uri)
    with run_two(tmp_path / "instance", url, show_after_seconds=1) as services:
        yield services


def fresh_url(kind: str, folder: Path, postgres_uri: str) -> str:
    """On PostgreSQL for the role of the programs, which owns nothing (docs/hosting.md)."""
    if kind == "sqlite":
        return f"sqlite:///{folder / 'shared.sqlite3'}"
    roles = two_roles(postgres_uri, folder)
    upgrade(roles.owner_url)
    grant(roles.owner_url, roles.service)
    return roles.service_url
