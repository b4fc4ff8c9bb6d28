"""How parts of a collection become encrypted columns and back. Uses our own record (claims.record) as JSON."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import Row

from app.persistence.cipher import KeyRing, Place
from app.persistence.outcome_cache import OutcomeCache
from app.ports.collections import AskedSource, StoredSnapshot
from app.ports.storage import StoredDataUnreadable
from claims.outcome import FailureCause, NotConnected, Source, SourceAnswer, SourceFailure, SourceOutcome
from claims.record.reader import RecordError, read_outcome
from claims.record.writer import write_outcome

log = structlog.get_logger(__name__)

AnyRow = Row[tuple[Any, ...]]


class CollectionRows:
    """Encrypts and decrypts with the place of each part as associated data."""

    def __init__(self, keys: KeyRing, cache: OutcomeCache) -> None:
        self._keys = keys
        self._cache = cache

    def close_source(self, source: Source, asked_at: datetime, place: Place) -> bytes:
        """Our record has no source on its own, so it stands in an outcome that says that nothing was asked."""
        return self.close_outcome(NotConnected(source=source, noted_at=asked_at), place)

    def close_outcome(self, outcome: SourceOutcome, place: Place) -> bytes:
        return self._keys.encrypt(json.dumps(write_outcome(outcome)).encode(), place)

    def asked_source(self, row: AnyRow, owner_hash: str) -> AskedSource:
        """Raises StoredDataUnreadable: a row that cannot be opened must never look like a source without debts."""
        source = self._open(row.source, source_place(row.collection_id, row.source_id, owner_hash)).source
        place = outcome_place(row.collection_id, row.source_id, row.run, owner_hash)
        outcome = None if row.outcome is None else self._outcome(row.outcome, source, row.asked_at, place)
        return AskedSource(
            source, row.run, row.asked_at, row.deadline_at, outcome, self._earlier(row, source, owner_hash)
        )

    def kept_claims(self, row: AnyRow, owner_hash: str, run: int) -> bytes | None:
        """For the column `earlier` when `run` begins: the claims that we know now. Raises StoredDataUnreadable."""
        known = self.asked_source(row, owner_hash).known
        if not isinstance(known, SourceAnswer) or not known.claims:
            return None
        return self.close_outcome(known, earlier_place(row.collection_id, row.source_id, run, owner_hash))

    def _earlier(self, row: AnyRow, source: Source, owner_hash: str) -> SourceAnswer | None:
        if row.earlier is None:
            return None
        place = earlier_place(row.collection_id, row.source_id, row.run, owner_hash)
        earlier = self._outcome(row.earlier, source, row.asked_at, place)
        return earlier if isinstance(earlier, SourceAnswer) else None

    def _outcome(self, stored: bytes, source: Source, asked_at: datetime, place: Place) -> SourceOutcome:
        """An answer that can be opened but does not follow our own record is a fault of ours with this one source: it
        shows as no answer, and does not hide what the other sources said."""
        try:
            return self._read(stored, place)
        except (RecordError, json.JSONDecodeError):
            log.error("stored_outcome_unreadable", source=source.source_id)
            return SourceFailure(source=source, failed_at=asked_at, cause=FailureCause.INTERNAL)

    def close_snapshot(self, snapshot: StoredSnapshot, place: Place) -> bytes:
        head = json.dumps([snapshot.number, snapshot.fingerprint]).encode()
        return self._keys.encrypt(head + b"\n" + snapshot.payload, place)

    def open_snapshot(self, stored: bytes, place: Place) -> StoredSnapshot:
        head, _, payload = self._keys.decrypt(stored, place).partition(b"\n")
        number, fingerprint = json.loads(head)
        return StoredSnapshot(number, fingerprint, payload)

    def _open(self, stored: bytes, place: Place) -> SourceOutcome:
        try:
            return self._read(stored, place)
        except (RecordError, json.JSONDecodeError):
            raise StoredDataUnreadable(place.table) from None

    def _read(self, stored: bytes, place: Place) -> SourceOutcome:
        """Raises StoredDataUnreadable, RecordError or JSONDecodeError. What cannot be read is tried again each time."""
        known = self._cache.find(stored, place)
        if known is None:
            known = read_outcome(json.loads(self._keys.decrypt(stored, place)))
            self._cache.keep(stored, place, known)
        return known


def source_place(collection_id: str, source_id: str, owner_hash: str) -> Place:
    return Place("collection_sources.source", f"{collection_id}/{source_id}", owner_hash)


def outcome_place(collection_id: str, source_id: str, run: int, owner_hash: str) -> Place:
    """The run is part of the place: an old outcome put back under a newer run cannot be opened."""
    return Place("collection_sources.outcome", f"{collection_id}/{source_id}/{run}", owner_hash)


def earlier_place(collection_id: str, source_id: str, run: int, owner_hash: str) -> Place:
    return Place("collection_sources.earlier", f"{collection_id}/{source_id}/{run}", owner_hash)


def snapshot_place(collection_id: str, owner_hash: str) -> Place:
    return Place("collections.snapshot", collection_id, owner_hash)
