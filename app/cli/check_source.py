"""`blauwe-knop sources check`: what an operator reads while the walk goes on, or one JSON object at its end."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterable

from app.bootstrap import open_storage
from app.cli.settings import load_settings
from app.cli.steps_output import as_members, told
from app.observability import configure_logging
from app.settings import Settings, SettingsError
from sources.checking.source import check_member, check_source
from sources.checking.steps import Mark, Step, fails
from sources.config import SourceConfig, SourcesFileError, load_sources
from sources.ports import SystemClock

FAILED = 1
WRONG_USE = 64
_OIN_DIGITS = 20


def run(name: str, *, as_json: bool) -> int:
    """0: every step that was looked at holds; 1: one fails; 64: there is no such source, or it is not connected."""
    configure_logging(
        "ERROR", sys.stderr
    )  # what the transport notes of every question is not for this output
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a name need not exist in the terminal's alphabet
    try:
        settings = load_settings()
        config = _find(settings, name)
    except (SettingsError, SourcesFileError) as error:
        step = Step("instellingen", fails(str(error), "Verbeter dit bestand op de genoemde plaats."), 0)
        return _tell(name, [step], as_json=as_json)
    if config is None or not config.connected:
        why = f"is not in {settings.sources_file}" if config is None else "is not connected: nothing to check"
        sys.stderr.write(f"blauwe-knop sources check: {name} {why}\n")
        return WRONG_USE
    ports = open_storage(settings).source_ports(SystemClock())
    is_list = name == config.source_id
    steps = check_source(config, ports) if is_list else check_member(config, name[-_OIN_DIGITS:], ports)
    return _tell(name, steps, as_json=as_json)


def _find(settings: Settings, name: str) -> SourceConfig | None:
    """By its own name; an organisation of a signed list by the stanza of that list."""
    configs = load_sources(settings.sources_file)
    own = next((one for one in configs if one.source_id == name), None)
    lists = (one for one in configs if one.scheme is not None)
    return own or next((one for one in lists if _is_member(name, one)), None)


def _is_member(name: str, config: SourceConfig) -> bool:
    oin = name.removeprefix(f"{config.source_id}-")
    return oin != name and len(oin) == _OIN_DIGITS and oin.isdecimal() and oin.isascii()


def _tell(name: str, steps: Iterable[Step], *, as_json: bool) -> int:
    if as_json:
        walked = list(steps)
        print(json.dumps({"bron": name, **as_members(walked)}))
    else:
        walked = list(told(steps, sys.stdout))
    return FAILED if any(step.found.mark is Mark.FAILS for step in walked) else 0
