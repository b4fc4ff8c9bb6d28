"""What a forked child does: wait until it is given a file, limit itself, read that one file, answer, and end.

Nothing of one person's file can reach the examination of the next: no child ever sees a second one. Its error output
is thrown away: libraries may put parts of the file there.
"""

import gc
import socket
from datetime import UTC, datetime

from signing.report import SealReport
from signing.verifying.confinement import limit
from signing.verifying.examination import examine_here
from signing.verifying.pdf_file import OverLimits
from signing.verifying.wire import READY, Job, read_job, write_report
from signing.verifying.without_look import not_sealed, unexamined

_MAX_JOB_LINE = 64 * 1024 * 1024


def examine_one(work: socket.socket) -> None:
    """Do the one job that comes over this connection."""
    with work.makefile("rb") as stream:
        job = read_job(stream.readline(_MAX_JOB_LINE))
        limit(job.limits.memory_bytes, job.limits.cpu_seconds_for(job.size))
        work.sendall(READY)
        report = _examine(job, stream.read(job.size))
    work.sendall(write_report(report))


def _examine(job: Job, data: bytes) -> SealReport:
    try:
        return examine_here(data, job.policy, datetime.now(UTC))
    except (MemoryError, OverLimits, RecursionError):
        gc.collect()
        return not_sealed(data, "reading it would take more than we allow")
    except Exception:  # noqa: BLE001 -- a fault of our own must be said, in words that hold nothing of the file
        return unexamined(data, "our examiner failed on this file")
