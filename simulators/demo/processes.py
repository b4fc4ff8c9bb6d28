"""Start the programs of the demo, wait until they answer, and leave none behind."""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from simulators.demo.errors import DemoError

READY_WITHIN_S = 300.0
STOP_WITHIN_S = 10.0
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Processes:
    """Each program runs in a process group of its own, so that Ctrl-C reaches only us and we stop them in order."""

    def __init__(self, logs: Path) -> None:
        self._logs = logs
        self._running: list[tuple[str, subprocess.Popen[bytes]]] = []

    def start(
        self,
        name: str,
        arguments: Sequence[str],
        environment: Mapping[str, str] | None = None,
        folder: Path | None = None,
    ) -> None:
        """Start `python ARGUMENTS...` in a folder; its output goes to the log file of that name."""
        self._logs.mkdir(parents=True, exist_ok=True)
        with (self._logs / f"{name}.log").open("ab") as log, _uninterrupted():
            process = subprocess.Popen(
                [sys.executable, *arguments],
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                cwd=folder,
                env={**os.environ, **(environment or {})},
                start_new_session=True,
            )
            self._running.append((name, process))

    def wait_until_ready(self, name: str, url: str) -> None:
        """Wait until an address answers 200. Raises DemoError when the program stops or stays silent."""
        end = time.monotonic() + READY_WITHIN_S
        while time.monotonic() < end:
            self.check_alive()
            with contextlib.suppress(urllib.error.URLError, OSError):
                urllib.request.urlopen(url, timeout=5).close()
                return
            time.sleep(0.2)
        raise DemoError(
            f"Het programma {name} gaf niet binnen {READY_WITHIN_S:.0f} seconden antwoord; zie {self._log(name)}"
        )

    def check_alive(self) -> None:
        """Raises DemoError when a program has stopped by itself."""
        for name, process in self._running:
            if process.poll() is not None:
                raise DemoError(
                    f"De demo stopt: het programma {name} is onverwacht geëindigd (code {process.returncode}); "
                    f"zie {self._log(name)}"
                )

    def stop(self) -> None:
        """Stop everything, the last started first: politely, then by force."""
        for _, process in reversed(self._running):
            _signal_group(process, signal.SIGTERM)
        end = time.monotonic() + STOP_WITHIN_S
        for _, process in reversed(self._running):
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(0.1, end - time.monotonic()))
            _signal_group(process, signal.SIGKILL)
            process.wait()
        self._running.clear()

    def _log(self, name: str) -> Path:
        return self._logs / f"{name}.log"


@contextlib.contextmanager
def _uninterrupted() -> Iterator[None]:
    """A signal that comes while a program is being started counts just after it: else nobody would know of the program
    and it would stay behind."""
    came: list[int] = []
    former = {number: signal.signal(number, lambda one, _frame: came.append(one)) for number in STOP_SIGNALS}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
        if came:
            signal.raise_signal(came[0])


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, number)


def ensure_free(port: int, what: str) -> None:
    """Raises DemoError when we cannot listen on the port, mostly because something else does."""
    other = f"kies een andere, bijvoorbeeld: make demo PORT={8100 if port < 8100 else 8000}"
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OverflowError:
            raise DemoError(f"Poort {port} ({what}) bestaat niet; {other}") from None
        except OSError as error:
            why = "is in gebruik" if error.errno == errno.EADDRINUSE else "mag hier niet worden gebruikt"
            raise DemoError(f"Poort {port} ({what}) {why}; {other}") from error
