"""PostgreSQL ends connections when it restarts or when an operator says so: the next transaction finds another one."""

from __future__ import annotations

from sqlalchemy import text

from app.persistence.engine import open_database
from tests.support.postgres import fresh_database

_END_ALL_OTHERS = text(
    "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
_MINE = text("SELECT pg_backend_pid()")


def test_a_connection_that_the_server_ended_a_moment_ago_is_not_used(postgres_uri: str) -> None:
    url = fresh_database(postgres_uri)
    database, operator = open_database(url), open_database(url)
    with database.read() as one, database.read() as two:
        before = {one.execute(_MINE).scalar_one(), two.execute(_MINE).scalar_one()}
    with operator.outside_transactions() as connection:
        assert connection.execute(_END_ALL_OTHERS).scalars().all() == [True, True]
    with database.read() as one, database.write() as two:
        after = {one.execute(_MINE).scalar_one(), two.execute(_MINE).scalar_one()}
    assert len(after) == 2
    assert not after & before
    database.close()
    operator.close()


def test_a_connection_that_was_closed_on_our_side_is_not_used(postgres_uri: str) -> None:
    database = open_database(fresh_database(postgres_uri))
    with database.read() as connection:
        before, line = connection.execute(_MINE).scalar_one(), connection.connection.dbapi_connection
    assert line is not None
    line.close()
    with database.read() as connection:
        assert connection.execute(_MINE).scalar_one() != before
    database.close()


def test_a_connection_is_used_again(postgres_uri: str) -> None:
    database = open_database(fresh_database(postgres_uri))
    found = set()
    for _ in range(3):
        with database.read() as connection:
            found.add(connection.execute(_MINE).scalar_one())
    assert len(found) == 1
    database.close()
