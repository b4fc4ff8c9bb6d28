"""A real audit log on SQLite: real rows, real pseudonyms, a real seal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from sqlalchemy import text

from app.bootstrap_audit import head_reader
from app.persistence.audit_log import SqlAuditLog
from app.persistence.audit_pseudonyms import FilePseudonyms
from app.persistence.cipher import new_key_line
from app.persistence.engine import Database, open_database
from app.ports.audit import ActorKind, AuditEntry, Event, Origin
from app.services.audit import Audit, Fact
from app.services.audit_check import AuditReport, Read, check
from app.services.audit_keeping import AuditKeeper
from claims.identity import Bsn
from signing.sealing.jws import JsonSeal
from tests.support.clock import FrozenClock
from tests.support.databases import migrated_sqlite
from tests.support.seals import Town

ANNA = Bsn("999993549")
BRAM = Bsn("111111110")


@cache
def town() -> Town:
    """One authority for all logs of a test run."""
    return Town.create()


def reader() -> Read:
    (trusted,) = town().policy.organisations
    return head_reader(town().policy, trusted.organization_identifier, lambda _key_id: None)


def a_seal() -> JsonSeal:
    return JsonSeal(town().key)


@dataclass
class Logbook:
    """`keeper` seals and purges; `clock` is that of every row."""

    database: Database
    log: SqlAuditLog
    pseudonyms: FilePseudonyms
    ring_file: Path
    clock: FrozenClock
    audit: Audit
    keeper: AuditKeeper

    def log_in(self, *citizens: Bsn) -> None:
        """One row each."""
        for citizen in citizens:
            self.audit.write(Fact(event=Event.LOGGED_IN, actor=ActorKind.CITIZEN, citizen=citizen))

    def check(self) -> AuditReport:
        with self.log.view() as view:
            return check(view, reader(), self.clock.now())

    def tamper(self, *statements: str) -> None:
        """As whoever owns the tables can: the triggers go first."""
        with self.database.write() as connection:
            for trigger in ("audit_log_keep", "audit_log_hold"):
                connection.execute(text(f"DROP TRIGGER IF EXISTS {trigger}{self._on_table()}"))
            for statement in statements:
                connection.execute(text(statement))

    def _on_table(self) -> str:
        return " ON audit_log" if self.database.engine.dialect.name == "postgresql" else ""


def make_logbook(
    database: Database, folder: Path, clock: FrozenClock | None = None, ring: Path | None = None
) -> Logbook:
    """The log of a database that has its tables already; `ring` None: a key file in `folder`."""
    ring = ring or folder / "pseudonym-keys"
    if not ring.exists():
        ring.write_text(new_key_line("first"))
    at = clock or FrozenClock(datetime.now(UTC))
    log, pseudonyms = SqlAuditLog(database), FilePseudonyms(ring)
    audit = Audit(log, pseudonyms, at, Origin.SITE)
    keeper = AuditKeeper(log, audit, a_seal, reader())
    return Logbook(database, log, pseudonyms, ring, at, audit, keeper)


def new_logbook(folder: Path, clock: FrozenClock | None = None) -> Logbook:
    """A log on SQLite in a folder; the one that is there already, when there is one."""
    file = folder / "audit.sqlite3"
    url = f"sqlite:///{file}" if file.exists() else migrated_sqlite(file)
    return make_logbook(open_database(url), folder, clock)


def rows_of(book: Logbook) -> list[AuditEntry]:
    """What stands in the log, in order."""
    with book.log.view() as view:
        return [row.entry for row in view.rows() if row.entry is not None]


def words_of(book: Logbook) -> list[tuple[str, str, str]]:
    """Of each row: event, object, detail."""
    return [(str(entry.event), entry.object, entry.detail) for entry in rows_of(book)]


def deeds_in(url: str) -> list[tuple[str, str, str, str]]:
    """Of each row in a database: event, object, detail, result."""
    database = open_database(url)
    with SqlAuditLog(database).view() as view:
        entries = [row.entry for row in view.rows() if row.entry is not None]
    database.close()
    return [(str(entry.event), entry.object, entry.detail, str(entry.result)) for entry in entries]


def refuse_rows(book: Logbook) -> None:
    """From now on the database takes no row of the log any more."""
    with book.database.write() as connection:
        connection.execute(text("ALTER TABLE audit_log RENAME TO audit_log_away"))


def take_rows_again(book: Logbook) -> None:
    """After `refuse_rows`."""
    with book.database.write() as connection:
        connection.execute(text("ALTER TABLE audit_log_away RENAME TO audit_log"))
