"""The whole walk for one source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from sources.checking.access_token import token_looks
from sources.checking.answer import AnswerLooks
from sources.checking.batch import BatchLooks
from sources.checking.connection import ConnectionLooks
from sources.checking.exchange import exchange
from sources.checking.files import look_at_files
from sources.checking.index import index_looks
from sources.checking.own_keys import look_at_own_keys
from sources.checking.reports import look_at_reports
from sources.checking.scheme import MemberLooks, list_looks
from sources.checking.steps import Look, Step, holds, walk
from sources.checking.wires import WIRES
from sources.config import SourceConfig
from sources.errors import Misconfigured
from sources.ports import SourcePorts
from sources.registry import PROTOCOLS
from sources.transport.http import settings_of


def check_source(config: SourceConfig, ports: SourcePorts) -> Iterator[Step]:
    """Yield each step as it ends. A source that is not connected has nothing to walk: raises Misconfigured."""
    if not config.connected or config.protocol is None:
        raise Misconfigured("a source that is not connected is never asked")
    looks = list_looks if config.scheme is not None else _protocol_looks
    return walk(chain(_settings_looks(config, ports), looks(config, ports), _report_looks(config)))


def check_member(config: SourceConfig, oin: str, ports: SourcePorts) -> Iterator[Step]:
    """The same for one organisation of the signed list of this stanza."""
    return walk(chain(_settings_looks(config, ports), MemberLooks(config, oin, ports).looks()))


def _settings_looks(config: SourceConfig, ports: SourcePorts) -> Sequence[Look]:
    return (
        Look("instellingen", lambda: holds(f"protocol {config.protocol}")),
        Look("bestanden", lambda: look_at_files(config)),
        Look("eigen sleutels", lambda: look_at_own_keys(config, ports.clock.now())),
    )


def _report_looks(config: SourceConfig) -> Sequence[Look]:
    """Last: citizens can be told what they owe also when reports do not get through."""
    reports = config.reports
    return () if reports is None else (Look("meldingen", lambda: look_at_reports(reports)),)


def _protocol_looks(config: SourceConfig, ports: SourcePorts) -> Iterable[Look]:
    """The adapter itself, without the circuit breaker of `registry.build_source`."""
    protocol = str(config.protocol)
    adapter = PROTOCOLS[protocol](config, ports)
    if protocol == "batch":
        return BatchLooks(config, ports, adapter).looks()
    wire = WIRES[protocol](config)
    answer = AnswerLooks(config, wire, lambda: exchange(config, adapter, wire))
    connection = ConnectionLooks(settings_of(config), ports.clock)
    index = index_looks(config, ports, lambda: answer.answer)
    return (*connection.looks(), *token_looks(config, ports.clock), *answer.looks(), *index)
