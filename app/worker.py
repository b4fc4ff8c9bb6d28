"""The program for background work: `blauwe-knop work`."""

from __future__ import annotations

from app.bootstrap import open_storage
from app.observability import configure_logging
from app.ports.clock import SystemClock
from app.services.background import run_due, standard_jobs, stop_on_signals, work
from app.settings import Settings

FAILED = 1


def run(settings: Settings, *, once: bool) -> int:
    """Run the jobs until SIGTERM or SIGINT, or once; the exit code tells whether a job failed when run once."""
    configure_logging(settings.log_level)
    storage, clock, limits = open_storage(settings), SystemClock(), settings.sessions.limits
    jobs = standard_jobs(storage.sessions, storage.collections, limits.idle, limits.absolute)
    if once:
        return 0 if run_due(jobs, storage.ledger, clock) else FAILED
    work(jobs, storage.ledger, clock, stop_on_signals())
    return 0
