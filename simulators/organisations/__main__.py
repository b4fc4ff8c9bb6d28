"""`python -m simulators.organisations --folder F [--first-port N]`: run until interrupted.

Writes `F/sources.toml`. Change behaviour while it runs: write {"zonnedael-parkeren": "down"} to `F/gedrag.json`.
"""

from __future__ import annotations

import argparse
import contextlib
import signal
from pathlib import Path
from threading import Event

from simulators.authority import create_authority
from simulators.organisations import more_ways
from simulators.organisations.simulation import SLOW_SECONDS, start


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m simulators.organisations", description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="for certificates, keys and sources.toml")
    parser.add_argument("--first-port", type=int, default=0, help="0: free ports")
    parser.add_argument(
        "--slow-seconds", type=float, default=SLOW_SECONDS, help="after which a slow one answers"
    )
    parser.add_argument("--settings", default="", help="more lines for every stanza of sources.toml")
    parser.add_argument(
        "--more-ways",
        action="store_true",
        help="three more: behind a gateway, with access tokens, in a signed list",
    )
    arguments = parser.parse_args()
    interrupted = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: interrupted.set())
    authority = create_authority(arguments.folder / "authority")
    slow = arguments.slow_seconds
    with contextlib.ExitStack() as stack:
        simulation = stack.enter_context(
            start(authority, arguments.folder, arguments.first_port, slow_seconds=slow)
        )
        more = ""
        if arguments.more_ways:
            ways = more_ways.start(authority, arguments.folder / "meer", arguments.settings)
            more = stack.enter_context(ways).stanzas
        file = simulation.write_sources_toml(arguments.folder / "sources.toml", arguments.settings, more)
        for name, port in simulation.ports.items():
            print(f"{name} https://127.0.0.1:{port}", flush=True)
        print(f"Klaar: {file}", flush=True)
        interrupted.wait()


if __name__ == "__main__":
    main()
