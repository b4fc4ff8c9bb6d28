"""The index of a source that is asked over the network: whether it may decide who need not be asked, and whether it is
right about the test person."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from claims.outcome import SourceAnswer
from sources.checking.person import read_test_bsn
from sources.checking.steps import Found, Look, fails, holds, skipped
from sources.checking.words import counted
from sources.config import SourceConfig
from sources.errors import Misconfigured
from sources.index_settings import IndexSettings
from sources.indexed import CLOCKS_MAY_DIFFER
from sources.ports import HeldDelivery, SourcePorts

_EVERYBODY = "iedereen wordt gevraagd"


def index_looks(
    config: SourceConfig, ports: SourcePorts, answer: Callable[[], SourceAnswer | None]
) -> Sequence[Look]:
    """`answer`: what the source itself said about the test person. No look for a source without index."""
    index = config.index
    return () if index is None else (Look("index", lambda: _look(config, index, ports, answer())),)


def _look(
    config: SourceConfig, index: IndexSettings, ports: SourcePorts, answer: SourceAnswer | None
) -> Found:
    """An index in doubt hides nobody, so that fails nothing."""
    stored_as = str(config.stored_as)
    try:
        held = ports.batches.held(stored_as)
    except Misconfigured:
        why = "want zijn sleutel staat niet in de sleutelbos"
        return skipped(f"de index is niet te openen, {why}: {_EVERYBODY}")
    if held is None:
        return skipped(f"er is nog geen index: {_EVERYBODY}")
    if answer is not None and answer.claims and not _lists_test_person(config, stored_as, ports):
        return fails(
            "de bron heeft vorderingen over de testpersoon, die niet in de index staat",
            "Zet ask_everyone = true tot de gemeente haar index heeft hersteld: nu blijven vorderingen verborgen.",
        )
    age = ports.clock.now() - held.as_of
    hours = max(age, timedelta()) // timedelta(hours=1)
    told = f"{counted(held.records, 'persoon', 'personen')}, {hours} uur oud"
    return holds(told, _doubts(held, age, index))


def _lists_test_person(config: SourceConfig, stored_as: str, ports: SourcePorts) -> bool:
    if config.test_bsn_file is None:
        return True
    found = ports.batches.find(stored_as, read_test_bsn(config.test_bsn_file))
    return found is not None and bool(found.records)


def _doubts(held: HeldDelivery, age: timedelta, index: IndexSettings) -> list[str]:
    doubts = []
    if age < -CLOCKS_MAY_DIFFER:
        doubts.append(f"van een moment dat nog komt (een klok loopt verkeerd), dus {_EVERYBODY}")
    if age > index.max_age:
        doubts.append(f"verouderd (max_age_hours = {index.max_age_hours}), dus {_EVERYBODY}")
    if held.unplaced:
        doubts.append(f"van {held.unplaced} regels is het bsn onbekend, dus {_EVERYBODY}")
    if index.ask_everyone:
        doubts.append(f"ask_everyone staat aan, dus {_EVERYBODY}")
    return doubts
