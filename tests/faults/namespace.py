"""Namespaces of one's own, of mounts and processes: the small disk of the database is there for us alone, and whatever ends
us, even SIGKILL, takes every process and every mount along. The kernel does that; no tidying up of ours has to run for it.

Outside stays a guard that passes signals on. `unshare` dies with it, and with `unshare` the first process inside. That one
starts the bench and buries those for whom nobody waits: children of programs that were killed.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Collection, Sequence
from types import FrameType

from tests.support.process_tree import children_of

_INSIDE = "BLAUWE_KNOP_FAULTS_INSIDE"


def enter_own_namespaces(arguments: Sequence[str]) -> None:
    """Returns inside only; outside it starts this program anew inside and ends with its exit code. Who is not root gets a
    namespace of users too, as himself."""
    if os.environ.get(_INSIDE):
        return
    as_myself = [] if os.geteuid() == 0 else ["--user", "--map-current-user", "--keep-caps"]
    inside = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", *as_myself]
    command = ["setpriv", "--pdeathsig", "KILL", *inside, *_program("tests.faults.namespace", arguments)]
    own = {**os.environ, _INSIDE: "1"}
    # A session of its own: Ctrl-C comes to us alone, and inside only once.
    with subprocess.Popen(command, env=own, start_new_session=True) as process:
        _pass_on(lambda: children_of(frozenset({process.pid})))
        sys.exit(process.wait())


def _program(module: str, arguments: Sequence[str]) -> list[str]:
    return [sys.executable, "-m", module, *arguments]


def _pass_on(to: Callable[[], Collection[int]]) -> None:
    def tell(_number: int, _frame: FrameType | None) -> None:
        for pid in to():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, tell)


def _first_process(arguments: Sequence[str]) -> int:
    """The exit code of the bench. What is left when it ends is killed by the kernel, as this is the first process."""
    bench = subprocess.Popen(_program("tests.faults", arguments))
    _pass_on(lambda: {bench.pid})
    while True:
        pid, status = os.wait()
        if pid == bench.pid:
            bench.returncode = os.waitstatus_to_exitcode(status)
            return bench.returncode


if __name__ == "__main__":
    sys.exit(_first_process(sys.argv[1:]))
