from collections.abc import Iterator
from datetime import timedelta

import pytest

from app.persistence.engine import Database, open_database
from tests.support.apps import Bench, make_bench
from tests.support.audit import Logbook, make_logbook
from tests.support.clock import FrozenClock
from tests.support.databases import migrated_sqlite


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """One for all these tests."""
    opened = open_database(migrated_sqlite(tmp_path_factory.mktemp("oauth") / "apps.sqlite3"))
    yield opened
    opened.close()


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


@pytest.fixture(scope="session")
def book(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Logbook:
    return make_logbook(database, tmp_path_factory.mktemp("book"))


@pytest.fixture
def bench(database: Database, book: Logbook, clock: FrozenClock) -> Bench:
    """Nothing is left of the test before."""
    made = make_bench(database, book.audit, clock)
    made.grants.purge(clock.now() + timedelta(days=1))
    return made
