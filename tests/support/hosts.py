"""Machines of a small network on this one: each a network namespace with an address of its own, a cable to one switch, and a
loopback that is its own. So a program there reaches nothing but what the switch leads to, and a cable can be pulled.

Where namespaces are not allowed (they need root), each host is another loopback address, and pulling a cable stops its programs.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import random
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.waiting import PATIENCE_S

_NEW_NETWORK = 0x40000000  # CLONE_NEWNET, setns(2)
_BENCHMARK_NETWORK = "198.18"  # RFC 2544: nobody's


@dataclass
class Host:
    """`namespace` and `cable` are None where there are no namespaces."""

    address: str
    namespace: str | None
    cable: str | None
    programs: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, command: Sequence[str], settings_file: Path, log: Path) -> subprocess.Popen[bytes]:
        """A program on this machine, in a process group of its own; `log` gets what it writes."""
        inside = [] if self.namespace is None else ["ip", "netns", "exec", self.namespace]
        with log.open("ab") as out:
            program = subprocess.Popen(
                [*inside, *command],
                env={**os.environ, "BLAUWE_KNOP_SETTINGS": str(settings_file)},
                stdout=out,
                stderr=out,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        self.programs.append(program)
        return program

    def signal(self, number: signal.Signals) -> None:
        """To all programs and what they started."""
        for program in self.programs:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(program.pid, number)

    def kill(self) -> None:
        """As when the power fails, for the programs: no handler runs."""
        self.signal(signal.SIGKILL)
        for program in self.programs:
            program.wait(PATIENCE_S)
        self.programs.clear()

    def unplug(self) -> None:
        """From now on nobody gets an answer from here, not even that nobody listens."""
        if self.cable is None:
            self.signal(signal.SIGSTOP)
        else:
            _ip("link", "set", self.cable, "down")

    def plug_in(self) -> None:
        if self.cable is None:
            self.signal(signal.SIGCONT)
        else:
            _ip("link", "set", self.cable, "up")

    def listen_inside(self, port: int) -> socket.socket:
        """On this machine's own 127.0.0.1. The socket stays there, whoever holds it."""
        made: list[socket.socket] = []
        thread = threading.Thread(target=lambda: made.append(self._listen(port)))
        thread.start()
        thread.join(PATIENCE_S)
        return made[0]

    def _listen(self, port: int) -> socket.socket:
        """In a thread of its own, which ends in the other network."""
        with Path(f"/run/netns/{self.namespace}").open() as network:
            if ctypes.CDLL(None, use_errno=True).setns(network.fileno(), _NEW_NETWORK) != 0:
                raise OSError(ctypes.get_errno(), "setns")
        return socket.create_server(("127.0.0.1", port))


@dataclass(frozen=True)
class Network:
    """`gateway`: this machine's own address on the switch."""

    gateway: str
    hosts: tuple[Host, ...]


@contextlib.contextmanager
def network_of(count: int) -> Iterator[Network]:
    """So many hosts on one switch; their programs and all else are gone after the block."""
    with contextlib.ExitStack() as cleanup:
        try:
            network = _namespaces(count, cleanup)
        except subprocess.CalledProcessError:
            cleanup.close()
            network = Network("127.0.0.1", tuple(Host(f"127.0.1.{n + 1}", None, None) for n in range(count)))
        for host in network.hosts:
            cleanup.callback(host.kill)
        yield network


def _namespaces(count: int, cleanup: contextlib.ExitStack) -> Network:
    """Raises CalledProcessError when that is not allowed."""
    switch = f"bk{os.getpid()}"
    _ip("link", "add", switch, "type", "bridge")
    cleanup.callback(_ip, "link", "delete", switch)
    net = f"{_BENCHMARK_NETWORK}.{random.randrange(256)}"
    _ip("address", "add", f"{net}.1/24", "dev", switch)
    _ip("link", "set", switch, "up")
    return Network(f"{net}.1", tuple(_host(switch, f"{net}.{n + 11}", n, cleanup) for n in range(count)))


def _host(switch: str, address: str, number: int, cleanup: contextlib.ExitStack) -> Host:
    name, cable = f"{switch}-{number}", f"{switch}v{number}"
    _ip("netns", "add", name)
    cleanup.callback(_ip, "netns", "delete", name)
    _ip("link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", name)
    cleanup.callback(_ip, "link", "delete", cable)
    _ip("link", "set", cable, "master", switch, "up")
    for words in (("link", "set", "lo", "up"), ("link", "set", "eth0", "up")):
        _ip("-netns", name, *words)
    _ip("-netns", name, "address", "add", f"{address}/24", "dev", "eth0")
    return Host(address, name, cable)


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True, timeout=PATIENCE_S)
