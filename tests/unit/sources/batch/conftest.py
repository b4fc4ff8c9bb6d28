from collections.abc import Iterator
from pathlib import Path

import pytest

from app.persistence.batch_store import SqlBatchStore
from app.persistence.cipher import KeyRing, new_key_line
from app.persistence.engine import open_database
from tests.support.clock import FrozenClock
from tests.support.databases import migrated_sqlite
from tests.unit.sources.batch.support import NOW, Town


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    database = open_database(migrated_sqlite(tmp_path / "town.sqlite3"))
    yield Town(tmp_path, SqlBatchStore(database, KeyRing.parse(new_key_line("one"))), FrozenClock(NOW))
    database.close()
