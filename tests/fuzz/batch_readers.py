"""Whole files of municipalities: from the first byte to what citizens are told afterwards."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from lxml import etree

from claims.identity import Bsn
from claims.outcome import OutcomeKind, SourceAnswer
from claims.visible import is_visible
from sources.batch.adapter import BatchSource
from sources.batch.importing import Report, Watcher, import_file
from sources.config import SourceConfig
from sources.deadline import Deadline
from sources.ports import Delivery, DeliveryRefused, HeldRecords, NoBatchStore, SourcePorts
from tests.fuzz.canned import FixedClock, config_of
from tests.fuzz.packing import unpacked
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
    report: Report | None = None

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


def import_into_memory(config: SourceConfig, data: bytes) -> MemoryStore | None:
    """None when the file was refused. Raises Broken when what is said about it holds a part of it."""
    path, store = Path(_folder.name) / "delivery", MemoryStore()
    path.write_bytes(data)
    watcher = Watcher(
        lambda _done, _size: None, lambda place, why: require_no_secret(f"{place} {why}", "a bad record")
    )
    try:
        store.report = import_file(config, path, SourcePorts(FixedClock(), store), watcher)
    except DeliveryRefused as error:
        require_silent(error)
        return None
    return store


@dataclass(frozen=True)
class Owned:
    """What a plain look at the file says: this line belongs to this person, and has these references."""

    bsn: str
    references: frozenset[str]


Look = Callable[[bytes], Iterator[Owned]]


class FileReader:
    """One format with its settings. `look`: what obviously belongs to whom."""

    def __init__(self, look: Look, **settings: Any) -> None:
        self._config = config_of("batch", batch={**_LIMITS, **settings})
        self._look = look

    def check(self, data: bytes) -> bool:
        """Import and then ask for everybody. True when the file was taken. Raises Broken."""
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
            return False
        owned = list(self._look(_content_of(data)))
        for bsn in PEOPLE:
            answer = BatchSource.build(self._config, ports).ask(Bsn(bsn), Deadline.after(60))
            require_silent_findings(answer.findings)
            _check_answer(answer, bsn, owned, report)
        return True


def _check_answer(answer: SourceAnswer, bsn: str, owned: list[Owned], report: Report) -> None:
    mine = _references(one for one in owned if one.bsn == bsn)
    others = _references(one for one in owned if one.bsn != bsn) - mine
    told = {claim.reference for claim in answer.claims}
    if answer.is_full and report.unplaced:
        raise Broken("an answer is full although some records could not be placed")
    if answer.kind is OutcomeKind.NO_CLAIMS and any(one.bsn == bsn and one.references for one in owned):
        raise Broken("no claims, but the file has a claim of this person")
    if answer.is_full and not mine <= told:
        raise Broken("a claim of this person is not in the full answer")
    if told & others:
        raise Broken("a claim of somebody else is told to this person")


def _references(owned: Iterable[Owned]) -> frozenset[str]:
    """What nobody can see is no reference: such a claim is shown with one of ours, or makes its record unreadable."""
    return frozenset(reference for one in owned for reference in one.references if is_visible(reference))


def _content_of(data: bytes) -> bytes:
    try:
        return unpacked(data)
    except ValueError:
        raise Broken("a file was taken that cannot be unpacked") from None


def _text(element: Any) -> str:
    return "".join(element.xpath("text()")).strip()


def _lines_of(content: bytes) -> list[bytes]:
    return [line for line in content.split(b"\n") if line.strip()]


def csv_lines(encoding: str) -> Look:
    def look(content: bytes) -> Iterator[Owned]:
        if b'"' in content:
            return  # one would need to read quotes exactly as our reader does
        lines = _lines_of(content)
        cells = [
            line.decode(encoding, "replace").removeprefix("\ufeff").strip("\r\n").split(";") for line in lines
        ]
        headings = [cell.strip() for cell in cells[0]]
        if "BSN" not in headings or "Zaak" not in headings:
            return
        bsn, reference = headings.index("BSN"), headings.index("Zaak")
        for row in cells[1:]:
            if (
                len(row) == len(headings)
                and '"' not in "".join(row)
                and row[0].strip().casefold() != "#einde"
            ):
                yield Owned(row[bsn].strip(), frozenset({row[reference].strip()}))

    return look


def suwiml(content: bytes) -> Iterator[Owned]:
    """Every client with its claims, wherever it stands in the file."""
    root = etree.fromstring(content, etree.XMLParser(remove_comments=True, encoding="utf-8"))
    for client in root.iter("{*}ClientSuwi"):
        numbers = [_text(number) for number in client.iterfind("{*}Burgerservicenr")]
        claims = [claim.find("{*}IdentificatienrVordering") for claim in client.iterfind("{*}Vordering")]
        references = {" ".join(_text(claim).split())[:100] for claim in claims if claim is not None}
        yield Owned(numbers[0] if numbers else "", frozenset(references - {""}))


class IndexReader:
    """An index: whoever stands in it must be asked."""

    def __init__(self) -> None:
        index = {name: value for name, value in _LIMITS.items() if name != "max_bad_share"}
        self._config = config_of("municipal_rest", index={**index, "max_bad_share": 0.5, "column": "BSN"})

    def check(self, data: bytes) -> bool:
        """True when the file was taken. Raises Broken."""
        store = import_into_memory(self._config, data)
        if store is None:
            return False
        rows = [line.decode("utf-8", "replace").split(";") for line in _lines_of(_content_of(data))]
        headings = [cell.strip().removeprefix("\ufeff") for cell in rows[0]]
        stated = (
            {cell.strip() for row in rows for cell in row[headings.index("BSN") :][:1]}
            if "BSN" in headings
            else set()
        )
        for bsn in set(PEOPLE) & stated:
            held = store.find(str(self._config.stored_as), Bsn(bsn))
            if held is None or not (held.records or held.unplaced):
                raise Broken("somebody who stands in the index would not be asked")
        return True


def fcid_lines(content: bytes) -> Iterator[Owned]:
    for line in _lines_of(content):
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
