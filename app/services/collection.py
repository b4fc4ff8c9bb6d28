"""Start, follow and repeat the gathering of one citizen's claims.

The collection lives in the store, never in this process: any worker can show it. A source that has no outcome when
its deadline has passed counts as no answer, so a worker that dies leaves a visible gap and never "no claims".
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog

from app.ports.audit import Event, Trace
from app.ports.clock import Clock
from app.ports.collections import AskedSource, Asking, CollectionStore, StoredCollection
from app.ports.data_subject import DataSubject
from app.ports.storage import StorageUnavailable
from app.services import audit_facts
from app.services.audit import Fact, WritesAudit, alarmed, new_trace
from claims.outcome import (
    FailureCause,
    NotConnected,
    PartialReason,
    Source,
    SourceFailure,
    SourceOutcome,
)
from claims.overview import Overview
from sources.adapter import SourceAdapter
from sources.gather import GatherTimes, gather_while
from sources.spans import Fact as Noted
from sources.spans import Ids, carried, span
from sources.tracing import asking_as

log = structlog.get_logger(__name__)

MOST_FOR_APP = 10
Background = Callable[[Callable[[], None]], None]


def in_a_thread(task: Callable[[], None]) -> None:
    """Run a task beside the request. A daemon thread: a worker that stops does not wait for slow sources."""
    threading.Thread(target=carried(task), daemon=True, name="gather").start()


@dataclass(frozen=True, slots=True)
class CollectionView:
    """What is known now. `overview` holds one outcome per source: a source that is still being asked stands in it as
    no answer, or with the claims that it gave before as a part of the answer, so that an overview shown early can never
    look as if everybody has answered; `pending` names those."""

    collection_id: str
    started_at: datetime
    sources: tuple[AskedSource, ...]
    overview: Overview
    pending: tuple[Source, ...]
    may_show: bool

    @property
    def is_finished(self) -> bool:
        return not self.pending


@dataclass(frozen=True, slots=True)
class CollectionTimes:
    """Seconds. From `show_after_seconds` on, a page shows what is there, even when sources are still being asked.
    `store_seconds`: how long after the hard end of gathering an outcome may take to reach the store."""

    gather: GatherTimes = field(default_factory=GatherTimes)
    show_after_seconds: float = 10
    store_seconds: float = 2


@dataclass(frozen=True, slots=True)
class Surroundings:
    """`audit`: who is asked is on disk before anybody is asked, in one transaction with the collection itself. `shared`: the
    clock that all machines share; None: `clock`, of this one."""

    clock: Clock
    audit: WritesAudit
    background: Background = in_a_thread
    shared: Clock | None = None


@dataclass(frozen=True, slots=True)
class _Questions:
    """To the connected sources, about one person: what the audit log will say of each, by source id. `trace`: of them all."""

    person: DataSubject
    trace: Trace
    asked: Mapping[str, Fact]

    @classmethod
    def of(cls, adapters: Sequence[SourceAdapter], person: DataSubject) -> _Questions:
        trace, ids = new_trace(), [one.source.source_id for one in adapters if one.connected]
        return cls(person, trace, {one: audit_facts.source_asked(person, one, trace) for one in ids})

    def facts(self, source_ids: Collection[str], *, again: bool) -> list[Fact]:
        """Of asking these. Nothing at all when there are none: then nothing is asked again either."""
        asked = [fact for source_id, fact in self.asked.items() if source_id in source_ids]
        if again and not asked:
            return []
        return [audit_facts.collection_started(self.person, self.trace, again=again), *asked]

    @property
    def traceparents(self) -> Mapping[str, str]:
        return {name: fact.trace.traceparent for name, fact in self.asked.items() if fact.trace}


@dataclass(frozen=True)
class _Run:
    """What one background task asks. `runs`: the number of the run, by source id."""

    collection_id: str
    adapters: Sequence[SourceAdapter]
    runs: dict[str, int]
    asked_at: datetime
    questions: _Questions


class Collections:
    """One object per process; safe to share between threads. `sources`: everybody who can be asked now; asked at every
    collection, because a list of organisations may have changed."""

    def __init__(
        self,
        store: CollectionStore,
        sources: Callable[[], Sequence[SourceAdapter]],
        times: CollectionTimes,
        around: Surroundings,
    ) -> None:
        self._store = store
        self._sources = sources
        self._times = times
        self._own_clock = around.clock
        self._clock = around.shared or around.clock  # of every moment in the store
        self._audit = around.audit
        self._background = around.background

    @property
    def known_sources(self) -> tuple[tuple[Source, bool], ...]:
        """Every configured source, and whether it is connected."""
        return tuple((adapter.source, adapter.connected) for adapter in self._sources())

    def start(self, owner: str, person: DataSubject, collection_id: str | None = None) -> str:
        """Begin a new collection for the owner of a session and return its random id. `collection_id`: one that nobody
        else can guess, chosen by the caller so that asking twice makes one and asks the sources once. For an app at most
        MOST_FOR_APP per consent: raises TooManyCollections, and StorageUnavailable."""
        adapters, collection_id = self._sources(), collection_id or secrets.token_urlsafe(16)
        sources, questions = [adapter.source for adapter in adapters], _Questions.of(adapters, person)
        asking = replace(self._asking(questions, again=False), at_most=MOST_FOR_APP if person.app else None)
        with alarmed(Event.COLLECTION_STARTED):
            if not self._store.create(collection_id, owner, sources, asking):
                return collection_id
        runs = {source.source_id: 1 for source in sources}
        run = _Run(collection_id, adapters, runs, asking.asked_at, questions)
        self._background(lambda: self._gather(run, lambda: self._is_wanted(run.collection_id, owner)))
        return collection_id

    def attend(self, collection_id: str, owner: str, person: DataSubject, next_sign: float | None) -> None:
        """A page of this citizen waits for the collection, and says so again within `next_sign` seconds; when it does
        not, asking is given up, and this method asks the unanswered sources again as soon as a page comes back.
        None: go on to the end without a sign, as for a browser that cannot give one."""
        now = self._clock.now()
        until = None if next_sign is None else now + timedelta(seconds=next_sign)
        if not self._store.watch(collection_id, owner, until):
            return
        adapters = self._sources()
        questions = _Questions.of(adapters, person)
        asking = self._asking(questions, again=True)
        with alarmed(Event.COLLECTION_STARTED):
            runs = self._store.resume(collection_id, owner, asking)
        asked = [adapter for adapter in adapters if adapter.source.source_id in runs]
        if asked:
            run = _Run(collection_id, asked, runs, asking.asked_at, questions)
            self._background(lambda: self._gather(run, lambda: self._is_wanted(collection_id, owner)))

    def _is_wanted(self, collection_id: str, owner: str) -> bool:
        return self._store.is_wanted(collection_id, owner, self._clock.now())

    def view(self, collection_id: str, owner: str) -> CollectionView | None:
        """The collection as it stands; None when this owner has no such collection."""
        stored = self._store.load(collection_id, owner)
        return None if stored is None else self._judged(stored)

    def _judged(self, stored: StoredCollection) -> CollectionView:
        return view_of(stored, self._clock.now(), self._times.show_after_seconds)

    def follow(self, collection_id: str, owner: str) -> Callable[[], CollectionView | None]:
        """As `view`, for who looks again and again: reads the whole of it only when something has changed."""
        known: list[tuple[object, StoredCollection]] = []

        def look() -> CollectionView | None:
            stamp = self._store.stamp(
                collection_id, owner
            )  # before: what changes in between is read the next time
            if not known or known[0][0] != stamp:
                stored = self._store.load(collection_id, owner)
                known[:] = [] if stored is None else [(stamp, stored)]
            return self._judged(known[0][1]) if known else None

        return look

    def latest(self, owner: str) -> CollectionView | None:
        """The owner's newest collection."""
        collection_id = self._store.latest(owner)
        return None if collection_id is None else self.view(collection_id, owner)

    def retry(self, collection_id: str, owner: str, source_id: str, person: DataSubject) -> bool:
        """Ask one source again; the others keep their answers, and this one keeps the claims that it gave before when
        asking again gives less than a usable answer. False when there is nothing to ask again."""
        adapter = next((one for one in self._sources() if one.source.source_id == source_id), None)
        if adapter is None or not adapter.connected:
            return False
        questions = _Questions.of([adapter], person)
        asking = self._asking(questions, again=True)
        with alarmed(Event.COLLECTION_STARTED):
            run = self._store.restart(collection_id, owner, source_id, asking)
        if run is None:
            return False
        again = _Run(collection_id, [adapter], {source_id: run}, asking.asked_at, questions)
        self._background(
            lambda: self._gather(again, lambda: self._store.load(collection_id, owner) is not None)
        )
        return True

    def _asking(self, questions: _Questions, *, again: bool) -> Asking:
        """From now on. That these sources are asked about this person is on disk together with their runs, or nobody is asked."""
        now = self._clock.now()
        gather = self._times.gather.total_seconds + self._times.store_seconds
        return Asking(
            now,
            now + timedelta(seconds=gather),
            lambda source_ids: self._audit.rows(*questions.facts(source_ids, again=again)),
        )

    def _save(self, run: _Run, outcomes: Sequence[SourceOutcome]) -> None:
        arrived = [(run.runs[outcome.source.source_id], outcome) for outcome in outcomes]
        self._store.save_outcomes(run.collection_id, arrived)

    def _save_each(self, run: _Run, outcomes: Sequence[SourceOutcome]) -> None:
        for outcome in outcomes:
            try:
                self._save(run, [outcome])
            except Exception as error:  # noqa: BLE001 -- the next outcome must still be tried
                source_id = outcome.source.source_id
                log.error("outcome_not_stored", source=source_id, error=type(error).__name__)

    def forget(self, owner: str) -> None:
        """Delete everything that was gathered for this owner. Whichever process still asks for it stops within a few
        seconds; answers that still come in find no place."""
        self._store.delete_owned_by(owner)

    def _gather(self, run: _Run, in_store: Callable[[], bool]) -> None:
        """Through the store, so that a log-out on another process, or a new collection, ends this one too."""

        def wanted() -> bool:
            try:
                return in_store()
            except StorageUnavailable:
                return True

        trace = run.questions.trace
        with (
            span("gather", ids=Ids(trace.trace_id, trace.span_id)) as one,
            asking_as(run.questions.traceparents),
        ):
            one.note(Noted.SOURCES, len(run.questions.asked))
            together = gather_while(
                wanted, run.adapters, run.questions.person.bsn, self._times.gather, self._own_clock
            )
            answered = [fact for outcomes in together for fact in self._take(run, outcomes)]
        if answered:  # last, so that nothing about it can keep an answer from the citizen
            self._audit.try_write(*answered)

    def _take(self, run: _Run, outcomes: Sequence[SourceOutcome]) -> Iterator[Fact]:
        """Each once more on its own when they cannot be stored together: an answer that we have must not be lost for a moment's
        trouble, nor for another that cannot be stored."""
        try:
            self._save(run, outcomes)
        except Exception:  # noqa: BLE001 -- said of each that cannot be stored on its own either
            self._save_each(run, outcomes)
        times = (run.asked_at, self._clock.now())
        for outcome in outcomes:
            if not isinstance(outcome, NotConnected):
                yield audit_facts.source_answered(
                    run.questions.person.bsn, outcome, times, run.questions.trace
                )


