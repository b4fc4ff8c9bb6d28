"""Examine unverified files in child processes with limits, so that no file can hurt the service.

Children are forked ahead by a server that has loaded the libraries; each reads one file and ends (`fork_server`).

Every call gives a definite report:
- the child could not start, was killed from outside, or our machine had no time for it: UNEXAMINED (our fault);
- the child used up its memory or processor time, or crashed while it read the file: NOT_SEALED. A sealed overview
  never does that; it is small and simple.
"""

import logging
import signal
import threading
from dataclasses import replace

from signing.policy import TrustPolicy
from signing.report import Check, CheckId, Outcome, SealReport
from signing.verifying.confinement import Confinement
from signing.verifying.look import kind_of
from signing.verifying.pool import Ending, NotExamined, Pool
from signing.verifying.wire import DEFAULT, READY, Job, Limits, read_report, write_job
from signing.verifying.without_look import not_sealed, unexamined

__all__ = ["DEFAULT", "Limits", "examine", "start"]

_log = logging.getLogger(__name__)
_pool = Pool()
_AT_ONCE = 2
_IN_LINE = (
    4  # with those that wait: half of the threads of a worker process, so that the other pages stay there
)
_WAIT_FOR_TURN = 10.0
_turns = threading.BoundedSemaphore(_AT_ONCE)
_line = threading.BoundedSemaphore(_IN_LINE)


def start() -> None:
    """Start the pool of this process, which does not wait for it: the first file finds it ready. Without this call the
    first file starts it."""
    try:
        _pool.start()
    except OSError:
        _log.exception("the fork server of the examiner cannot be started")


def examine(data: bytes, policy: TrustPolicy, limits: Limits = DEFAULT) -> SealReport:
    """The report about any bytes at all, by this machine's clock. Takes seconds at most.

    In one process 2 run at once and 2 wait for their turn; who comes then hears at once that it cannot be done now.
    """
    if len(data) > limits.max_bytes:
        return not_sealed(data, "larger than we allow")
    if kind_of(data) is None:
        return not_sealed(data, "neither PDF nor JSON")
    if not _line.acquire(blocking=False):
        return unexamined(data, "too many examinations at once")
    try:
        return _in_turn(data, Job(limits, policy, len(data)))
    finally:
        _line.release()


def _in_turn(data: bytes, job: Job) -> SealReport:
    if not _turns.acquire(timeout=_WAIT_FOR_TURN):
        return unexamined(data, "too many examinations at once")
    try:
        return _in_child(data, job)
    finally:
        _turns.release()


def _in_child(data: bytes, job: Job) -> SealReport:
    try:
        ending = _exchange(write_job(job) + data, job.limits.wall_seconds)
    except TimeoutError:
        return unexamined(data, "our examiner got no time to do its work")
    except NotExamined:
        _log.error("the fork server of the examiner went away")
        return unexamined(data, "our examiner could not start or was stopped")
    except OSError:
        _log.exception("the fork server of the examiner cannot be started")
        return unexamined(data, "our examiner could not start")
    return _with_confinement(_conclude(data, ending), ending.kept_from)


def _with_confinement(report: SealReport, kept_from: Confinement) -> SealReport:
    """The report, with what the kernel did for us: a check of its own, that decides nothing."""
    open_to = [
        what for what, is_kept in (("network", kept_from.network), ("files", kept_from.files)) if not is_kept
    ]
    outcome = Outcome.NOT_DONE if open_to else Outcome.OK
    reason = "the kernel kept the process that read the file from network and files"
    if open_to:
        reason = f"the kernel did not keep the process that read the file from: {', '.join(open_to)}"
    others = (one for one in report.checks if one.id is not CheckId.CONFINED)
    return replace(
        report,
        checks=(*others, Check(CheckId.CONFINED, outcome, reason)),
        network_cut_off=kept_from.network,
        files_cut_off=kept_from.files,
    )


def _exchange(message: bytes, seconds: float) -> Ending:
    """Once more when the server was killed while it worked, perhaps by somebody who tidied up: that says nothing about
    the file, and nobody should have to try again for it."""
    try:
        return _pool.exchange(message, seconds)
    except NotExamined:
        return _pool.exchange(message, seconds)


def _conclude(data: bytes, ending: Ending) -> SealReport:
    ready, line, return_code = (
        ending.output.startswith(READY),
        ending.output[len(READY) :],
        ending.return_code,
    )
    if ready and return_code == 0:
        try:
            return read_report(line)
        except (ValueError, KeyError, TypeError):
            _log.error("the examining child process gave no readable report")
            return unexamined(data, "our examiner gave no answer")
    if not ready or -return_code in (signal.SIGKILL, signal.SIGTERM):
        _log.error("the examining child process ended early", extra={"return_code": return_code})
        return unexamined(data, "our examiner could not start or was stopped")
    return not_sealed(data, "reading it would take more than we allow")
