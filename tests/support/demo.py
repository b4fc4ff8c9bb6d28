"""Run the whole demo on free ports, for tests."""

from __future__ import annotations

import contextlib
import random
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from simulators.demo.instance import Instance, prepare
from simulators.demo.processes import Processes
from simulators.demo.programs import start

PORTS_NEEDED = 20


@dataclass(frozen=True)
class RunningDemo:
    instance: Instance

    @property
    def url(self) -> str:
        return self.instance.url

    def logs(self) -> str:
        """Everything that any program wrote."""
        return "\n".join(f.read_text("utf-8") for f in sorted((self.instance.folder / "logs").glob("*.log")))


@contextlib.contextmanager
def run_demo(folder: Path, change_settings: Callable[[str], str] = str) -> Iterator[RunningDemo]:
    """Prepare an instance, let the test change its settings text, start everything, and stop it all afterwards."""
    instance = prepare(folder, free_port_range())
    text = instance.settings_file.read_text("utf-8")
    instance.settings_file.write_text(change_settings(text), "utf-8")
    processes = Processes(instance.folder / "logs")
    try:
        start(processes, instance)
        yield RunningDemo(instance)
    finally:
        processes.stop()


def free_port_range() -> int:
    """The first port of a range in which every port is free now; a random one, because other test runs on this
    machine look for one too."""
    every = range(20000, 32000, PORTS_NEEDED)
    for first in random.sample(every, len(every)):
        with contextlib.ExitStack() as stack:
            try:
                for port in range(first, first + PORTS_NEEDED):
                    stack.enter_context(socket.socket()).bind(("127.0.0.1", port))
            except OSError:
                continue
            return first
    raise RuntimeError("no free range of ports on this machine")
