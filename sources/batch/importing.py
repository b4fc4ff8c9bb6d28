"""One file becomes the delivery of its source, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from claims.identity import Bsn
from sources.batch.bsn_lines import BsnLines
from sources.batch.csv_lines import CsvLines
from sources.batch.fcid_lines import FcidLines
from sources.batch.reading import LineReader, Read, Reader, Unread
from sources.batch.record import UNREADABLE, Closing, pack
from sources.batch.suwiml import SuwimlReader
from sources.batch.unpacking import FileLimits, Progress, open_delivery
from sources.config import SourceConfig
from sources.file_settings import FileSettings
from sources.ports import Delivery, DeliveryRefused, SourcePorts

_CLOCKS_MAY_DIFFER = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Watcher:
    """Who wants to know: `progress(bytes read, bytes in all)`, and `bad_record("line 3", what is wrong)`."""

    progress: Progress
    bad_record: Callable[[str, str], None]


@dataclass(frozen=True, slots=True)
class Report:
    """`bad` records were skipped; `unplaced` of them could be about anybody, so no answer is called full."""

    records: int
    bad: int
    unplaced: int
    as_of: datetime


def import_file(config: SourceConfig, path: Path, ports: SourcePorts, watcher: Watcher) -> Report:
    """Claims of a source with protocol batch, the index of one with a table `index`. Raises DeliveryRefused, and what
    the store raises; then nothing has changed."""
    settings = config.batch or config.index
    if config.stored_as is None or settings is None:
        raise DeliveryRefused(
            f"{config.source_id} delivers no files: it has neither protocol batch nor a table index"
        )
    now = ports.clock.now()
    reading = _Reading(settings, reader_of(config), watcher)
    ports.batches.replace(config.stored_as, now, reading.records(path), lambda: reading.finish(now))
    return reading.report()


def reader_of(config: SourceConfig) -> Reader:
    """What reads the files of this source. Raises DeliveryRefused when it has none."""
    creditor, batch = config.source.organisation, config.batch
    if config.index is not None:
        return LineReader(BsnLines(config.index))
    if batch is None:
        raise DeliveryRefused(f"{config.source_id} delivers no files")
    if batch.format == "suwiml":
        return SuwimlReader(config.source_id, creditor, batch)
    if batch.format == "csv":
        return LineReader(CsvLines(creditor, batch))
    return LineReader(FcidLines(creditor, batch.max_record_bytes))


class _Reading:
    """One pass over the file: what was counted so far."""

    def __init__(self, settings: FileSettings, reader: Reader, watcher: Watcher) -> None:
        self._settings = settings
        self._reader = reader
        self._watcher = watcher
        self._digest = ""
        self._closing: Closing | None = None
        self._records = self._bad = self._unplaced = 0

    def records(self, path: Path) -> Iterator[tuple[Bsn, bytes]]:
        """What to store. A bad record of a known person is stored as "something here could not be read"."""
        limits = FileLimits(self._settings.max_file_bytes, self._settings.max_record_bytes)
        with open_delivery(path, limits, self._watcher.progress) as file:
            for item in self._reader.items(file):
                if isinstance(item, Closing):
                    self._closing = item
                elif isinstance(item, Read):
                    self._records += 1
                    yield item.bsn, pack(item.record)
                else:
                    yield from self._note_bad(item)
            self._digest = file.digest

    def _note_bad(self, item: Unread) -> Iterator[tuple[Bsn, bytes]]:
        self._records += 1
        self._bad += 1
        self._watcher.bad_record(item.place, str(item.error))
        if item.error.bsn is None:
            self._unplaced += 1
        else:
            yield item.error.bsn, pack(UNREADABLE)

    def finish(self, now: datetime) -> Delivery:
        """What the file is, now that it was read to its end. Raises DeliveryRefused."""
        stated = self._stated()
        if self._records != stated.records:
            raise DeliveryRefused(
                f"the file has {self._records} records and must have {_told(stated.records)}: ask for the whole file again"
            )
        if self._records == 0:
            raise DeliveryRefused("the file has no records at all: it would say that nobody has a debt")
        if self._bad > self._settings.max_bad_share * self._records:
            raise DeliveryRefused(
                f"{self._bad} of {self._records} records are bad, more than max_bad_share: have them mended"
            )
        if stated.as_of - now > _CLOCKS_MAY_DIFFER:
            raise DeliveryRefused("the file says that it is from the future: ask what its moment really is")
        delete_at = stated.as_of + self._settings.delete_after
        if delete_at <= now:
            raise DeliveryRefused("the data are older than delete_after_days: ask for a newer file")
        return Delivery(self._digest, stated.as_of, delete_at, self._unplaced)

    def _stated(self) -> Closing:
        """By the file, else by the settings; when both speak they must agree."""
        settings = self._settings
        by_letter = None
        if settings.records is not None and settings.as_of is not None:
            by_letter = Closing(settings.records, settings.as_of)
        if self._closing is None and by_letter is not None and self._reader.ends_well:
            return by_letter
        if self._closing is None:
            raise DeliveryRefused(
                "the closing line is missing (in SuwiML: aantal and peildatum): the file may be cut off. Ask for it "
                "again, or put records and as_of from the covering letter in the settings"
            )
        if by_letter is not None and by_letter != self._closing:
            raise DeliveryRefused(
                "the file and the settings (records, as_of) differ: is it the file of that letter?"
            )
        return self._closing

    def report(self) -> Report:
        return Report(self._records, self._bad, self._unplaced, self._stated().as_of)


def _told(stated: int) -> str:
    """A stated count as it may be logged: eight digits or more could be a citizen service number in the wrong place."""
    return str(stated) if stated < 10_000_000 else "ten million or more"
