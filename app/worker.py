"""The program for background work: `blauwe-knop work`."""

from __future__ import annotations

import os

from app.bootstrap import build_worker
from app.memory_dumps import leave_none
from app.observability import configure_logging
from app.services.background import run_due, run_now, stop_on_signals, work
from app.settings import Settings
from app.tracing import start_tracing

FAILED = 1


def run(settings: Settings, *, once: bool) -> int:
    """Run the jobs until SIGTERM or SIGINT, or once; the exit code tells whether a job failed when run once."""
    leave_none()
    configure_logging(settings.log_level)
    start_tracing(os.environ)
    jobs, ledger, clock = build_worker(settings)
    if once:
        return 0 if run_due(jobs, ledger, clock) else FAILED
    work(jobs, ledger, clock, stop_on_signals())
    return 0


def purge(settings: Settings) -> int:
    """Delete now whatever has been kept long enough; what the worker is deleting at this moment is left to it."""
    configure_logging(settings.log_level)
    jobs, ledger, clock = build_worker(settings)
    return 0 if run_now([job for job in jobs if job.name.startswith("purge_")], ledger, clock) else FAILED
