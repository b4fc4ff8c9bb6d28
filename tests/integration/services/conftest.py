"""A town hall that gathers, issues and verifies: real database, real keys, no sources."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.persistence.cipher import KeyRing, new_key_line
from app.persistence.collection_store import SqlCollectionStore
from app.persistence.document_register import SqlDocumentRegister
from app.persistence.engine import Database, open_database
from app.ports.clock import SystemClock
from app.ports.collections import Asking
from app.ports.snapshot import Issuer
from app.services.issue import Issue, Sealing, Wanted
from app.services.verify import Verify
from claims.organisation import Organisation
from claims.outcome import SourceOutcome
from signing.sealing.jws import JsonSeal
from signing.sealing.pdf import PdfSeal
from signing.sealing.seals import PdfSeals
from signing.verifying.sandbox import examine
from simulators.authority import DEMO_IDENTIFIER
from tests.support.audit import Logbook, make_logbook
from tests.support.databases import migrated_sqlite
from tests.support.seals import NAME, Town
from tests.support.snapshots import PERSON

OWNER = "owner"
COLLECTION = "collection"


@dataclass
class TownHall:
    """`issue` and `verify` of one organisation; `store` holds what was gathered."""

    town: Town
    store: SqlCollectionStore
    register: SqlDocumentRegister
    issue: Issue
    book: Logbook

    def gathered(self, outcomes: Sequence[SourceOutcome]) -> None:
        """As if these outcomes had just come in."""
        now = datetime.now(UTC)
        sources = [outcome.source for outcome in outcomes]
        self.store.create(COLLECTION, OWNER, sources, Asking(now, now + timedelta(seconds=30)))
        for outcome in outcomes:
            self.store.save_outcomes(COLLECTION, [(1, outcome)])

    def file(self, format_name: str) -> bytes:
        """A file of the collection as it stands."""
        return self.issue.issue(COLLECTION, OWNER, PERSON, Wanted(format_name)).content

    def verify(self, own_identifier: str = DEMO_IDENTIFIER) -> Verify:
        """The public verify page's use case, with the trust of this moment."""
        return Verify(
            functools.partial(examine, policy=self.town.policy),
            self.register,
            own_identifier,
            self.book.audit,
        )


def new_town_hall(folder: Path) -> TownHall:
    """A fresh one with its own authority and database."""
    database = open_database(migrated_sqlite(folder / "hall.sqlite3"))
    return town_hall(database, folder, Town.create(), KeyRing.parse(new_key_line("one")))


def town_hall(database: Database, folder: Path, town: Town, keys: KeyRing) -> TownHall:
    """On tables that are there; `folder` is where the pseudonym keys are, or come."""
    clock = SystemClock()
    issuer = Issuer(Organisation(NAME), DEMO_IDENTIFIER, "https://schulden.example/controleren")
    sealing = Sealing(issuer, PdfSeals(PdfSeal(town.key)), JsonSeal(town.key), town.examine)
    store = SqlCollectionStore(database, keys)
    register = SqlDocumentRegister(database)
    book = make_logbook(database, folder)
    return TownHall(town, store, register, Issue(store, register, lambda: sealing, (clock, book.audit)), book)


@pytest.fixture
def hall(tmp_path: Path) -> TownHall:
    return new_town_hall(tmp_path)
