"""The programs of the service as processes that can be killed, paused and given another clock."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from simulators.demo.instance import GUNICORN, WORKER, Instance
from tests.support.process_tree import children_of, descendants_of
from tests.support.visitor import Visitor
from tests.support.waiting import wait_until

_WORKED = (b'"purge_audit_log"', b"clock_differs_from_database", b"database unavailable")
_LIBRARY, READY = "klok.so", 200


def build_clock(folder: Path) -> None:
    """Compile what gives a program another time of day."""
    source = Path(__file__).with_name("clock.c")
    command = ["cc", "-O2", "-Wall", "-Werror", "-shared", "-fPIC", "-o", str(folder / _LIBRARY), str(source)]
    subprocess.run(command, check=True)


@dataclass
class Program:
    """`url`: of a site. `clock_file`: how many seconds the clock of this program and its children is ahead."""

    name: str
    arguments: Sequence[str]
    settings_file: Path
    folder: Path
    url: str | None = None
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    _began_at: int = field(default=0, init=False)

    @property
    def clock_file(self) -> Path:
        return self.folder / f"{self.name}.klok"

    @property
    def log_file(self) -> Path:
        return self.folder / f"{self.name}.log"

    def start(self, offset: timedelta = timedelta(0)) -> None:
        """With a clock that is so much ahead. Does nothing when it runs."""
        if self._process is not None and self._process.poll() is None:
            return
        self.set_clock(offset)
        self._began_at = self._log_size
        with self.log_file.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, *self.arguments],
                env={**os.environ, **self._environment()},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def wait_until_live(self) -> None:
        """A replacement takes its time on a busy machine; whoever runs the service starts it again until it stays."""

        def is_live() -> bool:
            self.start()
            return self._answers("/_health/live")

        if self.url:
            wait_until(is_live, f"{self.name} did not start")

    @property
    def _log_size(self) -> int:
        return self.log_file.stat().st_size if self.log_file.exists() else 0

    def has_worked_with(self, offset: timedelta) -> bool:
        """Of the worker: it went over its jobs since it was started, or said why it did not."""
        self.start(offset)
        return any(word in self.log_file.read_bytes()[self._began_at :] for word in _WORKED)

    @property
    def is_ready(self) -> bool:
        """It says that it can do its work."""
        return self._answers("/_health/ready")

    def _answers(self, path: str) -> bool:
        with contextlib.suppress(OSError, http.client.HTTPException):
            return Visitor().get(f"{self.url}{path}").status == READY
        return False

    def _environment(self) -> dict[str, str]:
        return {
            "BLAUWE_KNOP_SETTINGS": str(self.settings_file),
            "LD_PRELOAD": str(self.folder / _LIBRARY),
            "FAULTS_CLOCK": str(self.clock_file),
        }

    def set_clock(self, offset: timedelta) -> None:
        """At once, for the program and all its children: they share these bytes as memory."""
        seconds = round(offset.total_seconds()).to_bytes(8, sys.byteorder, signed=True)
        with self.clock_file.open("r+b" if self.clock_file.exists() else "wb") as file:
            file.write(seconds)

    def signal_all(self, number: signal.Signals) -> None:
        """The program and all its children."""
        self._send(number, {self.pid, *descendants_of(frozenset({self.pid}))})

    def kill(self) -> None:
        """As when its machine loses power: no handler runs."""
        if self._process is not None:
            self.signal_all(signal.SIGCONT)
            self.signal_all(signal.SIGKILL)
            self._process.wait()

    def kill_child(self) -> None:
        """The process that serves the requests; its parent starts another one."""
        self._send(signal.SIGKILL, children_of(frozenset({self.pid})))

    def kill_examiners(self) -> None:
        """The processes that look at uploaded files, below the one that serves the requests."""
        serving = children_of(frozenset({self.pid}))
        self._send(signal.SIGKILL, descendants_of(serving) - serving)

    @property
    def pid(self) -> int:
        assert self._process is not None, "not started"
        return self._process.pid

    @staticmethod
    def _send(number: signal.Signals, pids: Sequence[int] | frozenset[int] | set[int]) -> None:
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)


def site(name: str, instance: Instance, port: int, application: str) -> Program:
    """One service process with one worker of gunicorn, as on a machine of its own."""
    bind = ("--bind", f"127.0.0.1:{port}", "--workers", "1", "--worker-class", WORKER, "--threads", "8")
    arguments = ("-m", "gunicorn", *bind, *GUNICORN, f"{application}:application")
    folder, url = instance.folder / "logs", f"http://127.0.0.1:{port}"
    return Program(name, arguments, instance.settings_file, folder, url)


def background(name: str, instance: Instance) -> Program:
    """What purges, seals the end of the audit log, and so on."""
    return Program(name, ("-m", "simulators.demo.worker"), instance.settings_file, instance.folder / "logs")
