"""`sources check` of a signed list, and of one organisation in it: list, discovery, and then as any other source."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.persistence.engine import open_database
from app.persistence.scheme_store import SqlSchemeStore
from simulators.authority import create_authority
from simulators.organisations import Behaviour, Simulation
from simulators.organisations.discovery import switch_name
from simulators.organisations.scheme import SchemeManager, entry
from sources.checking.source import check_member, check_source
from sources.ports import SourcePorts, SystemClock
from tests.integration.sources.support import PATIENT
from tests.integration.sources.test_scheme import ListedTown
from tests.support.checks import (
    TEST_PERSON,
    Walked,
    assert_one_failure_with_advice,
    secrets_in,
    write_test_bsn,
)
from tests.support.databases import migrated_sqlite

KREDIETBANK, WATERSCHAP = "kredietbank-rivierenstreek", "waterschap-zonnedelta"
NOT_LISTED = "00000001900000099000"
CONNECTION = ["naam", "verbinding", "TLS", "certificaat", "ons certificaat"]


@pytest.fixture
def town(simulation: Simulation, tmp_path: Path) -> Iterator[ListedTown]:
    """A list is published, and not taken yet."""
    database = open_database(migrated_sqlite(tmp_path / "k.sqlite3"))
    manager = SchemeManager()
    server = manager.serve(create_authority(simulation.credentials.ca_file.parent / "authority"), tmp_path)
    ports = SourcePorts(SystemClock(), schemes=SqlSchemeStore(database))
    yield ListedTown(simulation, tmp_path, manager, server.port, ports)
    server.stop()
    database.close()
    for source_id in simulation.ports:
        simulation.switches.set(source_id, None)
        simulation.switches.set(switch_name(source_id), None)


@pytest.fixture
def listed(town: ListedTown) -> ListedTown:
    assert town.publish(1, KREDIETBANK, WATERSCHAP) is None
    return town


def checked(walked: Walked) -> Walked:
    assert_one_failure_with_advice(walked)
    assert not secrets_in(repr(walked), [TEST_PERSON])
    return walked


def check_list(town: ListedTown) -> Walked:
    return checked(Walked(tuple(check_source(town.stanza(PATIENT), town.ports))))


def check_one(town: ListedTown, oin: str, settings: str = PATIENT) -> Walked:
    person = {"test_bsn_file": write_test_bsn(town.folder)}
    config = town.stanza(settings).model_copy(update=person)
    return checked(Walked(tuple(check_member(config, oin, town.ports))))


def oin_of(town: ListedTown, source_id: str) -> str:
    return str(town.running(source_id).organisation.settings["oin"])


def test_a_list_in_use_holds(listed: ListedTown) -> None:
    walked = check_list(listed)
    assert walked.all_hold, walked
    names = [step.name for step in walked.steps]
    assert names[3:] == [*(f"lijst: {name}" for name in CONNECTION), "lijst ophalen", "lijst in gebruik"]
    assert walked.text("lijst ophalen") == "versie 1, goed ondertekend, met vorderingen van 2 organisaties"
    assert walked.text("lijst in gebruik").startswith("versie 1, overgenomen op ")


def test_a_list_that_was_never_taken_says_how_to(town: ListedTown) -> None:
    town.manager.publish([entry(town.running(KREDIETBANK))], 1)
    failed = check_list(town).failed
    assert failed.name == "lijst in gebruik"
    assert "blauwe-knop sources scheme lijst --refresh" in str(failed.found.advice)


@pytest.mark.parametrize("reply", [None, (200, b"geen lijst van 111111110", {})])
def test_a_list_that_cannot_be_had_or_read_is_told(
    listed: ListedTown, reply: tuple[int, bytes, dict[str, str]] | None
) -> None:
    listed.manager.reply = reply
    assert check_list(listed).failed.name == "lijst ophalen"


def test_a_list_of_another_signer_is_told(listed: ListedTown) -> None:
    other = SchemeManager()
    other.publish([entry(listed.running(KREDIETBANK))], 2)
    listed.manager.reply = other.reply
    assert check_list(listed).failed.name == "lijst ophalen"


@pytest.mark.parametrize("source_id", [KREDIETBANK, WATERSCHAP])
def test_an_organisation_of_the_list_is_walked_to_the_test_person(listed: ListedTown, source_id: str) -> None:
    walked = check_one(listed, oin_of(listed, source_id))
    assert walked.all_hold, walked
    names = [step.name for step in walked.steps]
    assert names[3:10] == ["lijst", *(f"ontdekken: {name}" for name in CONNECTION), "ontdekken"]
    assert names[10:] == [*CONNECTION, "HTTP", "toegang", "soort antwoord", "schema", "test-bsn"]
    assert walked.text("test-bsn").startswith("1 vordering, volledig")


@pytest.mark.parametrize(
    ("behaviour", "words"),
    [
        (Behaviour.UNSIGNED, "of another type"),
        (Behaviour.OTHER_SIGNER, ""),
        (Behaviour.WRONG_CITIZEN, "of another organisation"),
        (Behaviour.OTHER_VERSION, "no version that we speak"),
        (Behaviour.NOT_FOUND, "status 404"),
    ],
)
def test_discovery_that_fails_is_the_first_failure(
    listed: ListedTown, behaviour: Behaviour, words: str
) -> None:
    listed.simulation.switches.set(switch_name(KREDIETBANK), behaviour)
    failed = check_one(listed, oin_of(listed, KREDIETBANK)).failed
    assert failed.name == "ontdekken"
    assert words in failed.found.text


def test_a_listed_organisation_that_fails_is_told_as_any_other(listed: ListedTown) -> None:
    listed.simulation.switch(KREDIETBANK, Behaviour.WRONG_CITIZEN)
    assert check_one(listed, oin_of(listed, KREDIETBANK)).failed.name == "test-bsn"


def test_somebody_who_is_not_listed_is_told(listed: ListedTown) -> None:
    failed = check_one(listed, NOT_LISTED).failed
    assert failed.name == "lijst"
    assert "staat niet in de lijst" in failed.found.text


def test_without_a_list_in_use_no_organisation_of_it_is_asked(town: ListedTown) -> None:
    failed = check_one(town, oin_of(town, KREDIETBANK)).failed
    assert failed.name == "lijst"
    assert "there is no list of organisations yet" in failed.found.text
