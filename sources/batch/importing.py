"""One file becomes the delivery of its source, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from claims.identity import Bsn
from sources.batch.csv_lines import CsvLines
from sources.batch.fcid_lines import FcidLines
from sources.batch.lines import LinesOfFile, Progress
from sources.batch.record import UNREADABLE, BadRecord, Closing, Record, pack
from sources.batch_settings import BatchSettings
from sources.config import SourceConfig
from sources.ports import Delivery, DeliveryRefused, SourcePorts

_CLOCKS_MAY_DIFFER = timedelta(minutes=5)


class _Format(Protocol):
    def read(self, line: bytes) -> tuple[Bsn, Record] | Closing | None: ...


@dataclass(frozen=True, slots=True)
class Watcher:
    """Who wants to know: `progress(bytes read, bytes in all)`, and `bad_record(number of the line, what is wrong)`."""

    progress: Progress
    bad_record: Callable[[int, str], None]


@dataclass(frozen=True, slots=True)
class Report:
    """`bad` records were skipped; `unplaced` of them could be about anybody, so no answer is called full."""

    records: int
    bad: int
    unplaced: int
    as_of: datetime


def import_file(config: SourceConfig, path: Path, ports: SourcePorts, watcher: Watcher) -> Report:
    """Raises DeliveryRefused, and what the store raises; then nothing has changed."""
    if config.protocol != "batch" or config.batch is None:
        raise DeliveryRefused(f"{config.source_id} does not deliver files (protocol is not batch)")
    now = ports.clock.now()
    reading = _Reading(config, config.batch, path, watcher)
    ports.batches.replace(config.source_id, now, reading.records(), lambda: reading.finish(now))
    return reading.report()


class _Reading:
    """One pass over the file: what was counted so far."""

    def __init__(self, config: SourceConfig, settings: BatchSettings, path: Path, watcher: Watcher) -> None:
        creditor = config.source.organisation
        self._settings = settings
        self._watcher = watcher
        self._lines = LinesOfFile(path, settings.max_file_bytes, settings.max_record_bytes, watcher.progress)
        self._format: _Format = (
            CsvLines(creditor, settings)
            if settings.format == "csv"
            else FcidLines(creditor, settings.max_record_bytes)
        )
        self._closing: Closing | None = None
        self._records = self._bad = self._unplaced = 0

    def records(self) -> Iterator[tuple[Bsn, bytes]]:
        """What to store. A bad record of a known person is stored as "something here could not be read"."""
        for number, line in enumerate(self._lines, start=1):
            if not line.strip():
                continue
            if self._closing is not None:
                raise DeliveryRefused("something follows the closing line")
            try:
                read = self._format.read(line)
            except BadRecord as error:
                yield from self._note_bad(number, error)
                continue
            if isinstance(read, Closing):
                self._closing = read
            elif read is not None:
                self._records += 1
                yield read[0], pack(read[1])

    def _note_bad(self, number: int, error: BadRecord) -> Iterator[tuple[Bsn, bytes]]:
        self._records += 1
        self._bad += 1
        self._watcher.bad_record(number, str(error))
        if error.bsn is None:
            self._unplaced += 1
        else:
            yield error.bsn, pack(UNREADABLE)

    def finish(self, now: datetime) -> Delivery:
        """What the file is, now that it was read to its end. Raises DeliveryRefused."""
        stated = self._stated()
        if self._records != stated.records:
            raise DeliveryRefused(f"the file has {self._records} records and must have {stated.records}")
        if self._records == 0:
            raise DeliveryRefused("the file has no records at all")
        if self._bad > self._settings.max_bad_share * self._records:
            raise DeliveryRefused(f"{self._bad} of {self._records} records are bad: more than max_bad_share")
        if stated.as_of - now > _CLOCKS_MAY_DIFFER:
            raise DeliveryRefused("the file says that it is from the future")
        delete_at = stated.as_of + self._settings.delete_after
        if delete_at <= now:
            raise DeliveryRefused("the data are older than delete_after_days")
        return Delivery(self._lines.digest, stated.as_of, delete_at, self._unplaced)

    def _stated(self) -> Closing:
        """By the closing line, else by the settings; when both speak they must agree."""
        settings = self._settings
        by_letter = None
        if settings.records is not None and settings.as_of is not None:
            by_letter = Closing(settings.records, settings.as_of)
        if self._closing is None and by_letter is not None and self._lines.ends_well:
            return by_letter
        if self._closing is None:
            raise DeliveryRefused("the closing line is missing: the file may be cut off")
        if by_letter is not None and by_letter != self._closing:
            raise DeliveryRefused("the closing line and the settings (records, as_of) differ")
        return self._closing

    def report(self) -> Report:
        return Report(self._records, self._bad, self._unplaced, self._stated().as_of)
