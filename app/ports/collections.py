"""A running collection: shared by pages, retries and downloads on different worker processes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from app.ports.audit import AuditEntry
from claims.outcome import Source, SourceAnswer, SourceOutcome, most_telling


@dataclass(frozen=True, slots=True)
class AskedSource:
    """One source in a collection. `outcome` None: still being asked. `run` counts retries of this source, so that a
    late answer of an earlier run cannot overwrite a newer one. `earlier`: the claims that an earlier run gave."""

    source: Source
    run: int
    asked_at: datetime
    deadline_at: datetime
    outcome: SourceOutcome | None
    earlier: SourceAnswer | None = None

    @property
    def known(self) -> SourceOutcome | None:
        """What we know of it, whatever happened to the last run; None: nothing."""
        return self.earlier if self.outcome is None else most_telling(self.outcome, self.earlier)


@dataclass(frozen=True, slots=True)
class StoredCollection:
    """`waiting_since`: when somebody last began to wait for sources: the start, or when it was resumed. None: every source of
    then was asked again since, so what there is was in sight."""

    collection_id: str
    started_at: datetime
    waiting_since: datetime | None
    sources: tuple[AskedSource, ...]


@dataclass(frozen=True, slots=True)
class StoredSnapshot:
    """The sealed record's exact JSON bytes; `fingerprint` tells whether the outcomes changed since."""

    number: str
    fingerprint: str
    payload: bytes


def _no_rows(_: Collection[str]) -> Sequence[AuditEntry]:
    return ()


@dataclass(frozen=True, slots=True)
class Asking:
    """`deadline_at`: when a source without outcome counts as silent. `rows`: what the audit log says of asking the sources with
    these ids; written together with the run that begins, all or nothing, so that no source ever looks silent that nobody
    was going to ask. `at_most`: how many collections this owner may have."""

    asked_at: datetime
    deadline_at: datetime
    rows: Callable[[Collection[str]], Sequence[AuditEntry]] = _no_rows
    at_most: int | None = None


class TooManyCollections(Exception):
    """This owner had as many as one may have."""


class CollectionStore(Protocol):
    """Everything is bound to `owner` (a random handle of the session) and encrypted at rest; another owner finds
    nothing. A source is stored before it is asked, so that a process that dies leaves a visible gap."""

    def create(self, collection_id: str, owner: str, sources: Sequence[Source], asking: Asking) -> bool:
        """Store a new collection with every source still unanswered (run 1). False, and nothing is stored, when it is
        there already: of two that ask for the same one at once, one makes it. Raises TooManyCollections."""

    def load(self, collection_id: str, owner: str) -> StoredCollection | None: ...

    def stamp(self, collection_id: str, owner: str) -> object | None:
        """Costs little, for who looks again and again: equal to the one before as long as `load` would give the same, else
        another. None: this owner has no such collection."""

    def latest(self, owner: str) -> str | None:
        """Id of this owner's newest collection."""

    def save_outcomes(self, collection_id: str, arrived: Sequence[tuple[int, SourceOutcome]]) -> None:
        """Store outcomes, each of one source and with the number of its run, unless a newer run of it has begun or the
        collection is gone. All of them or, when this raises, none."""

    def restart(self, collection_id: str, owner: str, source_id: str, asking: Asking) -> int | None:
        """Begin a new run of one source and return its number; None when there is no such source for this owner
        or it is still being asked. Claims that it gave before are kept as `earlier`."""

    def watch(self, collection_id: str, owner: str, until: datetime | None) -> bool:
        """Note that an open page waits for this collection and says so again before `until`; None: no page needs to
        say so. Returns whether asking was given up before."""

    def is_wanted(self, collection_id: str, owner: str, now: datetime) -> bool:
        """Whether to go on asking. False when the collection is gone, when its owner has a newer one, or when the page
        that waited said nothing before its moment: that is noted in the same step, for `resume`."""

    def resume(self, collection_id: str, owner: str, asking: Asking) -> dict[str, int]:
        """Begin a new run, as `restart`, of every source without outcome of a collection that was given up; returns the
        numbers of the runs by source id. Empty when it was not given up: of two that come back at once, one asks."""

    def keep_snapshot(
        self, collection_id: str, owner: str, snapshot: StoredSnapshot
    ) -> StoredSnapshot | None:
        """Keep the snapshot and return it, unless one with the same fingerprint is there already: then that one is
        kept and returned (two tabs that download at once get the same document). None: no such collection."""

    def load_snapshot(self, collection_id: str, owner: str) -> StoredSnapshot | None: ...

    def delete_owned_by(self, owner: str) -> None: ...

    def purge(self, started_before: datetime) -> int:
        """Delete old collections and return how many."""
