"""An import that is killed, or that runs beside another one, leaves one whole delivery."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.persistence.batch_store import STAGING_MAY_BE_SILENT, SqlBatchStore
from app.persistence.cipher import KeyRing
from app.persistence.engine import Database
from app.persistence.tables import batch_records
from claims.identity import Bsn
from sources.batch.record import unpack
from tests.integration.persistence.importing_process import config
from tests.support.waiting import PATIENCE_S

ME = "111111110"
ROWS = 2_600  # of 120 bytes: progress is told after 262,144, and rows are staged by the 2,000
MODULE = "tests.integration.persistence.importing_process"
NOW = datetime.now(UTC).replace(microsecond=0)

Import = subprocess.Popen[str]
Begin = Callable[[Path], Import]


def delivery(folder: Path, name: str, age: timedelta) -> Path:
    """Every row is about the same citizen, under a reference that says which file it is."""
    rows = [f"{ME};{name}-{number};1,00".ljust(119) for number in range(ROWS)]
    closing = f"#einde;aantal={ROWS};peilmoment={(NOW - age).isoformat()}"
    file = folder / f"{name}.csv"
    file.write_text("\n".join(["BSN;Zaak;Saldo", *rows, closing, ""]))
    return file


@pytest.fixture
def begin(url: str, key_text: str, tmp_path: Path) -> Iterator[Begin]:
    """Starts an import and waits until it is halfway."""
    key_file = tmp_path / "key"
    key_file.write_text(key_text)
    running: list[Import] = []

    def start(file: Path) -> Import:
        command = [sys.executable, "-m", MODULE, url, str(key_file), str(file)]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        running.append(process)
        assert process.stdout
        assert process.stdout.readline() == "half\n"
        return process

    yield start
    for process in running:
        process.kill()
        process.communicate()


def finish(process: Import) -> str:
    said, _ = process.communicate("go on\n", timeout=PATIENCE_S)
    return said.strip()


@pytest.fixture
def store(database: Database, keys: KeyRing) -> SqlBatchStore:
    return SqlBatchStore(database, keys)


def names(store: SqlBatchStore) -> set[str]:
    """Of which files the citizen sees claims; all of a file, or the test fails."""
    held = store.find(config().source_id, Bsn(ME))
    if held is None:
        return set()
    assert len(held.records) == ROWS
    return {unpack(held.records[n]).claims[0].reference.split("-")[0] for n in (0, ROWS // 2, -1)}


def count(database: Database) -> int:
    with database.read() as connection:
        return connection.execute(select(func.count()).select_from(batch_records)).scalar_one()


def test_an_import_that_is_killed_halfway_changes_nothing(
    begin: Begin, store: SqlBatchStore, database: Database, tmp_path: Path
) -> None:
    assert finish(begin(delivery(tmp_path, "old", timedelta(hours=2)))) == f"taken {ROWS}"
    killed = begin(delivery(tmp_path, "killed", timedelta(hours=1)))
    assert count(database) > ROWS  # some of it is in the database already
    killed.send_signal(signal.SIGKILL)
    assert killed.wait(timeout=PATIENCE_S) == -signal.SIGKILL
    assert names(store) == {"old"}
    assert finish(begin(tmp_path / "killed.csv")) == f"taken {ROWS}"  # the same file again is no replay
    assert names(store) == {"killed"}
    assert count(database) > ROWS
    assert store.purge(NOW + timedelta(minutes=5)) == 0  # for all we know it is still being read
    assert store.purge(NOW + STAGING_MAY_BE_SILENT + timedelta(hours=1)) == 1
    assert count(database) == ROWS
    assert names(store) == {"killed"}


def test_of_two_imports_at_once_the_newest_data_count_whoever_is_last(
    begin: Begin, store: SqlBatchStore, database: Database, tmp_path: Path
) -> None:
    older, newer = (
        begin(delivery(tmp_path, "older", timedelta(hours=2))),
        begin(delivery(tmp_path, "newer", timedelta(hours=1))),
    )
    assert names(store) == set()
    assert finish(newer) == f"taken {ROWS}"
    assert names(store) == {"newer"}
    assert finish(older).startswith("refused the file is older than the delivery that we have")
    assert names(store) == {"newer"}
    assert count(database) == ROWS


def test_one_file_imported_twice_at_once_counts_once(
    begin: Begin, store: SqlBatchStore, database: Database, tmp_path: Path
) -> None:
    file = delivery(tmp_path, "same", timedelta(hours=1))
    first, second = begin(file), begin(file)
    assert finish(second) == f"taken {ROWS}"
    assert finish(first).startswith("refused this very file was imported before")
    assert names(store) == {"same"}
    assert count(database) == ROWS
