"""A municipality that delivers files, with the real store behind it."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.persistence.batch_store import SqlBatchStore
from claims.identity import Bsn
from claims.outcome import SourceAnswer
from sources.batch.adapter import BatchSource
from sources.batch.importing import Report, Watcher, import_file
from sources.config import SourceConfig
from sources.deadline import Deadline
from sources.ports import SourcePorts
from tests.support.clock import FrozenClock

NOW = datetime(2026, 10, 2, 12, tzinfo=UTC)
AS_OF = "2026-09-30T23:59:59+02:00"
ME, OTHER, STRANGER = "111111110", "999993549", "999998493"
COLUMNS = {
    "bsn": "BSN",
    "reference": "Zaak",
    "balance": "Open",
    "due_on": "Vervalt",
    "title": "Soort",
    "name": "Naam",
}
HEADINGS = "BSN;Zaak;Open;Vervalt;Soort;Naam;Iets anders"


def row(bsn: str = ME, reference: str = "Z-1", balance: str = "1.234,56", due: str = "31-03-2026") -> str:
    return f"{bsn};{reference};{balance};{due};Terugvordering;J. Jansen;x"


def csv_lines(*rows: str, count: int | None = None, as_of: str = AS_OF) -> list[str]:
    return [HEADINGS, *rows, f"#einde;aantal={len(rows) if count is None else count};peilmoment={as_of}"]


def closing(count: int, as_of: str = AS_OF) -> str:
    return json.dumps({"type": "EINDE", "aantal": count, "peilmoment": as_of})


@dataclass
class Town:
    folder: Path
    store: SqlBatchStore
    clock: FrozenClock
    bad: list[tuple[int, str]] = field(default_factory=list)
    seen: list[tuple[int, int]] = field(default_factory=list)

    @property
    def ports(self) -> SourcePorts:
        return SourcePorts(self.clock, self.store)

    def config(self, **settings: Any) -> SourceConfig:
        batch = {"format": "csv", "columns": COLUMNS, "max_bad_share": 0.5} | settings
        stanza = {"source_id": "zonnedael", "organisation": "Gemeente Zonnedael", "protocol": "batch"}
        return SourceConfig.model_validate(stanza | {"batch": batch})

    def deliver(self, content: bytes | Iterable[str], **settings: Any) -> Report:
        path = self.folder / "delivery"
        whole = content if isinstance(content, bytes) else "".join(f"{line}\n" for line in content).encode()
        path.write_bytes(whole)
        watcher = Watcher(
            lambda done, size: self.seen.append((done, size)),
            lambda place, problem: self.bad.append((int(place.split()[1]), problem)),
        )
        return import_file(self.config(**settings), path, self.ports, watcher)

    def ask(self, bsn: str = ME, **settings: Any) -> SourceAnswer:
        source = BatchSource.build(self.config(**settings), self.ports)
        return source.ask(Bsn(bsn), Deadline.after(10))


def packed(lines: Iterable[str]) -> bytes:
    return gzip.compress("".join(f"{line}\n" for line in lines).encode())
