"""Looking up a printed overview: what is kept when it is made, and what its code tells later."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from app.documents.json import write_payload
from app.persistence.document_register import SqlDocumentRegister
from app.persistence.engine import open_database
from app.persistence.paper_store import SqlPaperStore, paper_vault
from app.ports.paper import SourceCounts
from app.ports.register import KeyRevocation, RegisterEntry
from app.ports.snapshot import Snapshot
from app.ports.storage import StorageUnavailable
from app.services.paper import Paper, PaperFinding
from app.services.register_digest import is_registered_as, register_digest
from claims.overview import Overview
from signing.control_code import control_code
from tests.support.audit import Logbook, make_logbook, refuse_rows, rows_of, take_rows_again
from tests.support.clock import FrozenClock
from tests.support.databases import migrated_sqlite
from tests.support.snapshots import BSN, ISSUER, NOW, full_outcomes, partial_outcomes

DAYS = 30


@dataclass
class Hall:
    """Hands out printed overviews and looks them up."""

    paper: Paper
    register: SqlDocumentRegister
    book: Logbook
    clock: FrozenClock

    def printed(self, snapshot: Snapshot, collection: str = "") -> str:
        """The code on its pages; overviews of one collection replace each other."""
        payload = write_payload(snapshot)
        entry = RegisterEntry(
            snapshot.number,
            register_digest(payload, hides_code=True),
            "key",
            snapshot.made_at,
            collection or snapshot.number,
        )
        self.register.add(entry)
        self.paper.keep(snapshot, payload)
        return control_code(payload)


def snapshot(number: int = 1) -> Snapshot:
    made_at = NOW + timedelta(minutes=number)
    overview = Overview(NOW, full_outcomes())
    return Snapshot(f"BK-2026-{number:010}", os.urandom(16).hex(), made_at, BSN, overview, ISSUER)


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Hall:
    folder: Path = tmp_path_factory.mktemp("paper")
    database = open_database(migrated_sqlite(folder / "paper.sqlite3"))
    clock, book = FrozenClock(NOW), make_logbook(database, folder)
    register, store = SqlDocumentRegister(database), SqlPaperStore(database, paper_vault(os.urandom(32)))
    return Hall(Paper(store, register, book.pseudonyms, (clock, book.audit), DAYS), register, book, clock)


def test_the_code_gives_what_stands_on_the_pages(hall: Hall) -> None:
    made = snapshot(1)
    answer = hall.paper.look(hall.printed(made).lower().replace("-", " "))
    assert answer.finding is PaperFinding.FOUND
    assert answer.facts is not None
    facts, overview = answer.facts, made.overview
    assert (facts.number, facts.made_at) == (made.number, made.made_at)
    assert (facts.claim_count, facts.balance) == (len(overview.claims), overview.balance)
    assert facts.organisation == ISSUER.organisation.name
    assert facts.sources.full == facts.sources.asked > 0


@pytest.mark.threat("T-03")
def test_a_source_without_answer_is_counted_and_the_total_is_at_least(hall: Hall) -> None:
    made = replace(snapshot(2), overview=Overview(NOW, partial_outcomes()))
    facts = hall.paper.look(hall.printed(made)).facts
    assert facts is not None
    assert facts.balance.is_at_least
    assert isinstance(facts.sources, SourceCounts)
    assert facts.sources.full < facts.sources.asked
    assert facts.sources.not_connected == len(made.overview.not_connected) > 0


@pytest.mark.threat("T-47")
def test_the_citizen_sees_that_somebody_looked_and_nothing_is_told_before_that_is_written(hall: Hall) -> None:
    code = hall.printed(snapshot(3))
    hall.paper.look(code)
    last = rows_of(hall.book)[-1]
    assert (str(last.event), last.object, last.detail) == ("paper_looked_up", snapshot(3).number, "found")
    assert last.subject == hall.book.pseudonyms.of_citizen(BSN).value
    refuse_rows(hall.book)
    with pytest.raises(StorageUnavailable):
        hall.paper.look(code)
    take_rows_again(hall.book)


def test_what_no_code_can_be_and_what_nobody_knows_leave_no_trace(hall: Hall) -> None:
    before = len(rows_of(hall.book))
    assert hall.paper.look("3F7K-9QWE").finding is PaperFinding.NOT_A_CODE
    assert hall.paper.look("BK-2026-0000000001").finding is PaperFinding.NUMBER
    assert hall.paper.look("bs 2026 0000000001").finding is PaperFinding.NUMBER
    assert hall.paper.look("0000-0000-0000-0000").finding is PaperFinding.UNKNOWN
    assert len(rows_of(hall.book)) == before


@pytest.mark.threat("T-22")
def test_a_document_that_was_revoked_says_so(hall: Hall) -> None:
    made = snapshot(4)
    code = hall.printed(made)
    hall.register.revoke(made.number, NOW, "Fout in de bron")
    answer = hall.paper.look(code)
    assert (answer.finding, answer.revoked_at, answer.revoked_reason) == (
        PaperFinding.REVOKED,
        NOW,
        "Fout in de bron",
    )
    assert not answer.is_key_revoked


def test_a_document_that_was_replaced_says_by_which(hall: Hall) -> None:
    older = snapshot(5)
    code = hall.printed(older, "same")
    newer = snapshot(6)
    hall.printed(newer, "same")
    answer = hall.paper.look(code)
    assert (answer.finding, answer.newer_number) == (PaperFinding.SUPERSEDED, newer.number)


def test_after_its_days_the_facts_are_gone_and_the_code_is_still_known_as_too_old(hall: Hall) -> None:
    made = snapshot(7)
    code = hall.printed(made)
    until_then = (made.made_at + timedelta(days=DAYS) - hall.clock.now()).total_seconds()
    hall.clock.advance(until_then - 1)
    assert hall.paper.look(code).finding is PaperFinding.FOUND
    hall.clock.advance(1)
    assert hall.paper.look(code).finding is PaperFinding.EXPIRED


@pytest.mark.threat("T-22")
def test_paper_under_a_key_that_was_revoked_is_worth_nothing(hall: Hall) -> None:
    code = hall.printed(snapshot(8))
    hall.register.revoke_key(KeyRevocation("key", NOW + timedelta(days=9), "kwijt", NOW))
    answer = hall.paper.look(code)
    assert answer.finding is PaperFinding.REVOKED
    assert answer.is_key_revoked


@pytest.mark.threat("T-47")
def test_the_register_does_not_hold_the_code(hall: Hall) -> None:
    """The first 80 bits of the plain digest are the code."""
    payload = write_payload(snapshot(9))
    plain = hashlib.sha256(payload).hexdigest()
    hidden = register_digest(payload, hides_code=True)
    assert hidden[:20] != plain[:20] == register_digest(payload, hides_code=False)[:20]
    assert is_registered_as(payload, hidden)
    assert is_registered_as(payload, plain)  # of before paper was switched on
    assert not is_registered_as(payload + b" ", hidden)
