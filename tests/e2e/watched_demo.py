"""The demo with a wire that is tapped and processes that are watched, at the most talkative log level."""

from __future__ import annotations

import contextlib
import os
import resource
import secrets
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from simulators.demo.instance import Instance
from simulators.demo.processes import Processes
from tests.support.collector import Collector, run_collector
from tests.support.demo import prepare_patient
from tests.support.process_tree import descendants_of, open_files, program, read, running_with
from tests.support.waiting import PATIENCE_S, wait_until
from tests.support.wire import Tap, Wire

MARK = "BLAUWE_KNOP_TEST_MARK"
# Short, because one source stays silent; the uploads of the test are below this limit or just above.
EXTRA = "\n[times]\nshow_after_seconds = 15\ncollection_seconds = 20\n[limits]\nupload_bytes = 6000000\n"
LOOK_EVERY_S = 0.2
OURS = (sys.prefix, sys.base_prefix, str(Path(__file__).parents[2]))


@dataclass
class Watch:
    """Looks at the processes now and then. `rounds` counts the looks."""

    mark: str
    folder: Path
    arguments: set[bytes] = field(default_factory=set)
    environments: set[bytes] = field(default_factory=set)
    files: dict[str, bytes] = field(default_factory=dict)
    rounds: int = 0
    ended: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        while not self.ended.wait(LOOK_EVERY_S):
            self.look()

    def look(self) -> None:
        known = running_with(self.mark)
        for pid in known | descendants_of(known):
            self.arguments.add(read(pid, "cmdline"))
            self.environments.add(read(pid, "environ"))
            self._look_at_files(pid)
        self.rounds += 1

    def _look_at_files(self, pid: int) -> None:
        """Not programs and libraries; and what is in the demo's own folder is read at the end."""
        for name, content in open_files(pid).items():
            if not name.startswith((*OURS, "/usr/", "/lib/", str(self.folder))):
                kept = self.files.get(f"{pid} {name}", b"")
                self.files[f"{pid} {name}"] = max(kept, content, key=len)

    def wait_for_looks(self, count: int) -> None:
        until = self.rounds + count
        wait_until(lambda: self.rounds >= until)


@dataclass(frozen=True)
class WatchedDemo:
    """`direct_url` passes the tap by, for requests that bring numbers themselves."""

    instance: Instance
    wire: Wire
    watch: Watch
    temporary: Path
    collector: Collector

    @property
    def direct_port(self) -> int:
        return direct_port(self.instance)

    def logs(self) -> bytes:
        return b"\n".join(file.read_bytes() for file in (self.instance.folder / "logs").glob("*.log"))

    def database_files(self) -> bytes:
        """Bytes of the database, its write-ahead log and shared memory."""
        files = self.instance.folder.glob(f"{self.instance.database_file.name}*")
        return b"\n".join(file.read_bytes() for file in sorted(files))

    def database_dump(self) -> bytes:
        with contextlib.closing(sqlite3.connect(self.instance.database_file)) as connection:
            return "\n".join(connection.iterdump()).encode()

    def command(self, *arguments: str, typed: str) -> bytes:
        """Run a command as an operator does, who takes some time to type; what it said."""
        environment = {**os.environ, "BLAUWE_KNOP_SETTINGS": str(self.instance.settings_file)}
        name, _, mark = self.watch.mark.partition("=")
        process = subprocess.Popen(
            [sys.executable, "-m", "simulators.demo.command", *arguments],
            env={**environment, name: mark},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self.watch.wait_for_looks(3)
        said, _ = process.communicate(typed.encode(), PATIENCE_S)
        return said

    def crash(self) -> list[Path]:
        """Every program of the service ends by a fault of its own; the memory dumps that are there then."""
        programs = ("simulators.demo.wsgi", "simulators.demo.operator_wsgi", "simulators.demo.worker")
        ours = running_with(self.watch.mark)
        crashing = [pid for pid in ours if any(name in program(pid) for name in programs)]
        assert len(crashing) >= len(programs)
        for pid in crashing:
            os.kill(pid, signal.SIGSEGV)
        wait_until(lambda: not running_with(self.watch.mark).intersection(crashing))
        return [file for file in Path.cwd().glob("core*") if file.is_file()]

    def spoil(self, statement: str) -> None:
        """Change the database behind the service's back."""
        with contextlib.closing(
            sqlite3.connect(self.instance.database_file, timeout=PATIENCE_S)
        ) as connection:
            connection.execute(statement)
            connection.commit()


@contextlib.contextmanager
def run_watched(folder: Path) -> Iterator[WatchedDemo]:
    """Start everything with temporary files in a folder of its own, and stop it afterwards."""
    instance = prepare_patient(folder / "instance")
    text = instance.settings_file.read_text("utf-8")
    instance.settings_file.write_text(f'log_level = "DEBUG"\n{text}{EXTRA}', "utf-8")
    (folder / "tmp").mkdir()
    mark = secrets.token_hex(8)
    environment = {
        MARK: mark,
        "TMPDIR": str(folder / "tmp"),
        "BLAUWE_KNOP_SETTINGS": str(instance.settings_file),
    }
    processes = Processes(instance.folder / "logs")
    watch = Watch(f"{MARK}={mark}", instance.folder)
    tap = Tap(instance.port, direct_port(instance))
    limits, stack = resource.getrlimit(resource.RLIMIT_CORE), contextlib.ExitStack()
    resource.setrlimit(resource.RLIMIT_CORE, (limits[1], limits[1]))  # a crash would leave what it can
    collector = stack.enter_context(run_collector())
    try:
        _start(processes, instance, {**environment, **collector.environment})
        threading.Thread(target=watch.run, daemon=True).start()
        yield WatchedDemo(instance, tap.wire, watch, folder / "tmp", collector)
    finally:
        resource.setrlimit(resource.RLIMIT_CORE, limits)
        watch.ended.set()
        tap.stop()
        processes.stop()
        stack.close()


def direct_port(instance: Instance) -> int:
    """Where the service itself listens: a port that the demo leaves free."""
    return instance.port + 4


def _start(processes: Processes, instance: Instance, environment: dict[str, str]) -> None:
    organisations, digid = instance.organisations_arguments, instance.digid_arguments
    service = ["--bind", f"127.0.0.1:{direct_port(instance)}", "--log-level", "debug"]
    service += instance.gunicorn_arguments[2:]
    processes.start("organisaties", ["-m", "simulators.organisations", *organisations], environment)
    processes.start("digid", ["-m", "simulators.digid", *digid], environment)
    processes.wait_until_ready("digid", f"{instance.digid_url}/jwks")
    processes.start("dienst", ["-m", "gunicorn", *service], environment)
    operator = ["--log-level", "debug", *instance.operator_gunicorn_arguments]
    processes.start("personeel", ["-m", "simulators.staff", *instance.staff_arguments], environment)
    processes.start("beheer", ["-m", "gunicorn", *operator], environment)
    processes.start("achtergrond", ["-m", "simulators.demo.worker"], environment)
    processes.wait_until_ready("dienst", f"http://127.0.0.1:{direct_port(instance)}/_health/ready")
    processes.wait_until_ready("beheer", f"{instance.operator_url}/_health/ready")
