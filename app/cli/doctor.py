"""`blauwe-knop doctor`: everything that is wrong with an installation, in one list."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator

from app.bootstrap_doctor import examine_installation
from app.bootstrap_doctor_sources import settings_steps, source_steps
from app.cli.settings import allows_loopback_http, load_settings
from app.cli.steps_output import as_members, told
from app.observability import configure_logging
from app.ports.clock import SystemClock
from app.settings import SettingsError, named_sources_file
from sources.checking.steps import Mark, Step, skipped

FAILED = 1
_FIRST_THESE = "niet bekeken: verbeter eerst de instellingen, en voer dit nog eens uit"


def run(*, as_json: bool) -> int:
    """0: nothing is wrong; 1: something is."""
    configure_logging("CRITICAL", sys.stderr)  # what is wrong stands in the list
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    if as_json:
        walked = list(_walk())
        print(json.dumps(as_members(walked)))
    else:
        walked = list(told(_walk(), sys.stdout))
        print(_conclusion(walked))
    return FAILED if any(step.found.mark is Mark.FAILS for step in walked) else 0


def _walk() -> Iterator[Step]:
    clock = SystemClock()
    yield from settings_steps(load_settings, "instellingen")
    try:
        settings = load_settings()
    except SettingsError:
        file = named_sources_file()
        if file is not None:
            yield from source_steps(file, clock.now())
        yield Step("al het andere", skipped(_FIRST_THESE), 0)
        return
    yield from source_steps(settings.sources_file, clock.now())
    yield from examine_installation(settings, clock, allow_loopback_http=allows_loopback_http())


def _conclusion(steps: list[Step]) -> str:
    wrong = sum(step.found.mark is Mark.FAILS for step in steps)
    if wrong:
        return f"{wrong} van {len(steps)} niet in orde."
    return "Alles in orde. Of elke bron antwoordt, zegt: blauwe-knop sources check NAAM"
