"""What `blauwe-knop doctor` looks at of the sources: their file and what it names. Whether they answer: `sources check`."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from app.settings import SettingsError
from app.settings.source_secrets import refuse_open_files
from sources.checking.files import wrong_files
from sources.checking.own_keys import look_at_own_keys
from sources.checking.steps import Found, Mark, Step, fails, holds, skipped
from sources.config import SourceConfig, SourcesFileError, load_sources

MEND = "Verbeter dit bestand op de genoemde plaats. Wat er mag staan: instance/examples."
_FILES = "bestanden van bronnen"


def source_steps(file: Path, now: datetime) -> Iterator[Step]:
    """The file; then a step for each thing that is wrong with the files of a connected source, or one when all are right."""
    yield from settings_steps(lambda: load_sources(file), "bronnen")
    try:
        configs = [one for one in load_sources(file) if one.connected]
    except SourcesFileError:
        yield Step(_FILES, skipped("niet bekeken: de bronnen zijn niet te lezen"), 0)
        return
    began = time.monotonic()
    wrong = [_named(one, found) for one in configs for found in _wrong(one, now)]
    right = holds("aanwezig en te lezen, geheimen door niemand anders")
    yield from (Step(_FILES, found, _ms(began)) for found in wrong or [right])


def _named(config: SourceConfig, found: Found) -> Found:
    return replace(found, text=f"{config.source_id}: {found.text}")


def _wrong(config: SourceConfig, now: datetime) -> list[Found]:
    """All files that are not there or open to others; when there are none, what is wrong with a certificate or key."""
    if missing := list(wrong_files(config)):
        return missing
    found = look_at_own_keys(config, now)
    if found.mark is Mark.FAILS:
        return [found]
    try:
        refuse_open_files([config])
    except SettingsError as error:
        return [fails(str(error).removeprefix(f"source {config.source_id}: "), MEND)]
    return []


def settings_steps(load: Callable[[], object], name: str) -> list[Step]:
    """One step when a file is right; else one for each thing that is wrong in it."""
    began = time.monotonic()
    try:
        load()
    except (SettingsError, SourcesFileError) as error:
        return [Step(name, fails(problem, MEND), _ms(began)) for problem in error.problems]
    return [Step(name, holds("gelezen en in orde"), _ms(began))]


def _ms(began: float) -> int:
    return round((time.monotonic() - began) * 1000)
