"""Whoever steals the database learns nothing about a person."""

from pathlib import Path

import pytest

from app.persistence.audit_log import SqlAuditLog
from app.persistence.audit_pseudonyms import FilePseudonyms
from app.persistence.batch_store import SqlBatchStore
from app.persistence.cipher import KeyRing, new_key_line
from app.persistence.collection_store import SqlCollectionStore
from app.persistence.document_register import SqlDocumentRegister
from app.persistence.engine import open_database
from app.persistence.migrations import upgrade
from app.persistence.session_store import SqlSessionStore
from app.ports.audit import Origin
from app.ports.clock import SystemClock
from app.ports.collections import StoredSnapshot
from app.ports.register import RegisterEntry
from app.ports.sessions import StoredSession
from app.services import audit_facts
from app.services.audit import Audit
from claims.identity import Bsn
from sources.ports import Delivery
from tests.integration.persistence.outcomes import CENTS, NAME, NOW, REFERENCE, answer, failure, source

BSN = "111111110"
SECRETS = [
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


def fill(folder: Path, keys: KeyRing) -> None:
    url = f"sqlite:///{folder / 'stolen.sqlite3'}"
    upgrade(url)
    database = open_database(url)
    payload = f'{{"bsn": "{BSN}"}}'.encode()
    SqlSessionStore(database, keys).create("the-cookie", StoredSession(payload, "the-owner", NOW, NOW))
    store = SqlCollectionStore(database, keys)
    store.create("collection-id", "the-owner", [source(), source("boetes")], NOW, NOW)
    store.save_outcome("collection-id", 1, answer())
    store.save_outcome("collection-id", 1, failure("boetes"))
    store.keep_snapshot("collection-id", "the-owner", StoredSnapshot("BK-1", "verzonnen", payload))
    SqlDocumentRegister(database).add(RegisterEntry("BK-1", "ab" * 32, "cd" * 32, NOW, "collection-id"))
    record = (Bsn(BSN), f'{{"naam": "{NAME}", "saldo": {CENTS}, "kenmerk": "{REFERENCE}"}}'.encode())
    delivery = Delivery("ef" * 32, NOW, NOW, 0)
    SqlBatchStore(database, keys).replace("batch", NOW, [record], lambda: delivery)
    ring = folder / "ring"
    ring.write_text(new_key_line("one"))
    audit = Audit(SqlAuditLog(database), FilePseudonyms(ring), SystemClock(), Origin.SITE)
    audit.write(audit_facts.logged_in(Bsn(BSN), "substantial"), audit_facts.staff_logged_in("the-employee"))
    ring.unlink()
    with database.read():  # a reader keeps the write-ahead log from being emptied: it is stolen too
        database.close()


@pytest.mark.threat("T-23")
def test_no_file_of_the_database_tells_anything_about_a_person(tmp_path: Path) -> None:
    fill(tmp_path, KeyRing.parse(new_key_line("one")))
    stolen = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"collection-id" in stolen  # the search finds what is there in plain
    assert b"ef" * 32 in stolen
    assert [secret for secret in SECRETS if secret.encode() in stolen] == []
