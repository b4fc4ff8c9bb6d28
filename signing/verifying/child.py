"""The examining child process: `python -m signing.verifying.child`. Limits itself first, then reads the file.

It inherits no environment and no open files but its three pipes. Its error output is thrown away by the parent:
libraries may put parts of the file there.
"""

import gc
import logging
import resource
import sys
from datetime import UTC, datetime

from signing.report import SealReport
from signing.verifying.examination import examine_here, not_sealed, unexamined
from signing.verifying.pdf_file import OverLimits
from signing.verifying.wire import READY, Job, read_job, write_report

_MAX_JOB_LINE = 64 * 1024 * 1024
_OPEN_FILES = 16


def main() -> None:
    """Do one job."""
    logging.disable(logging.CRITICAL)
    job = read_job(sys.stdin.buffer.readline(_MAX_JOB_LINE))
    _limit(job)
    _say(READY)
    data = sys.stdin.buffer.read(job.size)
    _say(write_report(_examine(job, data)))


def _limit(job: Job) -> None:
    """No more memory, processor time, files or core dumps than allowed; the limits cannot be raised again.

    Processor time is counted from the start of the process, so the time that the imports took is added.
    """
    used = resource.getrusage(resource.RUSAGE_SELF)
    cpu = job.limits.cpu_seconds_for(job.size) + int(used.ru_utime + used.ru_stime) + 1
    resource.setrlimit(resource.RLIMIT_AS, (job.limits.memory_bytes, job.limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_OPEN_FILES, _OPEN_FILES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _examine(job: Job, data: bytes) -> SealReport:
    try:
        return examine_here(data, job.policy, datetime.now(UTC))
    except (MemoryError, OverLimits, RecursionError):
        gc.collect()
        return not_sealed(data, "reading it would take more than we allow")
    except Exception:  # noqa: BLE001 -- a fault of our own must be said, in words that hold nothing of the file
        return unexamined(data, "our examiner failed on this file")


def _say(line: bytes) -> None:
    sys.stdout.buffer.write(line)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
