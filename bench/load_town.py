"""Everything that the load needs, on loopback: PostgreSQL that writes to the disk, the simulated outside world with twenty slow
sources, and as many service processes as asked for."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import make_url

from app.persistence.migrations import upgrade
from bench.processor import child_with
from bench.slow_town import FILE, READY
from simulators.demo.instance import GUNICORN, WORKER, Instance, prepare
from simulators.demo.processes import Processes
from tests.support.demo import free_port_range
from tests.support.postgres import fresh_database, postgres_server, run_tool

LASTING = ("fsync", "full_page_writes", "synchronous_commit")
LATENCIES = tuple(round(0.05 + 0.05 * number, 2) for number in range(20))  # seconds: the slowest takes one
THREADS = 8


@dataclass
class LoadTown:
    """`database_url` is of PostgreSQL. Logs of services are read by name: see `log`."""

    instance: Instance
    database_url: str
    database_pid: int
    processes: Processes = field(init=False)

    def __post_init__(self) -> None:
        self.processes = Processes(self.instance.folder / "logs")

    @property
    def url(self) -> str:
        return self.instance.url

    def log(self, name: str) -> str:
        return (self.instance.folder / "logs" / f"{name}.log").read_text("utf-8")

    @contextlib.contextmanager
    def service(self, name: str, workers: int) -> Iterator[int]:
        """The service with so many processes; gives the process id of their parent."""
        with self._gunicorn(name, "simulators.demo.wsgi", workers, f"{self.url}/_health/ready") as pid:
            yield pid

    @contextlib.contextmanager
    def floor(self, workers: int) -> Iterator[str]:
        """The empty route under the same server; gives its address."""
        port = free_port_range()
        with self._gunicorn("leeg", "bench.empty", workers, f"http://127.0.0.1:{port}/"):
            yield f"http://127.0.0.1:{port}/"

    @contextlib.contextmanager
    def _gunicorn(self, name: str, module: str, workers: int, ready: str) -> Iterator[int]:
        processes, place = Processes(self.instance.folder / "logs"), urlsplit(ready).netloc
        arguments = ["--bind", place, "--workers", str(workers), "--worker-class", WORKER]
        arguments += ["--threads", str(THREADS), *GUNICORN, f"{module}:application"]
        environment = {"BLAUWE_KNOP_SETTINGS": str(self.instance.settings_file)}
        try:
            processes.start(name, ["-m", "gunicorn", *arguments], environment)
            processes.wait_until_ready(name, ready)
            yield child_with(f"--bind {place}")
        finally:
            processes.stop()


@contextlib.contextmanager
def load_town(folder: Path) -> Iterator[LoadTown]:
    folder.mkdir(parents=True)
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(postgres_server(folder / "pg"))
        for name in LASTING:
            run_tool("psql", server, "--quiet", "--command", f"ALTER SYSTEM SET {name} = on")
        run_tool("psql", server, "--quiet", "--command", "SELECT pg_reload_conf()")
        url = make_url(fresh_database(server))._replace(password=None).render_as_string()
        upgrade(url)
        postmaster = int((folder / "pg" / "postmaster.pid").read_text("ascii").splitlines()[0])
        town = LoadTown(prepare(folder / "instance", free_port_range()), url, postmaster)
        stack.callback(town.processes.stop)
        sources = stack.enter_context(_sources(folder / "bronnen"))
        _settle(town, sources)
        _outside_world(town)
        yield town


def _settle(town: LoadTown, sources: Path) -> None:
    file = town.instance.settings_file
    text = file.read_text("utf-8")
    for before, after in (
        (f'url = "sqlite:///{town.instance.database_file.name}"', f'url = "{town.database_url}"'),
        ('sources_file = "organisaties/sources.toml"', f'sources_file = "{sources}"'),
    ):
        if before not in text:
            raise RuntimeError(f"no {before} in the settings of the demo")
        text = text.replace(before, after, 1)
    file.write_text(text, "utf-8")


def _outside_world(town: LoadTown) -> None:
    instance, processes = town.instance, town.processes
    processes.start("digid", ["-m", "simulators.digid", *instance.digid_arguments])
    processes.start("zegeldiensten", ["-m", "simulators.trust_services", *instance.trust_services_arguments])
    processes.wait_until_ready("digid", f"{instance.digid_url}/jwks")
    processes.wait_until_ready("zegeldiensten", f"{instance.trust_services_url}/crl/zegel-ca.crl")
    environment = {"BLAUWE_KNOP_SETTINGS": str(instance.settings_file)}
    processes.start("achtergrond", ["-m", "simulators.demo.worker"], environment)


@contextlib.contextmanager
def _sources(folder: Path) -> Iterator[Path]:
    """The file with their stanzas."""
    folder.mkdir(parents=True)
    command = [sys.executable, "-m", "bench.slow_town", str(folder), *map(str, LATENCIES)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin
        assert process.stdout
        try:
            if process.stdout.readline().strip() != READY:
                raise RuntimeError("the simulated sources did not start")
            yield folder / FILE
        finally:
            process.stdin.close()
            process.wait(timeout=60)
