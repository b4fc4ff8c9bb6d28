"""An import in a process of its own, started by the tests with address, key file and file. It says `half` when records are
staged and waits for a line; then it goes on and says how it ended."""

from __future__ import annotations

import sys
from pathlib import Path

from app.persistence.batch_store import SqlBatchStore
from app.persistence.cipher import KeyRing
from app.persistence.engine import open_database
from sources.batch.importing import Watcher, import_file
from sources.config import SourceConfig
from sources.ports import DeliveryRefused, SourcePorts, SystemClock

COLUMNS = {"bsn": "BSN", "reference": "Zaak", "balance": "Saldo"}


def config() -> SourceConfig:
    batch = {"format": "csv", "columns": COLUMNS}
    stanza = {"source_id": "dorp", "organisation": "Gemeente Dorp", "protocol": "batch", "batch": batch}
    return SourceConfig.model_validate(stanza)


class _WaitHalfway:
    def __init__(self) -> None:
        self._waited = False

    def __call__(self, _done: int, _whole: int) -> None:
        if not self._waited:
            self._waited = True
            print("half", flush=True)
            sys.stdin.readline()


def main(url: str, key_file: str, file: str) -> None:
    database = open_database(url)
    store = SqlBatchStore(database, KeyRing.parse(Path(key_file).read_text()))
    watcher = Watcher(_WaitHalfway(), lambda place, problem: print(place, problem, flush=True))
    try:
        report = import_file(config(), Path(file), SourcePorts(SystemClock(), store), watcher)
        print("taken", report.records, flush=True)
    except DeliveryRefused as error:
        print("refused", error, flush=True)
    database.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
