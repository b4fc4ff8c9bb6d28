"""Take one delivered file, or only read and parse it, and print the processor seconds and how far this process grew.

Usage: python -m bench.import_child import|parse FORMAT SMALL_FILE FILE. First SMALL_FILE, so that programs are loaded.
"""

from __future__ import annotations

import csv
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from lxml import etree

from app.persistence.batch_store import SqlBatchStore
from app.persistence.cipher import KeyRing, new_key_line
from app.persistence.engine import open_database
from app.persistence.migrations import upgrade
from bench.deliveries import config
from bench.peak import forget_peak, peak_bytes
from bench.quiet import quiet
from sources.batch.importing import Watcher, import_file
from sources.ports import SourcePorts, SystemClock

Take = Callable[[Path], None]


def parse(written: str, file: Path) -> None:
    """The least that anybody does who wants to know what is in it: one record after the other, nothing kept."""
    if written == "csv":
        with file.open(encoding="utf-8", newline="") as lines:
            for _ in csv.reader(lines, delimiter=";"):
                pass
        return
    for _, element in etree.iterparse(str(file), tag="ClientSuwi"):
        element.clear()
        parent = element.getparent()
        while parent.getprevious() is not None:
            del parent.getparent()[0]


def importing(written: str, folder: Path) -> Take:
    """Every file into a fresh database: the same way as `blauwe-knop sources import`."""

    def take(file: Path) -> None:
        url = f"sqlite:///{folder / file.name}.sqlite3"
        upgrade(url)
        database = open_database(url)
        ports = SourcePorts(SystemClock(), SqlBatchStore(database, KeyRing.parse(new_key_line("one"))))
        silent = Watcher(lambda _done, _whole: None, lambda _place, _problem: None)
        import_file(config(written), file, ports, silent)
        database.close()

    return take


def main() -> None:
    action, written, small, file = sys.argv[1], sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4])
    quiet()
    with TemporaryDirectory() as folder:
        take: Take = (
            importing(written, Path(folder)) if action == "import" else lambda one: parse(written, one)
        )
        take(small)
        forget_peak()
        before, started = peak_bytes(), time.process_time()
        take(file)
        print(time.process_time() - started, peak_bytes() - before)


if __name__ == "__main__":
    main()
