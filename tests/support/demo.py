"""Run the whole demo on free ports, for tests."""

from __future__ import annotations

import contextlib
import random
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from simulators.demo.instance import Instance, prepare
from simulators.demo.processes import Processes
from simulators.demo.programs import start
from simulators.organisations.behaviour import Switches

PORTS_NEEDED = 20
# Nobody is too slow because this machine is busy: only who is meant to be, until it is told otherwise.
PATIENT_SOURCES = "total_seconds = 30\nconnect_seconds = 30"
_ORGANISATIONS = ("--slow-seconds", "600", "--settings", PATIENT_SOURCES)


@dataclass(frozen=True)
class RunningDemo:
    instance: Instance

    @property
    def switches(self) -> Switches:
        """How organisations behave from now on."""
        return Switches(self.instance.sources_file.parent / "gedrag.json")

    @property
    def url(self) -> str:
        return self.instance.url

    def logs(self) -> str:
        """Everything that any program wrote."""
        return "\n".join(f.read_text("utf-8") for f in sorted((self.instance.folder / "logs").glob("*.log")))


def prepare_patient(folder: Path, port: int | None = None) -> Instance:
    """With time enough for every organisation; on free ports, or on those of a range that the test got."""
    return replace(prepare(folder, port or free_port_range()), of_organisations=_ORGANISATIONS)


@contextlib.contextmanager
def run_demo(
    folder: Path, change_settings: Callable[[str], str] = str, public_url: str | None = None
) -> Iterator[RunningDemo]:
    """Prepare an instance, let the test change its settings text, start everything, and stop it all afterwards. `public_url`:
    where visitors find it, when that is not the service itself."""
    instance = replace(prepare_patient(folder), public_url=public_url)
    text = instance.settings_file.read_text("utf-8")
    instance.settings_file.write_text(change_settings(text), "utf-8")
    processes = Processes(instance.folder / "logs")
    try:
        start(processes, instance)
        yield RunningDemo(instance)
    finally:
        processes.stop()


def free_port_range() -> int:
    """The first port of a range that is ours until this process ends, and in which every port is free now. Below the
    ports that the system gives to connections."""
    every = range(20000, 32000, PORTS_NEEDED)
    for first in random.sample(every, len(every)):
        if _claim(first) and all(_is_free(port) for port in range(first, first + PORTS_NEEDED)):
            return first
    raise RuntimeError("no free range of ports on this machine")


_claims: list[socket.socket] = []


def _claim(first: int) -> bool:
    """Other test runs on this machine look for ports too, and programs need some time before they listen. The name (an
    abstract Unix socket: no file) goes away with this process."""
    claim = socket.socket(socket.AF_UNIX)
    try:
        claim.bind(f"\0blauwe-knop-test-ports-{first}")
    except OSError:
        claim.close()
        return False
    _claims.append(claim)
    return True


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
