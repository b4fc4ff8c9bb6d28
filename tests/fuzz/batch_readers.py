"""Whole files of municipalities: from the first byte to what citizens are told afterwards."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from claims.identity import Bsn
from claims.outcome import OutcomeKind, SourceAnswer
from sources.batch.adapter import BatchSource
from sources.batch.importing import Report, Watcher, import_file
from sources.deadline import Deadline
from sources.ports import Delivery, DeliveryRefused, HeldRecords, NoBatchStore, SourcePorts
from tests.fuzz.canned import FixedClock, config_of
from tests.fuzz.watch import (
    ME,
    OTHER,
    STRANGER,
    Broken,
    require_no_secret,
    require_silent,
    require_silent_findings,
)

PEOPLE = (ME, OTHER, STRANGER)
COLUMNS = {"bsn": "BSN", "reference": "Zaak", "balance": "Open", "due_on": "Vervalt", "name": "Naam"}
_LIMITS = {"max_bad_share": 0.5, "max_file_bytes": 200_000, "max_record_bytes": 20_000}
_MEMORY = Path("/dev/shm")  # a file for every case: a disk would be most of the time
_folder = TemporaryDirectory(dir=_MEMORY if _MEMORY.is_dir() else None)


@dataclass
class MemoryStore(NoBatchStore):
    """The port BatchStore for one source and one delivery; nothing that it holds is looked at by another case."""

    _delivery: Delivery | None = None
    _records: list[tuple[Bsn, bytes]] = field(default_factory=list)

    def find(self, source_id: str, bsn: Bsn) -> HeldRecords | None:
        if self._delivery is None:
            return None
        mine = tuple(record for owner, record in self._records if owner == bsn)
        return HeldRecords(self._delivery.as_of, self._delivery.unplaced, mine)

    def age(self, source_id: str, now: datetime) -> timedelta | None:
        return None if self._delivery is None else now - self._delivery.as_of

    def replace(
        self,
        source_id: str,
        started_at: datetime,
        records: Iterable[tuple[Bsn, bytes]],
        finish: Callable[[], Delivery],
    ) -> None:
        staged = list(records)
        self._delivery, self._records = finish(), staged


@dataclass(frozen=True)
class Owned:
    """What a plain look at the file says: this line belongs to this person, and has these references."""

    bsn: str
    references: frozenset[str]


class FileReader:
    """One format with its settings. `look`: the lines of which it is obvious to whom they belong."""

    def __init__(self, look: Callable[[list[bytes]], Iterator[Owned]], **settings: Any) -> None:
        self._config = config_of("batch", batch={**_LIMITS, **settings})
        self._look = look

    def check(self, data: bytes) -> None:
        """Import and then ask for everybody. Raises Broken."""
        path = Path(_folder.name) / "delivery"
        path.write_bytes(data)
        ports = SourcePorts(FixedClock(), MemoryStore())
        watcher = Watcher(
            lambda _done, _size: None, lambda _line, why: require_no_secret(why, "a bad record")
        )
        try:
            report = import_file(self._config, path, ports, watcher)
        except DeliveryRefused as error:
            require_silent(error)
            return
        content = _unpacked(data)
        owned = list(self._look([line for line in content.split(b"\n") if line.strip()]))
        for bsn in PEOPLE:
            answer = BatchSource.build(self._config, ports).ask(Bsn(bsn), Deadline.after(60))
            require_silent_findings(answer.findings)
            _check_answer(answer, [one for one in owned if one.bsn == bsn], report)


def _check_answer(answer: SourceAnswer, mine: list[Owned], report: Report) -> None:
    has_references = frozenset(reference for one in mine for reference in one.references)
    if answer.is_full and report.unplaced:
        raise Broken("an answer is full although some records could not be placed")
    if answer.kind is OutcomeKind.NO_CLAIMS and has_references:
        raise Broken("no claims, but the file has a line about this person")
    if answer.is_full and not has_references <= {claim.reference for claim in answer.claims}:
        raise Broken("a claim of this person is not in the full answer")


def _unpacked(data: bytes) -> bytes:
    try:
        return gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
    except (EOFError, zlib.error, OSError):
        raise Broken("a file was taken that cannot be unpacked") from None


def csv_lines(encoding: str) -> Callable[[list[bytes]], Iterator[Owned]]:
    def look(lines: list[bytes]) -> Iterator[Owned]:
        cells = [
            line.decode(encoding, "replace").removeprefix("\ufeff").strip("\r\n").split(";") for line in lines
        ]
        headings = [cell.strip() for cell in cells[0]]
        if "BSN" not in headings or "Zaak" not in headings:
            return  # quoted headings
        bsn, reference = headings.index("BSN"), headings.index("Zaak")
        for row in cells[1:]:
            if (
                len(row) == len(headings)
                and '"' not in "".join(row)
                and row[0].strip().casefold() != "#einde"
            ):
                yield Owned(row[bsn].strip(), frozenset({row[reference].strip()}))

    return look


def fcid_lines(lines: list[bytes]) -> Iterator[Owned]:
    for line in lines:
        try:
            document = json.loads(line)
        except (ValueError, RecursionError):
            continue
        body = document.get("body") if isinstance(document, dict) else None
        cases = body.get("financiele_zaken") if isinstance(body, dict) else None
        if document.get("type") != "EINDE" if isinstance(document, dict) else False:
            references = [case.get("zaakkenmerk") for case in _objects(cases)]
            if body:
                texts = frozenset(reference for reference in references if isinstance(reference, str))
                yield Owned(str(body.get("bsn")) if isinstance(body, dict) else "", texts)


def _objects(value: object) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
