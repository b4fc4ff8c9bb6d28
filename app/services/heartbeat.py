"""A worker that is at work renews its lease; one that was killed does not, so that its job is soon free."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import copy_context
from datetime import datetime, timedelta

import structlog

from app.ports.clock import CLOCKS_MAY_DIFFER, Clock
from app.ports.jobs import JobLedger, Lease
from app.ports.storage import StorageUnavailable

_log = structlog.stdlib.get_logger(__name__)
# A worker whose clock is ahead sees less of a lease than was taken, most by one whose clock is behind: a minute is left for it.
LEASE = 2 * CLOCKS_MAY_DIFFER + timedelta(minutes=1)
RENEW_EVERY_S = 15.0
# No job takes this long: one that does hangs, and would keep its job from every other worker.
LONGEST_WORK = timedelta(hours=1)


@contextmanager
def renewed(lease: Lease, ledger: JobLedger, clock: Clock, every_s: float = RENEW_EVERY_S) -> Iterator[None]:
    """While the block runs the lease is renewed every so many seconds; a database that is away then is tried again.
    After `LONGEST_WORK` no more."""
    over = threading.Event()
    threading.Thread(
        target=copy_context().run, args=(_renew_until, over, lease, (ledger, clock, every_s)), daemon=True
    ).start()
    try:
        yield
    finally:
        over.set()


def _renew_until(over: threading.Event, lease: Lease, around: tuple[JobLedger, Clock, float]) -> None:
    ledger, clock, every_s = around
    while not over.wait(every_s):
        now = clock.now()
        if now >= lease.at + LONGEST_WORK:
            _log.error("job hangs", job=lease.job)
            return
        if not _is_kept(lease, ledger, now + LEASE) and not over.is_set():
            _log.warning("job taken over", job=lease.job)
            return


def _is_kept(lease: Lease, ledger: JobLedger, until: datetime) -> bool:
    """A database that is away says nothing about who has the job."""
    try:
        return ledger.renew(lease, until)
    except StorageUnavailable as error:
        _log.warning("database unavailable", job=lease.job, kind=str(error))
        return True
