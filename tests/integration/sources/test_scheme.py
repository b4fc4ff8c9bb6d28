"""Organisations from a signed list, over real TLS: the list itself, discovery, and then the contract of every source."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from app.persistence.engine import open_database
from app.persistence.scheme_store import SqlSchemeStore
from claims.identity import Oin
from claims.outcome import FailureCause, OutcomeKind, PartialReason
from simulators.authority import create_authority
from simulators.organisations import Behaviour, Simulation
from simulators.organisations.discovery import switch_name
from simulators.organisations.scheme import LIST_PATH, SchemeManager, entry
from simulators.organisations.simulation import Running
from sources.adapter import SourceAdapter
from sources.config import SourceConfig, load_sources
from sources.directory import SourceDirectory
from sources.fcid.scheme.refresh import refresh
from sources.ports import SourcePorts, SystemClock
from tests.integration.sources.contract import SourceContract
from tests.integration.sources.support import PATIENT, SHORT, Town, answer_of, ask_adapter, cause_of
from tests.support.databases import migrated_sqlite

KREDIETBANK, WATERSCHAP = "kredietbank-rivierenstreek", "waterschap-zonnedelta"
CITIZEN = "111111110"

STANZA = """
[lijst]
organisation = "De lijst van organisaties"
protocol = "fcid"
ca_file = "{folder}/tls-root.pem"
client_certificate_file = "{folder}/client.pem"
client_key_file = "{folder}/client.key.pem"
circuit_failures = 100
{settings}
[lijst.scheme]
list_url = "https://127.0.0.1:{port}{path}"
signer_file = "{key_file}"
{scheme}
"""


@dataclass(frozen=True)
class ListedTown(Town):
    """As a town, but its organisations are found through the list."""

    manager: SchemeManager
    port: int
    ports: SourcePorts

    def running(self, source_id: str) -> Running:
        return next(r for r in self.simulation.running if r.organisation.source_id == source_id)

    def stanza(self, settings: str = PATIENT, scheme: str = "") -> SourceConfig:
        text = STANZA.format(
            folder=self.simulation.credentials.ca_file.resolve().parent,
            settings=settings,
            port=self.port,
            path=LIST_PATH,
            key_file=self.manager.write_key(self.folder / "lijst.jwk"),
            scheme=scheme,
        )
        (self.folder / "sources.toml").write_text(text)
        [config] = load_sources(self.folder / "sources.toml")
        return config

    def config(self, source_id: str, settings: str = PATIENT) -> SourceConfig:
        """The stanza of the list; the OIN tells `build` whom to ask."""
        oin = self.running(source_id).organisation.settings["oin"]
        return self.stanza(settings).model_copy(update={"oin": oin})

    def build(self, config: SourceConfig) -> SourceAdapter:
        of_list = config.model_copy(update={"oin": None})
        oin = None if config.oin is None else Oin(config.oin)
        current = SourceDirectory([of_list], self.ports).current()
        return next(one for one in current if one.source.organisation.oin == oin)

    def refresh(self, settings: str = PATIENT) -> str | None:
        return refresh(self.stanza(settings), self.ports).problem

    def publish(self, version: int, *source_ids: str) -> str | None:
        self.manager.publish([entry(self.running(one)) for one in source_ids], version)
        return self.refresh()

    def shown(self) -> dict[str, bool]:
        """Name of the organisation -> connected."""
        current = SourceDirectory([self.stanza()], self.ports).current()
        return {one.source.organisation.name: one.connected for one in current}


@pytest.fixture
def town(simulation: Simulation, tmp_path: Path) -> Iterator[ListedTown]:
    """Both organisations that supply FCID documents stand in version 1 of the list."""
    database = open_database(migrated_sqlite(tmp_path / "k.sqlite3"))
    manager = SchemeManager()
    authority = create_authority(simulation.credentials.ca_file.parent / "authority")
    server = manager.serve(authority, tmp_path)
    ports = SourcePorts(SystemClock(), schemes=SqlSchemeStore(database))
    town = ListedTown(simulation, tmp_path, manager, server.port, ports)
    assert town.publish(1, KREDIETBANK, WATERSCHAP) is None
    yield town
    server.stop()
    database.close()
    for source_id in simulation.ports:
        simulation.switches.set(source_id, None)
        simulation.switches.set(switch_name(source_id), None)


class TestThroughDiscovery(SourceContract):
    source_id = WATERSCHAP
    other_debtor = "999991553"
    references = frozenset({"WS-2026-771204"})
    partial_reason = PartialReason.SOURCE_SAYS_SO


def test_both_versions_are_found_by_discovery(town: ListedTown) -> None:
    assert [c.reference for c in answer_of(town.ask(KREDIETBANK, CITIZEN)).claims] == ["KB-2025-00611"]
    assert [c.reference for c in answer_of(town.ask(WATERSCHAP, CITIZEN)).claims] == ["WS-2026-771204"]


@pytest.mark.parametrize(
    ("behaviour", "cause"),
    [
        (Behaviour.DOWN, FailureCause.UNREACHABLE),
        (Behaviour.SERVER_ERROR, FailureCause.UNREACHABLE),
        (Behaviour.CUT_OFF, FailureCause.UNREACHABLE),
        (Behaviour.MALFORMED, FailureCause.MALFORMED),
        (Behaviour.HTML_ERROR, FailureCause.MALFORMED),
        (Behaviour.REDIRECT, FailureCause.MALFORMED),
        (Behaviour.COMPRESSED, FailureCause.MALFORMED),
        (Behaviour.UNSIGNED, FailureCause.MALFORMED),
        (Behaviour.OTHER_SIGNER, FailureCause.MALFORMED),
        (Behaviour.WRONG_CITIZEN, FailureCause.MALFORMED),  # here: the OIN of somebody else
        (Behaviour.OTHER_VERSION, FailureCause.MALFORMED),
        (Behaviour.PLAIN_ADDRESS, FailureCause.MALFORMED),
        (Behaviour.HUGE, FailureCause.TOO_LARGE),
        (Behaviour.NOT_FOUND, FailureCause.MISCONFIGURED),
        (Behaviour.REFUSED, FailureCause.REFUSED),
    ],
)
def test_discovery_that_fails_is_no_answer(
    town: ListedTown, behaviour: Behaviour, cause: FailureCause
) -> None:
    town.simulation.switches.set(switch_name(WATERSCHAP), behaviour)
    outcome = town.ask(WATERSCHAP, "999993549")  # somebody without claims
    assert outcome.kind is OutcomeKind.NO_ANSWER
    assert cause_of(outcome) is cause


@pytest.mark.parametrize("behaviour", [Behaviour.SLOW, Behaviour.DRIP])
def test_slow_discovery_ends_at_the_deadline_of_the_source(town: ListedTown, behaviour: Behaviour) -> None:
    town.simulation.switches.set(switch_name(WATERSCHAP), behaviour)
    begun = time.monotonic()
    assert cause_of(town.ask(WATERSCHAP, CITIZEN, SHORT)) is FailureCause.TOO_SLOW
    assert time.monotonic() - begun < 45


def test_an_unsigned_discovery_document_will_do_only_when_the_settings_say_so(town: ListedTown) -> None:
    town.simulation.switches.set(switch_name(WATERSCHAP), Behaviour.UNSIGNED)
    config = town.stanza(scheme='discovery = "tls"').model_copy(update={"oin": town.config(WATERSCHAP).oin})
    assert answer_of(ask_adapter(town.build(config), CITIZEN)).claims


def test_what_was_discovered_is_used_until_asking_fails(town: ListedTown) -> None:
    source = town.build(town.config(WATERSCHAP))
    assert answer_of(ask_adapter(source, CITIZEN)).claims
    town.simulation.switches.set(switch_name(WATERSCHAP), Behaviour.DOWN)
    assert answer_of(ask_adapter(source, CITIZEN)).claims
    town.simulation.switch(WATERSCHAP, Behaviour.NOT_FOUND)
    assert cause_of(ask_adapter(source, CITIZEN)) is FailureCause.MISCONFIGURED
    town.simulation.switch(WATERSCHAP, None)
    assert cause_of(ask_adapter(source, CITIZEN)) is FailureCause.UNREACHABLE  # it must be discovered again


def test_a_discovery_document_is_used_no_longer_than_the_settings_say(town: ListedTown) -> None:
    config = town.stanza(scheme="discovery_seconds = 0.001").model_copy(
        update={"oin": town.config(WATERSCHAP).oin}
    )
    source = town.build(config)
    assert answer_of(ask_adapter(source, CITIZEN)).claims
    town.simulation.switches.set(switch_name(WATERSCHAP), Behaviour.DOWN)
    assert cause_of(ask_adapter(source, CITIZEN)) is FailureCause.UNREACHABLE


def test_a_list_that_cannot_be_fetched_leaves_the_good_one_in_force(town: ListedTown) -> None:
    good = town.manager.publish([entry(town.running(KREDIETBANK))], 2)
    bad = [
        None,
        (307, b"", {"Location": LIST_PATH}),
        (500, b"", {}),
        (200, b"<html>", {}),
        (200, good[:-8], {}),
        (200, good, {"Content_Encoding": "gzip"}),
        (200, good + b" " * 3_000_000, {}),
    ]
    for reply in bad:
        town.manager.reply = reply
        with capture_logs() as logs:
            assert town.refresh() is not None
        assert logs[-1]["event"] == "scheme_list_refused"
        assert len(town.shown()) == 2
        assert all(town.shown().values())


def test_a_list_from_another_keeper_or_an_earlier_version_is_refused(town: ListedTown) -> None:
    own = town.manager.reply
    town.publish(3, KREDIETBANK, WATERSCHAP)
    town.manager.reply = own
    assert town.refresh() == "the version of the list is lower than that of the list we have"
    impostor = SchemeManager()
    impostor.publish([entry(town.running(KREDIETBANK))], 4)
    town.manager.reply = impostor.reply
    assert town.refresh() == "no key that we trust has signed this"
    assert all(town.shown().values())


def test_a_list_server_behind_another_certificate_is_not_believed(town: ListedTown) -> None:
    config = town.stanza()
    assert config.scheme is not None
    other = config.scheme.model_copy(
        update={"list_ca_file": town.simulation.credentials.client_certificate_file}
    )
    check = refresh(config.model_copy(update={"scheme": other}), town.ports)
    assert check.problem == "no trusted TLS connection"


def test_who_leaves_the_list_is_shown_as_not_connected(town: ListedTown) -> None:
    assert town.publish(2, KREDIETBANK) is None
    assert town.shown() == {
        "Kredietbank en Sociale Dienst Rivierenstreek": True,
        "Waterschap Zonnedelta": False,
    }
    outcome = town.ask(WATERSCHAP, CITIZEN)
    assert outcome.kind is OutcomeKind.NOT_CONNECTED
    assert not outcome.is_full


class Tomorrow:
    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(days=1, hours=1)


def test_when_the_list_has_ended_nobody_in_it_gives_an_answer(town: ListedTown) -> None:
    later = replace(town, ports=replace(town.ports, clock=Tomorrow()))
    outcome = later.ask(WATERSCHAP, "999993549")
    assert outcome.kind is OutcomeKind.NO_ANSWER
    assert cause_of(outcome) is FailureCause.MISCONFIGURED
