"""A counsellor's desk with real keys, a real database and real files of two organisations."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path

from app.documents import json as record
from app.documents.json import write_payload
from app.persistence.desk_store import SqlDeskStore
from app.persistence.document_register import SqlDocumentRegister
from app.persistence.engine import Database, open_database
from app.ports.clock import SystemClock
from app.ports.register import RegisterEntry
from app.ports.snapshot import Issuer, Snapshot
from app.services.desk import CounsellorsDesk
from app.services.issue import Sealing
from app.services.merge import MergeFiles, NamedFile
from app.services.summaries import Summaries
from app.services.verify import Verify
from claims.identity import Bsn
from claims.money import Money
from claims.organisation import Organisation
from claims.outcome import SourceAnswer, SourceFailure, SourceOutcome
from claims.overview import Overview
from signing.policy import TrustPolicy
from signing.report import SealReport
from signing.sealing.jws import JsonSeal
from signing.sealing.pdf import PdfSeal
from signing.sealing.seals import PdfSeals
from signing.verifying.examination import examine_here
from simulators.authority import DEMO_IDENTIFIER
from tests.support.audit import Logbook, make_logbook
from tests.support.databases import migrated_sqlite
from tests.support.seals import NAME, Town, now
from tests.support.snapshots import BSN, full_outcomes

OTHER_NAME, OTHER_IDENTIFIER = "Gemeente Elders", "NTRNL-90000002"


@dataclass
class Counter:
    """A desk at the organisation `town`, that trusts `other` too."""

    town: Town
    other: Town
    database: Database
    book: Logbook
    opened_at: datetime = field(default_factory=now)

    @cached_property
    def policy(self) -> TrustPolicy:
        (own,), (foreign,) = self.town.policy.organisations, self.other.policy.organisations
        return TrustPolicy(
            frozenset({own, replace(foreign, name=OTHER_NAME, organization_identifier=OTHER_IDENTIFIER)})
        )

    def examine(self, data: bytes) -> SealReport:
        return examine_here(data, self.policy, datetime.now(UTC))

    @property
    def register(self) -> SqlDocumentRegister:
        return SqlDocumentRegister(self.database)

    def verify(self) -> Verify:
        return Verify(self.examine, self.register, DEMO_IDENTIFIER, self.book.audit)

    def sealing(self) -> Sealing:
        issuer = Issuer(Organisation(NAME), DEMO_IDENTIFIER, "https://schulden.example/controleren")
        key = self.town.key
        return Sealing(issuer, PdfSeals(PdfSeal(key)), JsonSeal(key), self.examine)

    def desk(self) -> CounsellorsDesk:
        clock = SystemClock()
        summaries = Summaries(self.sealing, self.register, clock, self.book.audit)
        return CounsellorsDesk(MergeFiles(self.verify()), summaries, SqlDeskStore(self.database), clock)

    def own_file(
        self, name: str, number: int, outcomes: Sequence[SourceOutcome], bsn: Bsn = BSN
    ) -> NamedFile:
        """A sealed JSON of ours, in the register."""
        payload = payload_of(number, outcomes, bsn, self.opened_at)
        made_at = record.read_payload(payload).made_at
        digest = hashlib.sha256(payload).hexdigest()
        self.register.add(RegisterEntry(number_of(number), digest, "key", made_at, f"collection {number}"))
        return NamedFile(name, JsonSeal(self.town.key).seal(payload, made_at))

    def foreign_file(self, name: str, number: int, outcomes: Sequence[SourceOutcome]) -> NamedFile:
        """A sealed JSON of the other organisation."""
        payload = payload_of(number, outcomes, BSN, self.opened_at)
        made_at = record.read_payload(payload).made_at
        return NamedFile(name, JsonSeal(self.other.key).seal(payload, made_at))


def make_counter(folder: Path) -> Counter:
    """A fresh one."""
    database = open_database(migrated_sqlite(folder / "desk.sqlite3"))
    other = Town.create()
    seal = other.authority.issue_seal(OTHER_NAME, OTHER_IDENTIFIER)
    return Counter(Town.create(), replace(other, identity=seal), database, make_logbook(database, folder))


def number_of(number: int) -> str:
    return f"BK-2026-{number:010}"


def payload_of(number: int, outcomes: Sequence[SourceOutcome], bsn: Bsn, opened_at: datetime) -> bytes:
    """The higher the number the newer the file: a minute each."""
    made_at = opened_at - timedelta(minutes=31 - number)
    dated = tuple(at(one, made_at) for one in outcomes)
    issuer = Issuer(Organisation(NAME), DEMO_IDENTIFIER, "https://schulden.example/controleren")
    overview = Overview(made_at, dated)
    return write_payload(Snapshot(number_of(number), f"{number:032}", made_at, bsn, overview, issuer))


def at(outcome: SourceOutcome, moment: datetime) -> SourceOutcome:
    """The same, said at another moment."""
    if isinstance(outcome, SourceAnswer):
        return replace(outcome, answered_at=moment, basis=replace(outcome.basis, at=moment))
    if isinstance(outcome, SourceFailure):
        return replace(outcome, failed_at=moment)
    return replace(outcome, noted_at=moment)


def paid_off(cents: int) -> tuple[SourceOutcome, ...]:
    """All sources, where the first claim of the first has become lower by so much."""
    first, *rest = full_outcomes()
    assert isinstance(first, SourceAnswer)
    claim, *others = first.claims
    assert claim.amounts.balance is not None
    lower = replace(claim, amounts=replace(claim.amounts, balance=claim.amounts.balance - Money(cents)))
    return (replace(first, claims=(lower, *others)), *rest)


def fourteen(counter: Counter) -> list[NamedFile]:
    """Of two organisations, of fourteen moments, in no order."""
    make: tuple[Callable[[int], NamedFile], ...] = (
        lambda number: counter.own_file(f"overzicht {number}.json", number, paid_off(100 * number)),
        lambda number: counter.foreign_file(f"elders {number}.json", number, full_outcomes()[:2]),
    )
    return [make[number % 2](number) for number in (5, 2, 9, 0, 13, 4, 7, 1, 12, 3, 8, 11, 6, 10)]
