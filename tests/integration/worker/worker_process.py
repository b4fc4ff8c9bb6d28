"""The background worker as a program: one slow job, and one that shows that the slow one was offered."""

from __future__ import annotations

import sys
import time
from datetime import datetime, timedelta

from app.persistence.engine import open_database
from app.persistence.jobs import SqlJobLedger
from app.ports.clock import SystemClock
from app.services.background import Job, stop_on_signals, work


def slow(_now: datetime) -> int:
    """Long enough to be told to stop, or to be killed, in the middle."""
    print("running", flush=True)
    time.sleep(float(sys.argv[2]))
    return 1


def look(_now: datetime) -> int:
    print("looked", flush=True)
    return 0


if __name__ == "__main__":
    ledger = SqlJobLedger(open_database(sys.argv[1]))
    jobs = [Job("slow", timedelta(hours=1), slow), Job("look", timedelta(0), look)]
    work(jobs, ledger, SystemClock(), stop_on_signals())
    print("ended", flush=True)
