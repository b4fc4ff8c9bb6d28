"""Background work: jobs that any number of processes may offer to run; leases in the database let one do it."""

from __future__ import annotations

import secrets
import signal
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import FrameType

import structlog
from structlog.contextvars import bound_contextvars

from app.ports.clock import CLOCKS_MAY_DIFFER, Clock, clocks_apart
from app.ports.collections import CollectionStore
from app.ports.jobs import JobLedger, JobState, Lease
from app.ports.storage import StorageUnavailable
from app.services.heartbeat import LEASE, renewed
from app.tracing import new_trace_id
from sources.spans import Fact, Ids, span

_log = structlog.stdlib.get_logger(__name__)
LOOK_EVERY_S = 15.0


@dataclass(frozen=True, slots=True)
class Job:
    """`run` gets the moment now, must be safe to run twice (also at once, when a worker stood still for longer than its lease),
    and returns how many things it handled."""

    name: str
    every: timedelta
    run: Callable[[datetime], int]


def standard_jobs(
    purge_sessions: Callable[[datetime], int], collections: CollectionStore, absolute: timedelta
) -> tuple[Job, ...]:
    """What every installation needs: nothing about a citizen stays longer than a session can last, which is `absolute`."""
    return (
        Job("purge_sessions", timedelta(minutes=1), purge_sessions),
        Job("purge_collections", timedelta(minutes=1), lambda now: collections.purge(now - absolute)),
    )


def stop_on_signals() -> threading.Event:
    """An event that SIGTERM and SIGINT set; the job that is running ends first. For the main thread only."""
    stop = threading.Event()

    def set_stop(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, set_stop)
    signal.signal(signal.SIGINT, set_stop)
    return stop


def work(jobs: Sequence[Job], ledger: JobLedger, clock: Clock, stop: threading.Event) -> None:
    """Run due jobs until `stop` is set. A database that is away for a while is waited for."""
    _log.info("worker started", jobs=[job.name for job in jobs])
    while not stop.is_set():
        run_due(jobs, ledger, clock, stop)
        stop.wait(LOOK_EVERY_S)
    _log.info("worker stopped")


def run_due(
    jobs: Sequence[Job], ledger: JobLedger, clock: Clock, stop: threading.Event | None = None
) -> bool:
    """Run every job that is due and free, once. False when one failed."""
    results = [_offer(job, ledger, clock) for job in jobs if stop is None or not stop.is_set()]
    return all(results)


def run_now(jobs: Sequence[Job], ledger: JobLedger, clock: Clock) -> bool:
    """Run every job that is free, due or not. False when one failed; one that somebody else runs now is left to them."""
    results = [_offer(replace(job, every=timedelta(0)), ledger, clock) for job in jobs]
    return all(results)


def overdue(jobs: Sequence[Job], states: Sequence[JobState], now: datetime) -> tuple[str, ...]:
    """Names of jobs that did not succeed within ten of their periods: for health."""
    succeeded = {state.name: state.succeeded_at for state in states}
    return tuple(job.name for job in jobs if not _is_recent(succeeded.get(job.name), now - 10 * job.every))


def _is_recent(moment: datetime | None, since: datetime) -> bool:
    return moment is not None and moment >= since


def _offer(job: Job, ledger: JobLedger, clock: Clock) -> bool:
    """True: done, or not ours to do now."""
    try:
        if not _has_right_time(clock, ledger):
            return False
        now = clock.now()  # not before: a database that stood still may have kept us for minutes
        lease = Lease(job.name, secrets.token_hex(16), now, now + LEASE)
        if not ledger.acquire(lease, now - job.every):
            return True
        return _run(job, lease, ledger, clock)
    except StorageUnavailable as error:
        _log.warning("database unavailable", job=job.name, kind=str(error))
        return False


def _has_right_time(clock: Clock, ledger: JobLedger) -> bool:
    """What has had its time is deleted by our clock, rows of the audit log too: with a wrong one nothing is done."""
    apart = clocks_apart(ledger.moment, clock)
    if abs(apart) <= CLOCKS_MAY_DIFFER:
        return True
    _log.error("clock_differs_from_database", seconds=round(apart.total_seconds()))
    return False


def _run(job: Job, lease: Lease, ledger: JobLedger, clock: Clock) -> bool:
    with bound_contextvars(trace_id=(trace_id := new_trace_id())):
        return _run_traced(job, lease, (ledger, clock), trace_id)


def _run_traced(job: Job, lease: Lease, around: tuple[JobLedger, Clock], trace_id: str) -> bool:
    ledger, clock = around
    try:
        with span("job", ids=Ids(trace_id, secrets.token_hex(8))) as one:
            one.note(Fact.JOB, job.name)
            with renewed(lease, ledger, clock):
                handled = job.run(lease.at)
            one.note(Fact.HANDLED, handled)
    except Exception as error:  # noqa: BLE001 -- one broken job must not stop the others
        _log.error("job failed", job=job.name, exc_info=error)
        ledger.failed(lease, clock.now())
        return False
    ledger.succeeded(lease, clock.now())
    _log.info("job done", job=job.name, handled=handled)
    return True
