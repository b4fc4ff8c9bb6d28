"""A collection must never look more answered than it is, whatever happens to the process that gathers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.persistence.cipher import KeyRing, new_key_line
from app.persistence.collection_store import SqlCollectionStore
from app.persistence.engine import open_database
from app.ports.clock import SharedClock
from app.ports.collections import TooManyCollections
from app.ports.storage import StorageUnavailable
from app.services.collection import MOST_FOR_APP, Collections, CollectionTimes, Surroundings
from claims.identity import Bsn
from claims.outcome import Basis, BasisKind, OutcomeKind, PartialReason, Source, SourceAnswer, SourceOutcome
from sources.deadline import Deadline
from sources.errors import SourceError, SourceUnavailable, TooSlow, WrongPerson
from sources.gather import GatherTimes
from tests.support.audit import make_logbook, refuse_rows, rows_of, take_rows_again, words_of
from tests.support.clock import FrozenClock
from tests.support.databases import migrated_sqlite
from tests.support.snapshots import PERSON, full_outcomes
from tests.support.waiting import PATIENCE_S

Task = Callable[[], None]


class Canned:
    """A source that gives what the test wants; None: it fails with `error`."""

    connected = True

    def __init__(self, outcome: SourceAnswer | None, source: Source) -> None:
        self.outcome = outcome
        self.source = source
        self.error: SourceError = SourceUnavailable("down")

    def ask(self, bsn: Bsn, deadline: Deadline) -> SourceAnswer:
        if self.outcome is None:
            raise self.error
        return self.outcome


class Ahead:
    """The clock of another machine."""

    def __init__(self, clock: FrozenClock, seconds: float) -> None:
        self._clock = clock
        self._ahead = timedelta(seconds=seconds)

    def now(self) -> datetime:
        return self._clock.now() + self._ahead


class Bench:
    """Collections over two sources on a real store; background work waits until the test runs it."""

    def __init__(self, folder: Path) -> None:
        database = open_database(migrated_sqlite(folder / "c.sqlite3"))
        self.store = SqlCollectionStore(database, KeyRing.parse(new_key_line("one")))
        self.clock = FrozenClock()
        self.book = make_logbook(database, folder, self.clock)
        answers = [o for o in full_outcomes() if isinstance(o, SourceAnswer)]
        self.adapters = [Canned(answer, answer.source) for answer in answers[:2]]
        self.tasks: list[Task] = []
        self.collections = self._of(Surroundings(self.clock, self.book.audit, self.tasks.append))

    def on_a_machine_that_is_ahead(self, seconds: float) -> Collections:
        """`clock` is that of the database."""
        theirs = Ahead(self.clock, seconds)
        shared = SharedClock(self.clock.now, theirs)
        return self._of(Surroundings(theirs, self.book.audit, self.tasks.append, shared))

    def _of(self, around: Surroundings) -> Collections:
        times = CollectionTimes(GatherTimes(10, 30), 10)
        return Collections(self.store, lambda: self.adapters, times, around)

    def run(self) -> None:
        while self.tasks:
            self.tasks.pop(0)()


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_before_anybody_answered_everybody_is_pending_and_nobody_answered(bench: Bench) -> None:
    view = bench.collections.view(bench.collections.start("me", PERSON), "me")
    assert view is not None
    assert len(view.pending) == 2
    assert not view.is_finished
    assert not view.may_show
    assert not view.overview.all_answered
    assert view.overview.balance.amount is None


def test_a_collection_that_was_asked_for_twice_asks_the_sources_once(bench: Bench) -> None:
    ids = [bench.collections.start("me", PERSON, "chosen-by-the-caller") for _ in range(2)]
    assert ids == ["chosen-by-the-caller"] * 2
    assert len(bench.tasks) == 1


@pytest.mark.threat("T-03")
def test_a_gatherer_that_dies_leaves_no_answer_never_no_claims(bench: Bench) -> None:
    collection_id = bench.collections.start("me", PERSON)
    bench.tasks.clear()
    bench.clock.advance(33)
    view = bench.collections.view(collection_id, "me")
    assert view is not None
    assert view.is_finished
    assert {outcome.kind for outcome in view.overview.outcomes} == {OutcomeKind.NO_ANSWER}
    assert view.overview.balance.is_at_least


def test_what_is_there_is_shown_after_ten_seconds_with_the_rest_as_no_answer(bench: Bench) -> None:
    collection_id = bench.collections.start("me", PERSON)
    bench.store.save_outcomes(collection_id, [(1, full_outcomes()[0])])
    bench.clock.advance(9.9)
    early = bench.collections.view(collection_id, "me")
    assert early is not None
    assert not early.may_show
    bench.clock.advance(0.1)
    view = bench.collections.view(collection_id, "me")
    assert view is not None
    assert view.may_show
    assert len(view.pending) == len(view.overview.missing) == 1
    assert view.overview.balance.is_at_least


def test_an_answer_that_comes_late_still_joins(bench: Bench) -> None:
    collection_id = bench.collections.start("me", PERSON)
    bench.clock.advance(15)
    bench.run()
    view = bench.collections.view(collection_id, "me")
    assert view is not None
    assert view.overview.all_answered


def test_a_retry_keeps_the_other_answers(bench: Bench) -> None:
    down, good = bench.adapters[0], bench.adapters[0].outcome
    down.outcome = None
    collection_id = bench.collections.start("me", PERSON)
    bench.run()
    down.outcome = good
    assert bench.collections.retry(collection_id, "me", down.source.source_id, PERSON)
    bench.run()
    view = bench.collections.view(collection_id, "me")
    assert view is not None
    assert view.overview.all_answered


def ask_all_again(bench: Bench, collection_id: str) -> None:
    for adapter in bench.adapters:
        assert bench.collections.retry(collection_id, "me", adapter.source.source_id, PERSON)


def is_in_sight(bench: Bench, collection_id: str) -> bool:
    view = bench.collections.view(collection_id, "me")
    assert view is not None
    return view.may_show


def test_while_all_sources_are_asked_again_the_overview_stays_in_sight(bench: Bench) -> None:
    collection_id = bench.collections.start("me", PERSON)
    bench.run()
    bench.clock.advance(60)
    ask_all_again(bench, collection_id)
    assert is_in_sight(bench, collection_id)


def test_while_all_sources_are_asked_again_the_overview_stays_in_sight_after_one_of_a_machine_that_is_ahead(
    bench: Bench,
) -> None:
    bench.clock.advance(60)
    bench.collections.start("me", PERSON)
    bench.clock.advance(-60)
    collection_id = bench.collections.start("me", PERSON)
    bench.run()
    bench.clock.advance(40)
    ask_all_again(bench, collection_id)
    assert is_in_sight(bench, collection_id)


def test_what_was_in_sight_after_coming_back_stays_so_while_all_sources_are_asked_again(bench: Bench) -> None:
    collection_id = bench.collections.start("me", PERSON)
    bench.tasks.clear()
    bench.collections.attend(collection_id, "me", PERSON, 9)
    bench.clock.advance(40)
    assert not bench.store.is_wanted(collection_id, "me", bench.clock.now())
    bench.collections.attend(collection_id, "me", PERSON, 9)
    bench.clock.advance(1)
    bench.run()
    assert is_in_sight(bench, collection_id)
    ask_all_again(bench, collection_id)
    assert is_in_sight(bench, collection_id)


@pytest.mark.parametrize("again_empty", [False, True])
def test_a_retry_that_fails_does_not_hide_the_claims_that_were_there(bench: Bench, again_empty: bool) -> None:
    first = bench.adapters[0]
    assert first.outcome is not None
    part = first.outcome = replace(first.outcome, partial=(PartialReason.STALE,))
    collection_id = bench.collections.start("me", PERSON)
    bench.run()
    first.outcome = replace(part, claims=()) if again_empty else None
    assert bench.collections.retry(collection_id, "me", first.source.source_id, PERSON)
    bench.run()
    view = bench.collections.view(collection_id, "me")
    assert view is not None
    assert view.overview.outcomes[0] == part
    assert view.overview.has_gaps


def test_while_a_source_is_asked_again_its_claims_stay_in_sight_but_not_as_its_whole_answer(
    bench: Bench,
) -> None:
    first = bench.adapters[0]
    whole = first.outcome
    assert whole is not None
    collection_id = bench.collections.start("me", PERSON)
    bench.run()
    before = bench.collections.view(collection_id, "me")
    assert bench.collections.retry(collection_id, "me", first.source.source_id, PERSON)
    view = bench.collections.view(collection_id, "me")
    assert before is not None
    assert view is not None
    assert view.pending == (first.source,)
    assert view.overview.claims == before.overview.claims
    assert not view.overview.all_answered
    assert view.overview.balance.is_at_least
    bench.run()
    after = bench.collections.view(collection_id, "me")
    assert after is not None
    assert after.overview == before.overview


def test_while_a_source_that_failed_is_asked_again_it_has_no_answer(bench: Bench) -> None:
    down = bench.adapters[0]
    down.outcome = None
    collection_id = bench.collections.start("me", PERSON)
    bench.run()
    assert bench.collections.retry(collection_id, "me", down.source.source_id, PERSON)
    view = bench.collections.view(collection_id, "me")
    assert view is not None
    assert view.overview.outcomes[0].kind is OutcomeKind.NO_ANSWER


@pytest.mark.threat("T-29")
def test_a_second_press_on_an_old_page_does_not_lose_a_whole_answer(bench: Bench) -> None:
    """Another tab still shows the button: the first press brought a full answer, the second finds the source down."""
    first = bench.adapters[0]
    whole = first.outcome
    collection_id = bench.collections.start("me", PERSON)
    bench.run()
    first.outcome = None
    for _ in range(2):
        bench.collections.retry(collection_id, "me", first.source.source_id, PERSON)
        bench.run()
    view = bench.collections.view(collection_id, "me")
    assert view is not None
    assert view.overview.outcomes[0] == whole


def test_a_process_that_dies_while_asking_again_does_not_hide_the_claims_that_were_there(
    bench: Bench,
) -> None:
    first = bench.adapters[0]
    assert first.outcome is not None
    part = first.outcome = replace(first.outcome, partial=(PartialReason.STALE,))
    collection_id = bench.collections.start("me", PERSON)
    bench.run()
    for _ in range(2):
        assert bench.collections.retry(collection_id, "me", first.source.source_id, PERSON)
        bench.tasks.clear()
        bench.clock.advance(33)
        view = bench.collections.view(collection_id, "me")
        assert view is not None
        assert view.overview.outcomes[0] == part


def test_coming_back_while_one_source_is_asked_again_does_not_hide_its_claims(bench: Bench) -> None:
    """The page was left, so asking was given up; one tab asks a source again, another page comes back."""
    first = bench.adapters[0]
    assert first.outcome is not None
    part = replace(first.outcome, partial=(PartialReason.STALE,))
    collection_id = bench.collections.start("me", PERSON)
    bench.store.save_outcomes(collection_id, [(1, part)])
    bench.collections.attend(collection_id, "me", PERSON, 5)
    bench.tasks.clear()
    bench.clock.advance(6)
    assert not bench.store.is_wanted(collection_id, "me", bench.clock.now())
    first.outcome = None
    assert bench.collections.retry(collection_id, "me", first.source.source_id, PERSON)
    bench.collections.attend(collection_id, "me", PERSON, None)
    bench.run()
    view = bench.collections.view(collection_id, "me")
    assert view is not None
    assert view.overview.outcomes[0] == part
    assert view.overview.outcomes[1].kind is OutcomeKind.CLAIMS


@pytest.mark.threat("T-02")
def test_after_an_answer_about_somebody_else_nothing_that_was_said_before_comes_back(bench: Bench) -> None:
    first = bench.adapters[0]
    assert first.outcome is not None
    first.outcome = replace(first.outcome, partial=(PartialReason.STALE,))
    collection_id = bench.collections.start("me", PERSON)
    bench.run()
    for error in (WrongPerson("another person"), SourceUnavailable("down")):
        first.outcome, first.error = None, error
        assert bench.collections.retry(collection_id, "me", first.source.source_id, PERSON)
        bench.run()
        view = bench.collections.view(collection_id, "me")
        assert view is not None
        assert view.overview.outcomes[0].kind is OutcomeKind.NO_ANSWER


def test_a_new_collection_is_the_newest_also_after_one_of_a_machine_that_is_ahead(bench: Bench) -> None:
    bench.clock.advance(20)
    bench.collections.start("me", PERSON)
    bench.run()
    bench.clock.advance(-10)
    new = bench.collections.start("me", PERSON)
    assert bench.store.is_wanted(new, "me", bench.clock.now())
    view = bench.collections.latest("me")
    assert view is not None
    assert view.collection_id == new
    bench.clock.advance(10)
    view = bench.collections.view(new, "me")
    assert view is not None
    assert view.may_show, "its start is not by the clock of the other machine"


@pytest.mark.parametrize("ahead_s", [-60, 60])
def test_machines_with_other_clocks_agree_on_who_is_silent_and_what_may_be_shown(
    bench: Bench, ahead_s: float
) -> None:
    there = bench.on_a_machine_that_is_ahead(ahead_s)
    for here, other in ((bench.collections, there), (there, bench.collections)):
        collection_id = here.start("me", PERSON)
        for seconds, finished, shown in ((1, False, False), (10, False, True), (22, True, True)):
            bench.clock.advance(seconds)
            for one in (here, other):
                view = one.view(collection_id, "me")
                assert view is not None
                assert (view.is_finished, view.may_show) == (finished, shown), seconds
        assert other.retry(collection_id, "me", bench.adapters[0].source.source_id, PERSON)
        assert not here.retry(collection_id, "me", bench.adapters[0].source.source_id, PERSON)


@pytest.mark.parametrize("ahead_s", [-60, 60])
def test_what_a_machine_with_another_clock_resumed_is_shown_when_it_is_time(
    bench: Bench, ahead_s: float
) -> None:
    collection_id = bench.collections.start("me", PERSON)
    bench.tasks.clear()
    bench.collections.attend(collection_id, "me", PERSON, 9)
    bench.clock.advance(10)
    assert not bench.collections._is_wanted(collection_id, "me")
    bench.on_a_machine_that_is_ahead(ahead_s).attend(collection_id, "me", PERSON, 9)
    for seconds, shown in ((9, False), (1, True)):
        bench.clock.advance(seconds)
        view = bench.collections.view(collection_id, "me")
        assert view is not None
        assert view.may_show == shown


@pytest.mark.parametrize("ahead_s", [-60, 60])
def test_a_page_on_a_machine_with_another_clock_keeps_it_wanted_until_it_stays_away(
    bench: Bench, ahead_s: float
) -> None:
    asking = bench.on_a_machine_that_is_ahead(ahead_s)
    collection_id = asking.start("me", PERSON)
    bench.collections.attend(collection_id, "me", PERSON, 9)
    for seconds, wanted in ((9, True), (1, False)):
        bench.clock.advance(seconds)
        assert asking._is_wanted(collection_id, "me") == wanted


@pytest.mark.threat("T-29")
def test_an_answer_of_an_earlier_run_does_not_replace_a_newer_one(bench: Bench) -> None:
    first = bench.adapters[0]
    collection_id = bench.collections.start("me", PERSON)
    bench.clock.advance(33)
    late = bench.tasks.pop()
    assert bench.collections.retry(collection_id, "me", first.source.source_id, PERSON)
    bench.run()
    assert isinstance(first.outcome, SourceAnswer)
    first.outcome = SourceAnswer(
        source=first.source,
        answered_at=bench.clock.now() - timedelta(seconds=30),
        basis=Basis(BasisKind.LIVE, bench.clock.now()),
    )
    late()
    view = bench.collections.view(collection_id, "me")
    assert view is not None
    assert view.overview.outcomes[0].kind is OutcomeKind.CLAIMS


@pytest.mark.threat("T-01")
def test_nobody_else_can_see_repeat_or_find_it(bench: Bench) -> None:
    collection_id = bench.collections.start("me", PERSON)
    assert bench.collections.view(collection_id, "you") is None
    assert bench.collections.latest("you") is None
    assert not bench.collections.retry(collection_id, "you", bench.adapters[0].source.source_id, PERSON)


def test_after_logging_out_late_answers_find_no_place(bench: Bench) -> None:
    collection_id = bench.collections.start("me", PERSON)
    bench.collections.forget("me")
    bench.run()
    assert bench.collections.view(collection_id, "me") is None


def test_an_answer_is_stored_when_the_database_was_busy_for_a_moment(bench: Bench) -> None:
    class BusyAtFirst(SqlCollectionStore):
        tries = 0

        def save_outcomes(self, collection_id: str, arrived: Sequence[tuple[int, SourceOutcome]]) -> None:
            BusyAtFirst.tries += 1
            if BusyAtFirst.tries == 1:
                raise StorageUnavailable
            super().save_outcomes(collection_id, arrived)

    bench.store.__class__ = BusyAtFirst
    collection_id = bench.collections.start("me", PERSON)
    bench.run()
    view = bench.collections.view(collection_id, "me")
    assert view is not None
    assert view.overview.all_answered


def test_one_answer_that_cannot_be_stored_does_not_stop_the_others(bench: Bench) -> None:
    class Failing(SqlCollectionStore):
        def save_outcomes(self, collection_id: str, arrived: Sequence[tuple[int, SourceOutcome]]) -> None:
            if bench.adapters[0].outcome in [outcome for _, outcome in arrived]:
                raise RuntimeError("disk full")
            super().save_outcomes(collection_id, arrived)

    bench.store.__class__ = Failing
    collection_id = bench.collections.start("me", PERSON)
    bench.run()
    view = bench.collections.view(collection_id, "me")
    assert view is not None
    assert [asked.outcome is None for asked in view.sources] == [True, False]


def test_who_follows_a_collection_sees_what_who_looks_anew_sees(bench: Bench) -> None:
    collection_id = bench.collections.start("me", PERSON)
    look = bench.collections.follow(collection_id, "me")
    assert look() == bench.collections.view(collection_id, "me")
    bench.store.save_outcomes(collection_id, [(1, full_outcomes()[0])])
    assert look() == bench.collections.view(collection_id, "me")
    bench.clock.advance(40)
    late = look()
    assert late == bench.collections.view(collection_id, "me")
    assert late is not None
    assert late.is_finished
    assert not late.overview.all_answered
    bench.collections.forget("me")
    assert look() is None


def test_who_follows_the_collection_of_somebody_else_sees_nothing(bench: Bench) -> None:
    collection_id = bench.collections.start("me", PERSON)
    assert bench.collections.follow(collection_id, "you")() is None


def test_who_comes_back_after_leaving_gets_the_missing_answers_and_keeps_the_rest(bench: Bench) -> None:
    collection_id = bench.collections.start("me", PERSON)
    bench.store.save_outcomes(collection_id, [(1, full_outcomes()[0])])
    bench.collections.attend(collection_id, "me", PERSON, 9)
    left_behind = bench.tasks.pop()
    bench.clock.advance(40)
    bench.tasks.append(left_behind)
    assert not bench.store.is_wanted(collection_id, "me", bench.clock.now())
    bench.collections.attend(collection_id, "me", PERSON, 9)
    view = bench.collections.view(collection_id, "me")
    assert view is not None
    assert (len(view.pending), view.may_show) == (1, False)
    bench.run()
    view = bench.collections.view(collection_id, "me")
    assert view is not None
    assert view.overview.all_answered


def test_a_page_that_stays_away_leaves_no_answer_never_no_claims(bench: Bench) -> None:
    collection_id = bench.collections.start("me", PERSON)
    bench.collections.attend(collection_id, "me", PERSON, 9)
    bench.clock.advance(10)
    assert not bench.store.is_wanted(collection_id, "me", bench.clock.now())
    bench.clock.advance(23)
    view = bench.collections.view(collection_id, "me")
    assert view is not None
    assert view.is_finished
    assert {outcome.kind for outcome in view.overview.outcomes} == {OutcomeKind.NO_ANSWER}


class Endless:
    """A source that works until its deadline; `begun` and `ended` tell how far it is."""

    connected = True

    def __init__(self, source: Source) -> None:
        self.source = source
        self.begun, self.ended = Event(), Event()

    def ask(self, bsn: Bsn, deadline: Deadline) -> SourceAnswer:
        self.begun.set()
        while not deadline.passed:
            Event().wait(0.05)
        self.ended.set()
        raise TooSlow("no whole answer in time")


@pytest.mark.parametrize("what", ["log out elsewhere", "new collection", "page closed"])
def test_no_thread_works_on_for_nobody(bench: Bench, what: str) -> None:
    """The log-out is handled by another process: it only deletes rows of the same store."""
    source = Endless(bench.adapters[0].source)
    times = CollectionTimes(GatherTimes(600, 600), 10)
    around = Surroundings(bench.clock, bench.book.audit)
    collections = Collections(bench.store, lambda: [source], times, around)
    collection_id = collections.start("me", PERSON)
    assert source.begun.wait(PATIENCE_S)
    if what == "new collection":
        bench.clock.advance(1)
        bench.collections.start("me", PERSON)
    elif what == "page closed":
        collections.attend(collection_id, "me", PERSON, 9)
        bench.clock.advance(10)
    else:
        bench.collections.forget("me")
    assert source.ended.wait(PATIENCE_S)


def test_who_is_asked_stands_in_the_audit_log_before_anybody_is_asked(bench: Bench) -> None:
    bench.collections.start("me", PERSON)
    ids = [adapter.source.source_id for adapter in bench.adapters]
    asked = [("source_asked", source_id, "") for source_id in ids]
    assert words_of(bench.book) == [("collection_started", "", ""), *asked]
    first, *others = rows_of(bench.book)
    assert {one.trace.trace_id for one in others} == {first.trace.trace_id}
    assert {one.trace.parent_span_id for one in others} == {first.trace.span_id}
    assert len({one.trace.span_id for one in (first, *others)}) == 1 + len(others)


def test_how_each_source_ended_stands_in_the_audit_log_but_not_whether_there_were_debts(bench: Bench) -> None:
    bench.adapters[1].outcome = None
    collection_id = bench.collections.start("me", PERSON)
    bench.clock.advance(2)
    bench.run()
    ids = [adapter.source.source_id for adapter in bench.adapters]
    answered = [row for row in rows_of(bench.book) if row.event == "source_answered"]
    assert sorted((row.object, row.detail) for row in answered) == sorted(
        zip(ids, ["answered", "no_answer"], strict=True)
    )
    assert {(row.ended_at - row.started_at).total_seconds() for row in answered} == {2}
    bench.collections.retry(collection_id, "me", ids[1], PERSON)
    assert words_of(bench.book)[-2:] == [("collection_started", "", "again"), ("source_asked", ids[1], "")]


@pytest.mark.threat("T-26")
@pytest.mark.parametrize("chosen", [None, "chosen-by-the-caller"])
def test_without_the_audit_log_nobody_is_asked_and_nothing_looks_as_if(
    bench: Bench, chosen: str | None
) -> None:
    """Who tries again with the same id has everybody asked: what was never asked must not be found, and look silent."""
    refuse_rows(bench.book)
    with pytest.raises(StorageUnavailable):
        bench.collections.start("me", PERSON, chosen)
    assert not bench.tasks
    assert bench.collections.latest("me") is None
    take_rows_again(bench.book)
    view = bench.collections.view(bench.collections.start("me", PERSON, chosen), "me")
    bench.run()
    assert view is not None
    view = bench.collections.view(view.collection_id, "me")
    assert view is not None
    assert view.overview.all_answered


@pytest.mark.threat("T-26")
def test_a_source_that_cannot_be_asked_again_keeps_what_it_said(bench: Bench) -> None:
    collection_id = bench.collections.start("me", PERSON)
    bench.run()
    before = bench.collections.view(collection_id, "me")
    refuse_rows(bench.book)
    with pytest.raises(StorageUnavailable):
        bench.collections.retry(collection_id, "me", bench.adapters[0].source.source_id, PERSON)
    assert bench.collections.view(collection_id, "me") == before


@pytest.mark.threat("T-26")
def test_who_comes_back_while_nothing_can_be_written_down_is_served_the_next_time(bench: Bench) -> None:
    collection_id = bench.collections.start("me", PERSON)
    bench.tasks.clear()
    bench.collections.attend(collection_id, "me", PERSON, 9)
    bench.clock.advance(40)
    assert not bench.store.is_wanted(collection_id, "me", bench.clock.now())
    refuse_rows(bench.book)
    with pytest.raises(StorageUnavailable):
        bench.collections.attend(collection_id, "me", PERSON, 9)
    take_rows_again(bench.book)
    bench.collections.attend(collection_id, "me", PERSON, 9)
    bench.run()
    view = bench.collections.view(collection_id, "me")
    assert view is not None
    assert view.overview.all_answered


def test_an_answer_reaches_the_citizen_also_when_the_audit_log_fails_meanwhile(bench: Bench) -> None:
    collection_id = bench.collections.start("me", PERSON)
    refuse_rows(bench.book)
    bench.run()
    view = bench.collections.view(collection_id, "me")
    assert view is not None
    assert view.is_finished
    assert view.overview.all_answered


def test_an_audit_log_that_breaks_in_an_unforeseen_way_hides_no_answer(bench: Bench) -> None:
    collection_id = bench.collections.start("me", PERSON)
    with bench.book.database.write() as connection:
        one_only = "CREATE UNIQUE INDEX odd ON audit_log (event) WHERE event = 'source_answered'"
        connection.execute(text(one_only))
    with pytest.raises(IntegrityError):
        bench.run()
    view = bench.collections.view(collection_id, "me")
    assert view is not None
    assert view.overview.all_answered


@pytest.mark.threat("T-35")
def test_one_consent_makes_so_many_collections_and_no_more(bench: Bench) -> None:
    """Each asks every source. A citizen has no such limit: who they are was asked anew at every log-in."""
    by_app = replace(PERSON, app="app")
    for number in range(MOST_FOR_APP):
        bench.collections.start("grant", by_app, f"of-this-grant-{number}")
    assert bench.collections.start("grant", by_app, "of-this-grant-0") == "of-this-grant-0"
    before = len(bench.tasks)
    for chosen in ("one-too-many", None):
        with pytest.raises(TooManyCollections):
            bench.collections.start("grant", by_app, chosen)
    assert (len(bench.tasks), bench.collections.view("one-too-many", "grant")) == (before, None)
    bench.collections.start("other-grant", by_app)
    for _ in range(MOST_FOR_APP + 1):
        bench.collections.start("session", PERSON)
