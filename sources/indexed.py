"""A source whose municipality also delivers whom it knows (verwijsindex): a person who is not in a fresh index need not
be asked about.

"Not asked" must never hide a debt, so every doubt means asking: no index, one that is too old or from the future, one
with a line that could be about anybody, or one that cannot be read just now.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog

from claims.financial_claim import Finding
from claims.identity import Bsn
from claims.outcome import Basis, BasisKind, Source, SourceAnswer
from sources.deadline import Deadline
from sources.errors import SourceError
from sources.guarded import GuardedSource
from sources.index_settings import IndexSettings
from sources.ports import BatchStore, Clock, SourceEvents

log = structlog.get_logger(__name__)

MISSED = Finding("index_missed_person")
CLOCKS_MAY_DIFFER = timedelta(minutes=5)


@dataclass(frozen=True)
class Index:
    """The index of one source. `stored_as`: its name in the store."""

    stored_as: str
    settings: IndexSettings
    store: BatchStore = field(repr=False)

    def unlisted_at(self, bsn: Bsn, now: datetime) -> datetime | None:
        """The moment of an index that can be trusted and does not list this person; None in every other case. Raises a
        SourceError."""
        held = self.store.find(self.stored_as, bsn)
        if held is None or held.records or held.unplaced:
            return None
        is_fresh = -CLOCKS_MAY_DIFFER <= now - held.as_of <= self.settings.max_age
        return held.as_of if is_fresh else None


@dataclass(frozen=True)
class IndexedSource:
    """Is a SourceAdapter itself. Stands before the circuit breaker: what an index says is no answer of the source."""

    guarded: GuardedSource
    index: Index
    clock: Clock = field(repr=False)

    @property
    def source(self) -> Source:
        return self.guarded.source

    @property
    def connected(self) -> bool:
        return self.guarded.connected

    @property
    def events(self) -> SourceEvents:
        return self.guarded.events

    def ask(self, bsn: Bsn, deadline: Deadline) -> SourceAnswer:
        """Without asking: a full answer without claims, based on the index. Else as the adapter."""
        now = self.clock.now()
        unlisted_at = self._unlisted_at(bsn, now)
        if unlisted_at is None:
            return self.guarded.ask(bsn, deadline)
        if self.index.settings.ask_everyone:
            return self._compared(self.guarded.ask(bsn, deadline))
        return SourceAnswer(source=self.source, answered_at=now, basis=Basis(BasisKind.INDEX, unlisted_at))

    def _unlisted_at(self, bsn: Bsn, now: datetime) -> datetime | None:
        try:
            return self.index.unlisted_at(bsn, now)
        except SourceError as error:
            log.warning("index_not_used", source=self.source.source_id, reason=str(error))
            return None

    def _compared(self, answer: SourceAnswer) -> SourceAnswer:
        """About somebody whom the index does not list."""
        if not answer.claims:
            return answer
        log.error("index_missed_person", source=self.source.source_id)
        return replace(answer, findings=(*answer.findings, MISSED))
