"""A process in the middle of adding to the audit log, for tests with a machine that is about to vanish."""

from __future__ import annotations

import signal

from app.bootstrap import open_storage
from app.persistence.audit_log import LOCK
from app.persistence.engine import lock_name
from app.settings import load_settings

if __name__ == "__main__":
    storage = open_storage(load_settings(allow_loopback_http=True))
    with storage.database.write() as connection:
        lock_name(connection, LOCK)
        print("holds it", flush=True)
        signal.pause()
