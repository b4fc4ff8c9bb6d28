"""Two separate service processes, as behind a load balancer, on one database; and everything around them."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from app.persistence.migrations import upgrade
from simulators.demo.instance import Instance, prepare
from simulators.demo.processes import Processes
from tests.support.demo import free_port_range
from tests.support.visitor import Answer

# Short, so that the tests need not wait long for the hard end of a collection.
TIMES = "[times]\nshow_after_seconds = 1\ncollection_seconds = 8\n"
END_WITHIN_S = 60


@dataclass(frozen=True)
class TwoServices:
    """`a` and `b` are the addresses of the two processes."""

    instance: Instance
    first: subprocess.Popen[bytes]

    @property
    def a(self) -> str:
        return self.instance.url

    @property
    def b(self) -> str:
        return f"http://127.0.0.1:{self.instance.port + 1}"

    def switch(self, **behaviours: str) -> None:
        """How organisations behave from now on; names with underscores for hyphens."""
        words = {name.replace("_", "-"): word for name, word in behaviours.items()}
        file = self.instance.sources_file.parent / "gedrag.json"
        draft = file.with_suffix(".new")
        draft.write_text(json.dumps(words))
        os.replace(draft, file)

    def kill_first(self) -> None:
        """As when a machine loses power: no handler runs, in no process of the group."""
        os.killpg(self.first.pid, signal.SIGKILL)
        self.first.wait()


@contextlib.contextmanager
def run_two(folder: Path, database_url: str) -> Iterator[TwoServices]:
    """Start everything on a migrated database of its own, and stop it afterwards."""
    instance = prepare(folder, free_port_range())
    text = instance.settings_file.read_text("utf-8")
    own = f'url = "sqlite:///{instance.database_file.name}"'
    assert own in text
    instance.settings_file.write_text(text.replace(own, f'url = "{database_url}"') + TIMES, "utf-8")
    upgrade(database_url)
    processes = Processes(instance.folder / "logs")
    with contextlib.ExitStack() as cleanup:
        cleanup.callback(processes.stop)
        processes.start("organisaties", ["-m", "simulators.organisations", *instance.organisations_arguments])
        processes.start("digid", ["-m", "simulators.digid", *instance.digid_arguments])
        processes.wait_until_ready("digid", f"{instance.digid_url}/jwks")
        log = cleanup.enter_context((instance.folder / "logs" / "a.log").open("wb"))
        services = TwoServices(instance, _service(instance, instance.port, log))
        cleanup.callback(stop_service, services.first)
        second = _service(instance, instance.port + 1, log)
        cleanup.callback(stop_service, second)
        for url in (services.a, services.b):
            processes.wait_until_ready(url, f"{url}/_health/ready")
        yield services


def _service(instance: Instance, port: int, log: IO[bytes]) -> subprocess.Popen[bytes]:
    program = ["-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--workers", "1", "--no-control-socket"]
    threads = ["--worker-class", "gthread", "--threads", "4", "simulators.demo.wsgi:application"]
    return subprocess.Popen(
        [sys.executable, *program, *threads],
        env={**os.environ, "BLAUWE_KNOP_SETTINGS": str(instance.settings_file)},
        stdout=log,
        stderr=log,
        start_new_session=True,
    )


def stop_service(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def follow(get: Callable[[str], Answer], progress_url: str) -> Answer:
    """Look at the progress page until it moves on, and give the overview."""
    end = time.monotonic() + END_WITHIN_S
    while time.monotonic() < end:
        answer = get(progress_url)
        if answer.status == 303:
            return get(answer.location)
        assert answer.status == 200, answer.text
    raise AssertionError(f"no overview within {END_WITHIN_S} s")
