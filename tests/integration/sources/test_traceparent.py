"""Each question to a source carries the trace of its row in the audit log, and nothing of the citizen: seen on the wire."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import structlog

from app.persistence.cipher import KeyRing, new_key_line
from app.persistence.collection_store import SqlCollectionStore
from app.persistence.engine import open_database
from app.ports.audit import AuditEntry, Event
from app.ports.clock import SystemClock
from app.ports.data_subject import DataSubject
from app.services.collection import Collections, CollectionTimes, Surroundings
from claims.identity import Bsn
from simulators.gateway import Gateway
from simulators.organisations import Simulation
from sources.deadline import Deadline
from sources.directory import SourceDirectory
from sources.gather import GatherTimes
from sources.ports import SourcePorts
from tests.integration.sources.gateways import GatewayTown, listening, upstream
from tests.support.audit import Logbook, make_logbook, rows_of
from tests.support.collector import spans_seen
from tests.support.databases import migrated_sqlite
from tests.support.hunt import hunt_for
from tests.support.log_lines import logged
from tests.support.waiting import PATIENCE_S

BSN = "111111110"
SOURCES = {"zonnedael-belastingen": "", "waterschap-zonnedelta": "/fcid"}  # and where it answers
FORM = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-01")


@pytest.fixture(autouse=True)
def outside_a_request() -> None:
    """Another test of this process may have been within one, and a collection belongs to the trace of its request."""
    structlog.contextvars.clear_contextvars()


@pytest.fixture
def book(tmp_path: Path) -> Logbook:
    return make_logbook(open_database(migrated_sqlite(tmp_path / "trace.sqlite3")), tmp_path)


@contextmanager
def tapped(simulation: Simulation, folder: Path) -> Iterator[tuple[SourceDirectory, list[Gateway]]]:
    """Two sources of different protocols, each behind something that remembers every header."""
    gateways = [Gateway(upstream(simulation, name), transaction_header="X-Request-Id") for name in SOURCES]
    with listening(gateways[0], simulation) as first, listening(gateways[1], simulation) as second:
        changes = {"transaction_header": "X-Request-Id"}
        servers = zip(SOURCES.items(), gateways, (first, second), strict=True)
        configs = [
            GatewayTown(simulation, folder, gateway, server.port, path, changes).config(name)
            for (name, path), gateway, server in servers
        ]
        yield SourceDirectory(configs, SourcePorts(SystemClock())), gateways


def collections(directory: SourceDirectory, book: Logbook) -> Collections:
    """Gathers before `start` returns."""
    store = SqlCollectionStore(book.database, KeyRing.parse(new_key_line("one")))
    around = Surroundings(SystemClock(), book.audit, lambda task: task())
    return Collections(store, directory.current, CollectionTimes(GatherTimes(PATIENCE_S, PATIENCE_S)), around)


def asked(book: Logbook) -> list[AuditEntry]:
    return [entry for entry in rows_of(book) if entry.event is Event.SOURCE_ASKED]


@pytest.mark.threat("T-24")
def test_each_question_carries_the_trace_of_its_row_and_nothing_of_the_citizen(
    simulation: Simulation, book: Logbook, tmp_path: Path
) -> None:
    with tapped(simulation, tmp_path) as (directory, gateways):
        gathering = collections(directory, book)
        for owner in ("first", "second"):
            view = gathering.view(gathering.start(owner, DataSubject(Bsn(BSN))), owner)
            assert view is not None
            assert view.overview.all_answered
    seen = [headers for gateway in gateways for headers in gateway.seen]
    found = [FORM.fullmatch(headers["traceparent"]) for headers in seen]
    stated = [(one[1], one[2]) for one in found if one]
    assert len(stated) == 4
    assert sorted(stated) == sorted((entry.trace.trace_id, entry.trace.span_id) for entry in asked(book))
    assert len({trace for trace, _ in stated}) == 2, "another one for each collection of the same person"
    assert len({span for _, span in stated}) == 4
    assert hunt_for([BSN]).find(repr(seen).encode()) == []
    pseudonyms = {one.value[:16] for one in book.pseudonyms.each_of_citizen(Bsn(BSN))}
    assert not [value for headers in seen for value in headers.values() if value[:16] in pseudonyms]


@pytest.mark.threat("T-24")
def test_each_question_is_a_span_of_which_the_source_gets_the_id(
    simulation: Simulation, book: Logbook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen by a real collector: the gathering and its questions, under the ids of the audit log and of `traceparent`."""
    with (
        tapped(simulation, tmp_path) as (directory, gateways),
        spans_seen(monkeypatch) as spans,
        logged("INFO") as lines,
    ):
        collections(directory, book).start("me", DataSubject(Bsn(BSN)))
        sent = spans()
        (gathering,) = [one for one in sent if one.name == "gather"]
        asked = [one for one in sent if one.name == "ask source"]
        written = [line for line in lines() if line["event"] == "source_asked"]
    headers = [FORM.fullmatch(headers["traceparent"]) for gateway in gateways for headers in gateway.seen]
    assert sorted((one.trace, one.span) for one in asked) == sorted(
        (one[1], one[2]) for one in headers if one
    )
    assert {(one.trace, one.parent, one.kind) for one in asked} == {
        (gathering.trace, gathering.span, "client")
    }
    assert {str(one.attributes["blauwe_knop.source"]) for one in asked} == set(SOURCES)
    assert {one.attributes["blauwe_knop.outcome"] for one in asked} == {"answered"}
    assert gathering.attributes == {"blauwe_knop.sources": 2}
    assert {line["outcome"] for line in written} == {"answered"}, "never whether there were debts"
    assert hunt_for([BSN]).find(repr(sent).encode()) == []


def test_outside_a_collection_nothing_is_added(simulation: Simulation, tmp_path: Path) -> None:
    """As for a list of organisations, which is about nobody."""
    with tapped(simulation, tmp_path) as (directory, gateways):
        source = directory.current()[0]
        source.ask(Bsn(BSN), Deadline.after(PATIENCE_S))
    assert "traceparent" not in gateways[0].seen[-1]
