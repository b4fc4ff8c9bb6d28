"""A signed list of organisations: the list itself, and one organisation in it, from the list over discovery to a test
person. Nothing is stored: taking a newer list is the work of `blauwe-knop work`."""

from __future__ import annotations

from collections.abc import Iterator

from sources.checking.answer import AnswerLooks
from sources.checking.connection import ConnectionLooks
from sources.checking.exchange import exchange
from sources.checking.steps import Found, Look, fails, holds
from sources.checking.wires import WIRES
from sources.checking.words import counted
from sources.config import SourceConfig
from sources.deadline import Deadline
from sources.errors import Misconfigured, SourceError
from sources.fcid.adapter import FcidSource
from sources.fcid.scheme.adapter import config_for
from sources.fcid.scheme.discovery import discover
from sources.fcid.scheme.errors import ListRefused
from sources.fcid.scheme.members import Standing, standing_of
from sources.fcid.scheme.reader import ListedOrganisation, read_list
from sources.fcid.scheme.refresh import at_list, fetch_list
from sources.fcid.scheme.signed import load_pinned_keys
from sources.ports import SourcePorts
from sources.transport.http import settings_of

_TAKE_IT = "blauwe-knop sources scheme {} --refresh"
_PUBLISHER = "Leg dit voor aan wie de lijst uitgeeft; tot die tijd blijft de vorige lijst gelden."


def list_looks(config: SourceConfig, ports: SourcePorts) -> Iterator[Look]:
    """Of the stanza: can a list be had, is it good, and is one in use?"""
    if config.scheme is None:
        raise Misconfigured("this source has no list")
    if config.scheme.list_url is not None:
        yield from ConnectionLooks(settings_of(at_list(config)), ports.clock, of="lijst: ").looks()
    yield Look("lijst ophalen", lambda: _fetched(config, ports))
    yield Look("lijst in gebruik", lambda: _in_use(config, ports))


def _fetched(config: SourceConfig, ports: SourcePorts) -> Found:
    if config.scheme is None:
        raise Misconfigured("this source has no list")
    keys = load_pinned_keys(config.scheme.signer_file)
    try:
        listed = read_list(fetch_list(config), keys)
    except (ListRefused, SourceError) as error:
        return fails(f"geen goede lijst ({error})", _PUBLISHER)
    if not listed.is_valid_at(ports.clock.now()):
        return fails(f"de lijst geldt niet nu (tot {listed.valid_until:%d-%m-%Y %H:%M} UTC)", _PUBLISHER)
    count = sum(one.can_be_asked for one in listed.organisations)
    return holds(
        f"versie {listed.version}, goed ondertekend, met vorderingen van {counted(count, 'organisatie', 'organisaties')}"
    )


def _in_use(config: SourceConfig, ports: SourcePorts) -> Found:
    standing = standing_of(config, ports)
    problem = _problem(standing, ports)
    if problem or standing.held is None:
        return fails(f"geen ({problem}): burgers krijgen van elke organisatie geen antwoord", _take(config))
    return holds(
        f"versie {standing.held.version}, overgenomen op {standing.held.taken_at:%d-%m-%Y %H:%M} UTC"
    )


def _problem(standing: Standing, ports: SourcePorts) -> str | None:
    if standing.listed is None:
        return standing.problem
    return None if standing.listed.is_valid_at(ports.clock.now()) else "niet meer geldig"


def _take(config: SourceConfig) -> str:
    return f"Neem een lijst over: {_TAKE_IT.format(config.source_id)}, en kijk of blauwe-knop work draait."


class MemberLooks:
    """`config` is the stanza of the list. Where the organisation answers is known only after discovery: then come the
    steps of its own address."""

    def __init__(self, config: SourceConfig, oin: str, ports: SourcePorts) -> None:
        self._list, self._oin, self._ports = config, oin, ports
        self._listed: ListedOrganisation | None = None
        self._found: SourceConfig | None = None

    def looks(self) -> Iterator[Look]:
        yield Look("lijst", self._in_list)
        if self._listed is not None:
            at_discovery = self._list.model_copy(update={"url": self._listed.discovery_url})
            yield from ConnectionLooks(settings_of(at_discovery), self._ports.clock, of="ontdekken: ").looks()
        yield Look("ontdekken", self._discover)
        if self._found is not None:
            yield from self._own_looks(self._found)

    def _in_list(self) -> Found:
        standing = standing_of(self._list, self._ports)
        problem = _problem(standing, self._ports)
        if problem or standing.listed is None:
            return fails(f"er is geen lijst in gebruik ({problem})", _take(self._list))
        asked = (one for one in standing.listed.organisations if one.can_be_asked)
        self._listed = next((one for one in asked if one.oin == self._oin), None)
        if self._listed is None:
            return fails(
                "deze organisatie staat niet in de lijst als leverancier van vorderingen",
                f"Kijk met blauwe-knop sources scheme {self._list.source_id} wie er wel in staan.",
            )
        return holds(f"in versie {standing.listed.version}")

    def _discover(self) -> Found:
        if self._listed is None:
            raise Misconfigured("not in the list")
        member = config_for(self._list, self._listed.oin, self._listed.name)
        try:
            self._found = discover(self._listed, member, Deadline.after(self._list.total_seconds))
        except SourceError as error:
            advice = "Vraag de organisatie haar ontdekkingsdocument na te kijken, en haar sleutel en adres in de lijst."
            return fails(f"onbekend waar zij antwoordt ({error})", advice)
        return holds(f"FCID {self._found.fcid_version} op {settings_of(self._found).address.host}")

    def _own_looks(self, found: SourceConfig) -> Iterator[Look]:
        wire = WIRES["fcid"](found)
        adapter = FcidSource(found, self._ports)
        yield from ConnectionLooks(settings_of(found), self._ports.clock).looks()
        yield from AnswerLooks(found, wire, lambda: exchange(found, adapter, wire)).looks()
