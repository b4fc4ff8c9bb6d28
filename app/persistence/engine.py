"""The database behind every store: SQLite for small installations and the demo, PostgreSQL for the rest."""

from __future__ import annotations

import select as select_module
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, func, make_url, select
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, DisconnectionError, InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import ConnectionPoolEntry

from app.ports.storage import StorageUnavailable

BUSY_TIMEOUT_MS = 15_000
# The last one is for a machine of ours that vanishes in the middle of a transaction: the server would keep its locks, that of the
# audit log too, until TCP notices, after hours.
_POSTGRES_LIMITS = (
    "-c statement_timeout=20000 -c lock_timeout=15000 -c idle_in_transaction_session_timeout=20000"
)
# And for a server that vanishes: libpq would wait for its answer just as long. Seconds; the last one milliseconds.
_POSTGRES_LINE = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 2,
    "tcp_user_timeout": 20_000,
}
_FRESH_SECONDS = 1.0
# Of one process: so many stay open, and so many more come when all of those are in use. Who finds none waits.
_KEPT_CONNECTIONS, _MORE_CONNECTIONS = 5, 10
MOST_CONNECTIONS = _KEPT_CONNECTIONS + _MORE_CONNECTIONS
_USED_AT = "blauwe_knop_used_at"
_READS_ONLY = "blauwe_knop_reads_only"
_OTHER_LEVEL = {"42P01", "42703"}  # PostgreSQL: no such table or column, so the migration was not applied
_DISK_FULL = "53100"  # PostgreSQL
_NO_DATABASE = {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT}
_TROUBLE = (OperationalError, InterfaceError, InternalError, PoolTimeout)


class Database:
    """Short transactions on one database. Safe to share between threads, not to carry over a fork."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        options: dict[str, Any] = {_READS_ONLY: True}
        if engine.dialect.name == "postgresql":
            options["isolation_level"] = "REPEATABLE READ"  # two queries of one reading see the same moment
        self._reader = engine.execution_options(**options)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that only reads. Raises StorageUnavailable."""
        with _translated(), self._reader.begin() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that writes; on SQLite it waits for its turn before it reads. Raises StorageUnavailable."""
        with _translated(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def outside_transactions(self) -> Iterator[Connection]:
        """For upkeep that a database does not do within a transaction. Raises StorageUnavailable."""
        upkeep = self.engine.execution_options(**{_READS_ONLY: True, "isolation_level": "AUTOCOMMIT"})
        with _translated(), upkeep.connect() as connection:
            yield connection

    def close(self) -> None:
        self.engine.dispose()


def open_database(url: str) -> Database:
    """Open `sqlite:///path` or `postgresql://…` (psycopg 3). Nothing is connected before the first transaction."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        engine = create_engine(parsed, hide_parameters=True)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return Database(engine)
    if parsed.get_backend_name() != "postgresql":
        raise ValueError("the database must be SQLite or PostgreSQL")
    engine = create_engine(
        parsed.set(drivername="postgresql+psycopg"),
        hide_parameters=True,
        pool_size=_KEPT_CONNECTIONS,
        max_overflow=_MORE_CONNECTIONS,
        connect_args={**_POSTGRES_LINE, "options": _POSTGRES_LIMITS},
    )
    event.listen(engine, "checkin", _note_use)
    event.listen(engine, "checkout", partial(_check_before_use, engine))
    return Database(engine)


def lock_name(connection: Connection, name: str) -> None:
    """Let transactions that use the same name wait for each other. SQLite has one writer at a time already."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))


def moment_of(database: Database) -> datetime | None:
    """What time it is by the clock of the database; None when that is the clock of this machine. Raises StorageUnavailable."""
    if database.engine.dialect.name != "postgresql":
        return None
    with database.read() as connection:
        now: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
    return now


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except _TROUBLE as error:
        raise StorageUnavailable(_kind(error)) from error
    except DBAPIError as error:
        if error.connection_invalidated or _is_no_database_of_ours(error.orig):
            raise StorageUnavailable(type(error).__name__) from error
        raise


def _kind(error: Exception) -> str:
    """Never the text of the library: it may quote a statement."""
    driver = getattr(error, "orig", None)
    is_full = (
        getattr(driver, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
        or getattr(driver, "sqlstate", None) == _DISK_FULL
    )
    return "its disk is full" if is_full else type(error).__name__


def _is_no_database_of_ours(error: object) -> bool:
    """Another level of migrations, or a file that is no (whole) database."""
    return (
        getattr(error, "sqlstate", None) in _OTHER_LEVEL
        or getattr(error, "sqlite_errorcode", None) in _NO_DATABASE
    )


def _prepare_sqlite(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    """WAL lets readers go on while one process writes; foreign keys are off in SQLite unless asked for."""
    connection.isolation_level = None  # we say BEGIN ourselves, below
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    _use_write_ahead_log(cursor)
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA secure_delete = ON")
    cursor.close()


def _note_use(_connection: object, entry: ConnectionPoolEntry) -> None:
    entry.info[_USED_AT] = time.monotonic()


def _check_before_use(
    engine: Engine, connection: DBAPIConnection, entry: ConnectionPoolEntry, _proxy: object
) -> None:
    """Whether PostgreSQL is still there. Asking it each time would double the messages of a small transaction; a server that
    ended this connection has told us so by closing it, and one that vanished did not do so a moment ago.

    Raises DisconnectionError: the pool then takes another connection."""
    used_at = entry.info.get(_USED_AT)
    if used_at is None:  # new
        return
    try:
        if time.monotonic() - used_at < _FRESH_SECONDS and not _has_something_to_say(connection.fileno()):
            return
        engine.dialect.do_ping(connection)
    except engine.dialect.loaded_dbapi.Error as error:
        raise DisconnectionError from error


def _has_something_to_say(socket: int) -> bool:
    """Nobody waits for an answer on an idle connection, so this is its end, or a notice."""
    look = select_module.poll()
    look.register(socket, select_module.POLLIN)
    return bool(look.poll(0))


def _use_write_ahead_log(cursor: sqlite3.Cursor) -> None:
    """The mode stays with the file. Only while it is being switched SQLite does not honour the busy time-out, so
    processes that open a new file at the same time try again."""
    give_up_at = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError:
            if time.monotonic() > give_up_at:
                raise
        time.sleep(0.05)


def _begin_sqlite(connection: Connection) -> None:
    """A writer takes its turn at once: taking it halfway fails at once instead of after the busy time-out."""
    reads_only = connection.get_execution_options().get(_READS_ONLY)
    connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")