def view_of(stored: StoredCollection, now: datetime, show_after: float) -> CollectionView:
    """Judge a stored collection at a moment."""
    outcomes = tuple(_shown(asked, now) for asked in stored.sources)
    pending = tuple(a.source for a in stored.sources if a.outcome is None and now < a.deadline_at)
    since = stored.waiting_since
    may_show = not pending or since is None or now >= since + timedelta(seconds=show_after)
    gathered_at = max((_moment(outcome) for outcome in outcomes if outcome), default=stored.started_at)
    overview = Overview(min(gathered_at, now), outcomes)
    return CollectionView(
        stored.collection_id, stored.started_at, stored.sources, overview, pending, may_show
    )


def _shown(asked: AskedSource, now: datetime) -> SourceOutcome:
    """While a source is being asked again, the claims that it gave before stay in sight, but do not stand for its whole
    answer."""
    if asked.outcome is None and asked.earlier is not None and now < asked.deadline_at:
        return replace(asked.earlier, partial=asked.earlier.partial or (PartialReason.STALE,))
    return asked.known or _silence(asked)


def _silence(asked: AskedSource) -> SourceFailure:
    """The moment is the deadline, so that the same silence always reads the same."""
    return SourceFailure(source=asked.source, failed_at=asked.deadline_at, cause=FailureCause.TOO_SLOW)


def _moment(outcome: SourceOutcome) -> datetime:
    if isinstance(outcome, SourceFailure):
        return outcome.failed_at
    return outcome.noted_at if isinstance(outcome, NotConnected) else outcome.answered_at
