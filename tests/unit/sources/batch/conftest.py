from collections.abc import Iterator
from pathlib import Path

import pytest

from app.persistence.batch_store import SqlBatchStore
from app.persistence.cipher import KeyRing, new_key_line
from app.persistence.engine import open_database
from app.persistence.migrations import upgrade
from tests.support.clock import FrozenClock
from tests.unit.sources.batch.support import NOW, Town


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    url = f"sqlite:///{tmp_path / 'town.sqlite3'}"
    upgrade(url)
    database = open_database(url)
    yield Town(tmp_path, SqlBatchStore(database, KeyRing.parse(new_key_line("one"))), FrozenClock(NOW))
    database.close()
