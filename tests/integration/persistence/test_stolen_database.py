"""Whoever steals the database learns nothing about a person."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, select, text

from app.http.rate_limits import Rate, RateLimiter, RateLimits
from app.http.routes import Pace
from app.persistence.audit_log import SqlAuditLog
from app.persistence.audit_pseudonyms import FilePseudonyms
from app.persistence.batch_store import SqlBatchStore
from app.persistence.cipher import KeyRing, new_key_line
from app.persistence.collection_store import SqlCollectionStore
from app.persistence.document_register import SqlDocumentRegister
from app.persistence.engine import Database, open_database
from app.persistence.migrations import upgrade
from app.persistence.rate_counts import SqlRateCounter
from app.persistence.session_store import SqlSessionStore
from app.persistence.tables import counsellor_sessions, metadata, operator_sessions
from app.ports.audit import Origin
from app.ports.clock import SystemClock
from app.ports.collections import Asking, StoredSnapshot
from app.ports.data_subject import DataSubject
from app.ports.register import RegisterEntry
from app.ports.sessions import StoredSession
from app.services import audit_facts
from app.services.audit import Audit
from claims.identity import Bsn
from sources.ports import Delivery
from tests.integration.persistence.outcomes import CENTS, NAME, NOW, REFERENCE, answer, failure, source
from tests.support.clock import FrozenClock
from tests.support.databases import migrated_sqlite
from tests.support.postgres import fresh_database

BSN = "111111110"
NAME_OF_EMPLOYEE, ADDRESS = "Samira Beheer", "192.0.2.77"
SECRETS = [
    NAME_OF_EMPLOYEE,
    ADDRESS,
    BSN,
    NAME,
    REFERENCE,
    "87654,33",
    "87654.33",
    str(CENTS),
    "the-cookie",
    "the-owner",
    "verzonnen",
    "the-employee",
]


def fill(database: Database, keys: KeyRing, ring: Path) -> None:
    """One of everything that is about somebody. `ring` is where the pseudonym keys are for a moment."""
    employee = StoredSession(f'{{"name": "{NAME_OF_EMPLOYEE}"}}'.encode(), "the-owner", NOW, NOW)
    SqlSessionStore(database, keys, operator_sessions).create("the-cookie", employee)
    SqlSessionStore(database, keys, counsellor_sessions).create("the-cookie", employee)
    rates = RateLimits({Pace.LOG_IN: Rate(5, 300)}, keys.derive("rates"), SqlRateCounter(database))
    RateLimiter(rates, FrozenClock(NOW)).wait_seconds(Pace.LOG_IN, ADDRESS)
    payload = f'{{"bsn": "{BSN}"}}'.encode()
    SqlSessionStore(database, keys).create("the-cookie", StoredSession(payload, "the-owner", NOW, NOW))
    store = SqlCollectionStore(database, keys)
    store.create("collection-id", "the-owner", [source(), source("boetes")], Asking(NOW, NOW))
    store.save_outcomes("collection-id", [(1, answer())])
    store.save_outcomes("collection-id", [(1, failure("boetes"))])
    store.keep_snapshot("collection-id", "the-owner", StoredSnapshot("BK-1", "verzonnen", payload))
    SqlDocumentRegister(database).add(RegisterEntry("BK-1", "ab" * 32, "cd" * 32, NOW, "collection-id"))
    record = (Bsn(BSN), f'{{"naam": "{NAME}", "saldo": {CENTS}, "kenmerk": "{REFERENCE}"}}'.encode())
    delivery = Delivery("ef" * 32, NOW, NOW, 0)
    SqlBatchStore(database, keys).replace("batch", NOW, [record], lambda: delivery)
    ring.write_text(new_key_line("one"))
    audit = Audit(SqlAuditLog(database), FilePseudonyms(ring), SystemClock(), Origin.SITE)
    audit.write(
        audit_facts.logged_in(DataSubject(Bsn(BSN)), "substantial"),
        audit_facts.staff_logged_in("the-employee"),
    )
    ring.unlink()


@pytest.mark.threat("T-23")
def test_no_file_of_the_database_tells_anything_about_a_person(tmp_path: Path) -> None:
    database = open_database(migrated_sqlite(tmp_path / "stolen.sqlite3"))
    fill(database, KeyRing.parse(new_key_line("one")), tmp_path / "ring")
    with database.read():  # a reader keeps the write-ahead log from being emptied: it is stolen too
        database.close()
    assert_tells_nothing(b"".join(file.read_bytes() for file in tmp_path.iterdir()))


@pytest.mark.threat("T-23")
def test_no_row_of_any_table_tells_anything_about_a_person(
    database: Database, keys: KeyRing, tmp_path: Path
) -> None:
    """On PostgreSQL too."""
    fill(database, keys, tmp_path / "ring")
    with database.read() as connection:
        rows = [row for table in metadata.sorted_tables for row in connection.execute(select(table)).all()]
    values = [value for row in rows for value in row]
    assert_tells_nothing(b"\n".join(one if isinstance(one, bytes) else str(one).encode() for one in values))


@pytest.mark.threat("T-23")
def test_no_file_of_a_postgresql_server_tells_anything_about_a_person(
    postgres_uri: str, keys: KeyRing, tmp_path: Path
) -> None:
    """Its tables, indexes and write-ahead log: while all is there, and after all was deleted."""
    url = fresh_database(postgres_uri)
    upgrade(url)
    database = open_database(url)
    fill(database, keys, tmp_path / "ring")
    assert_tells_nothing(server_files(url))
    SqlSessionStore(database, keys).end_all()
    SqlSessionStore(database, keys, operator_sessions).end_all()
    SqlSessionStore(database, keys, counsellor_sessions).end_all()
    SqlBatchStore(database, keys).purge(NOW + timedelta(days=4000))
    database.close()
    assert_tells_nothing(server_files(url))


def server_files(url: str) -> bytes:
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("CHECKPOINT"))
        folder = Path(connection.execute(text("SHOW data_directory")).scalar_one())
        number = connection.execute(
            text("SELECT oid FROM pg_database WHERE datname = current_database()")
        ).scalar_one()
    engine.dispose()
    files = [*(folder / "base" / str(number)).iterdir(), *(folder / "pg_wal").iterdir()]
    return b"".join(file.read_bytes() for file in files if file.is_file())


def assert_tells_nothing(stolen: bytes) -> None:
    assert b"collection-id" in stolen  # the search finds what is there in plain
    assert b"ef" * 32 in stolen
    assert [secret for secret in SECRETS if secret.encode() in stolen] == []
