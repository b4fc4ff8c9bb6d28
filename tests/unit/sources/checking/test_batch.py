"""A source that delivers files: the check looks at the delivery, not at a network."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.persistence.batch_store import SqlBatchStore
from app.persistence.cipher import KeyRing, new_key_line
from app.persistence.engine import open_database
from sources.checking.steps import Mark
from sources.ports import SourcePorts
from tests.support.checks import Walked, check, secrets_in, write_test_bsn
from tests.support.clock import FrozenClock
from tests.support.databases import migrated_sqlite
from tests.unit.sources.batch.support import ME, NOW, OTHER, Town, csv_lines, row


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    database = open_database(migrated_sqlite(tmp_path / "town.sqlite3"))
    yield Town(tmp_path, SqlBatchStore(database, KeyRing.parse(new_key_line("one"))), FrozenClock(NOW))
    database.close()


def walk(town: Town, days_later: int = 0, **batch: Any) -> Walked:
    config = town.config(**batch).model_copy(update={"test_bsn_file": write_test_bsn(town.folder, ME)})
    clock = FrozenClock(NOW + timedelta(days=days_later))
    return check(config, SourcePorts(clock, town.store))


def test_a_fresh_delivery_holds(town: Town) -> None:
    town.deliver(csv_lines(row(), row(OTHER, "Z-2")))
    walked = walk(town)
    assert walked.all_hold
    assert [step.name for step in walked.steps][3:] == ["levering", "leeftijd", "test-bsn"]
    assert walked.text("levering") == "2 regels"
    assert walked.text("leeftijd") == "stand van 30-09-2026 21:59 UTC, 1 dag oud"
    assert walked.text("test-bsn").startswith("1 vordering, volledig, uit een aangeleverd bestand")
    assert not secrets_in(repr(walked), [ME, OTHER])


def test_without_a_delivery_the_command_that_takes_one_is_told(town: Town) -> None:
    failed = walk(town).failed
    assert failed.name == "levering"
    assert str(failed.found.advice).endswith("blauwe-knop sources import zonnedael BESTAND")


def test_a_delivery_that_is_too_old_fails(town: Town) -> None:
    town.deliver(csv_lines(row()))
    failed = walk(town, days_later=40).failed
    assert failed.name == "leeftijd"
    assert failed.found.text == (
        "verouderd: stand van 30-09-2026 21:59 UTC, 41 dagen oud (stale_after_days = 35)"
    )


def test_records_about_nobody_are_told(town: Town) -> None:
    town.deliver(csv_lines(row(), row("111111111", "Z-2")))
    assert (
        walk(town).text("levering")
        == "1 regel; let op: van 1 is het bsn onbekend, dus geen antwoord is volledig"
    )


def test_without_a_test_person_that_step_is_left_out(town: Town) -> None:
    town.deliver(csv_lines(row()))
    walked = check(town.config(), town.ports)
    assert walked.marks()["test-bsn"] is Mark.SKIPPED
    assert walked.text("bestanden") == "0 aanwezig en leesbaar, waarvan 0 geheim"


def test_a_store_that_cannot_be_used_is_told(town: Town) -> None:
    empty = open_database(f"sqlite:///{town.folder / 'empty.sqlite3'}")
    ports = SourcePorts(town.clock, SqlBatchStore(empty, KeyRing.parse(new_key_line("one"))))
    failed = check(town.config(), ports).failed
    empty.close()
    assert (failed.name, failed.found.text) == ("levering", "the store of deliveries cannot be used now")


@pytest.mark.parametrize("with_person", [True, False])
def test_a_delivery_that_nobody_can_open_fails_also_without_a_test_person(
    town: Town, tmp_path: Path, with_person: bool
) -> None:
    """Somebody lost a line of the key ring: every citizen gets no answer, so this must not look well."""
    town.deliver(csv_lines(row()))
    database = open_database(f"sqlite:///{tmp_path / 'town.sqlite3'}")
    other_ring = SqlBatchStore(database, KeyRing.parse(new_key_line("two")))
    config = town.config()
    if with_person:
        config = config.model_copy(update={"test_bsn_file": write_test_bsn(town.folder, ME)})
    failed = check(config, SourcePorts(FrozenClock(NOW), other_ring)).failed
    database.close()
    assert failed.name == "levering"
    assert failed.found.text == "de levering is niet te openen: haar sleutel staat niet in de sleutelbos"
    assert "sleutelbos" in str(failed.found.advice)
