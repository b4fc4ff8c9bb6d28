"""A process that appends to the audit log: started by the tests with address, key file and number of rows."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

from app.persistence.audit_log import SqlAuditLog
from app.persistence.audit_pseudonyms import FilePseudonyms
from app.persistence.engine import open_database
from app.ports.audit import ActorKind, Event, Origin
from app.ports.clock import SystemClock
from app.services.audit import Audit, Fact
from claims.identity import Bsn

THREADS = 3


def main(url: str, ring_file: str, rows: str) -> None:
    """Three threads, each with so many rows one by one."""
    database = open_database(url)
    audit = Audit(SqlAuditLog(database), FilePseudonyms(Path(ring_file)), SystemClock(), Origin.SITE)
    fact = Fact(event=Event.LOGGED_IN, actor=ActorKind.CITIZEN, citizen=Bsn("999993549"))

    def append() -> None:
        for _ in range(int(rows)):
            audit.write(fact)

    threads = [threading.Thread(target=append) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    database.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
