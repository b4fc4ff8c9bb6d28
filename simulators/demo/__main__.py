"""Run it: make demo, or python -m simulators.demo [--port 8000] [--folder instance]"""

from __future__ import annotations

import argparse
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import FrameType

from simulators.counselling import organisation as counselling
from simulators.demo import example_app
from simulators.demo.errors import DemoError
from simulators.demo.instance import Instance, prepare, wear
from simulators.demo.processes import STOP_SIGNALS, Processes
from simulators.demo.programs import start
from simulators.digid.citizens import read_citizens
from simulators.staff.employees import EMPLOYEES

WATCH_EVERY_S = 1.0
MORE_WAYS = ("--more-ways",)


def main(arguments: Sequence[str]) -> int:
    """Start, print the ready line, watch, and stop everything on Ctrl-C."""
    options = _parse(arguments)
    for number in STOP_SIGNALS:
        signal.signal(number, _interrupt)
    processes: Processes | None = None
    try:
        instance = replace(prepare(options.folder.resolve(), options.port), of_organisations=MORE_WAYS)
        if options.theme is not None:
            wear(instance, options.theme)
        processes = Processes(instance.folder / "logs")
        start(processes, instance)
        _announce(instance)
        while True:
            time.sleep(WATCH_EVERY_S)
            processes.check_alive()
    except KeyboardInterrupt:
        print("Gestopt.", flush=True)
        return 0
    except DemoError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    finally:
        _ignore_interrupts()
        if processes is not None:
            processes.stop()


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="simulators.demo", description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--folder", type=Path, default=Path("instance"))
    parser.add_argument("--theme", type=Path, help="theme.toml of a municipality; see docs/theming.md")
    return parser.parse_args(arguments)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    _ignore_interrupts()
    raise KeyboardInterrupt


def _ignore_interrupts() -> None:
    """A second Ctrl-C, or make passing on the first, must not stop the stopping: that leaves processes behind. No
    SIG_IGN: Python complains about a signal that came in just before."""
    for number in STOP_SIGNALS:
        signal.signal(number, lambda _number, _frame: None)


def _announce(instance: Instance) -> None:
    print("Testburgers (inloggen zonder wachtwoord, bij een nagebootste DigiD):")
    for citizen in read_citizens():
        print(f"  {citizen.name:28} {citizen.shows}")
    print(
        f"Beheersite: {instance.operator_url} (inloggen zonder wachtwoord, bij een nagebootste personeelslogin):"
    )
    for employee in EMPLOYEES:
        print(f"  {employee.name:28} {employee.shows}")
    print(
        f"Hulpverleners van de {counselling.NAME}: {instance.url}/voor-hulpverleners "
        "(inloggen zonder wachtwoord, bij een nagebootste inlogdienst):"
    )
    for counsellor in counselling.COUNSELLORS:
        print(f"  {counsellor.name:28} {counsellor.shows}")
    print(f"Voorbeeld-app {example_app.CLIENT_ID}: sleutel in {instance.app_folder}; zie docs/api/README.md")
    print(
        "Opdrachten met de gegevens van deze demo: .venv/bin/python -m simulators.demo.command sources status"
    )
    print(f"Logboeken: {instance.folder / 'logs'}. Stoppen: Ctrl-C.")
    print(f"Klaar: {instance.url}", flush=True)


if __name__ == "__main__":
    code = main(sys.argv[1:])
    # While Python tidies up, signals do again what they do by default: one more Ctrl-C would look like a crash.
    signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
    sys.exit(code)
