"""Counts of all processes add up, on both databases, and say nothing about a person."""

import math
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from app.persistence.engine import Database
from app.persistence.source_figures import SqlSourceFigures
from app.ports.figures import ProcessState, StoredFigures
from app.ports.monitor import Certificate
from app.services.figure_counts import FigureCounts
from sources.events import AskedEvent, AskResult, CertificateRole
from tests.integration.persistence.adding_process import SOURCES
from tests.support.waiting import PATIENCE_S

ROOT = Path(__file__).parents[3]
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = date(2026, 3, 2)
ME = ProcessState("me", NOON, NOON)
LONG_AGO = NOON - timedelta(days=1)


@pytest.fixture
def store(database: Database) -> SqlSourceFigures:
    return SqlSourceFigures(database)


def add(store: SqlSourceFigures, *events: AskedEvent, process: ProcessState = ME) -> None:
    counts = FigureCounts()
    for event in events:
        counts.count(event)
    store.add(counts.tally(), process)


def read(store: SqlSourceFigures, since: date = DAY) -> StoredFigures:
    return store.read(since, LONG_AGO)


def test_two_processes_that_count_at_the_same_time_lose_nothing(url: str, store: SqlSourceFigures) -> None:
    program = [sys.executable, "-m", "tests.integration.persistence.adding_process", url]
    processes = [subprocess.Popen([*program, name, "20"], cwd=ROOT) for name in ("one", "two")]
    assert [process.wait(timeout=PATIENCE_S) for process in processes] == [0, 0]
    found = read(store)
    assert len(found.processes) == 2
    for source_id in SOURCES:
        for period in (found.days[source_id, DAY], found.totals[source_id]):
            assert period.results == {AskResult.CLAIMS: 40, AskResult.TOO_SLOW: 40}
            assert period.findings == {"rule_one": 40, "rule_two": 40}
            assert period.durations.counts == {0.3: 40, math.inf: 40}
            assert period.durations.total_seconds == 40 * 60.25


def test_nothing_counted_is_still_a_sign_of_life(store: SqlSourceFigures) -> None:
    add(store)
    found = read(store)
    assert (found.days, found.totals, found.last, found.certificates) == ({}, {}, {}, {})
    assert found.processes == (ME,)


def test_a_question_counts_on_its_dutch_day(store: SqlSourceFigures) -> None:
    before_midnight = datetime(2026, 3, 1, 22, 59, tzinfo=UTC)
    asked = AskedEvent("a", before_midnight, AskResult.CLAIMS)
    add(store, asked, replace(asked, asked_at=before_midnight + timedelta(minutes=2)))
    found = read(store, date(2026, 3, 1))
    assert {day for _, day in found.days} == {date(2026, 3, 1), DAY}
    assert found.totals["a"].questions == 2


def test_the_last_moment_of_a_class_never_goes_back(store: SqlSourceFigures) -> None:
    for minutes in (5, 9, 7):
        add(store, AskedEvent("a", NOON + timedelta(minutes=minutes), AskResult.PARTIAL))
    assert read(store).last == {"a": {AskResult.PARTIAL: NOON + timedelta(minutes=9)}}


def test_the_certificate_that_was_used_last_counts_also_when_it_ends_earlier(store: SqlSourceFigures) -> None:
    for minutes, days in ((1, 90), (3, 30), (2, 60)):
        counts = FigureCounts()
        seen_at, key = NOON + timedelta(minutes=minutes), ("a", CertificateRole.SERVER)
        counts.note_certificate(key, NOON + timedelta(days=days), seen_at)
        store.add(counts.tally(), ME)
    [certificate] = read(store).certificates["a"]
    expected = Certificate(CertificateRole.SERVER, NOON + timedelta(days=30), NOON + timedelta(minutes=3))
    assert certificate == expected


def test_each_process_tells_its_own_circuits_and_takes_them_along(store: SqlSourceFigures) -> None:
    until = NOON + timedelta(minutes=1)
    mine = replace(ME, circuits={"a": until, "b": until})
    other = ProcessState("other", NOON, NOON, {"a": until})
    add(store, process=mine)
    add(store, process=other)
    assert read(store).processes == (mine, other)
    later = replace(ME, seen_at=until, circuits={"b": until})
    add(store, process=later)
    assert read(store).processes == (later, other)
    store.leave("me")
    assert read(store).processes == (other,)


def test_a_process_without_signs_of_life_does_not_count(store: SqlSourceFigures) -> None:
    add(store, process=replace(ME, circuits={"a": NOON}))
    assert store.read(DAY, NOON).processes == ()
    assert store.purge(DAY, NOON + timedelta(seconds=1)) == 1
    assert read(store).processes == ()
    add(store)  # it only slept: it is back, without the circuit
    assert read(store).processes == (ME,)


def test_old_days_go_and_totals_stay(store: SqlSourceFigures) -> None:
    asked = AskedEvent("a", NOON, AskResult.CLAIMS, 0.2, frozenset({"rule"}))
    old = replace(asked, asked_at=NOON - timedelta(days=10))
    add(store, asked, old)
    before = read(store, DAY - timedelta(days=100))
    assert len(before.days) == 2
    assert store.purge(DAY, LONG_AGO) == 3
    after = read(store, DAY - timedelta(days=100))
    assert set(after.days) == {("a", DAY)}
    assert after.totals == before.totals
    assert after.totals["a"].questions == 2
