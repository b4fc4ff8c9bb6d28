"""Protocol name -> adapter. A new protocol is one folder and one line here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from sources.adapter import FailingSource, SourceAdapter, UnconnectedSource
from sources.batch.adapter import BatchSource
from sources.breaker import BreakerLimits, CircuitBreaker
from sources.config import SourceConfig
from sources.dkd.adapter import DkdSource
from sources.errors import Misconfigured
from sources.fcid.adapter import FcidSource
from sources.guarded import GuardedSource
from sources.indexed import Index, IndexedSource
from sources.municipal_rest.adapter import MunicipalRestSource
from sources.ports import SourcePorts
from sources.reporting import QuietEvents

Build = Callable[[SourceConfig, SourcePorts], SourceAdapter]

PROTOCOLS: dict[str, Build] = {
    "batch": BatchSource.build,
    "dkd": DkdSource.build,
    "fcid": FcidSource.build,
    "municipal_rest": MunicipalRestSource.build,
}


def build_source(config: SourceConfig, ports: SourcePorts) -> SourceAdapter:
    """The adapter of one stanza. Opens no file and no connection: what is wrong there is an outcome when asked.
    A list of organisations is for `sources.directory`."""
    if not config.connected or config.protocol is None:
        return UnconnectedSource(config.source)
    ports = quiet(ports)
    if config.scheme is not None:
        not_one = FailingSource(config.source, Misconfigured, "a list of organisations is not one source")
        return guarded(not_one, config, ports)
    source = guarded(PROTOCOLS[config.protocol](config, ports), config, ports)
    if config.index is None or config.stored_as is None:
        return source
    return IndexedSource(source, Index(config.stored_as, config.index, ports.batches), ports.clock)


def quiet(ports: SourcePorts) -> SourcePorts:
    """The same ports, of which the events cannot cost an answer."""
    return replace(ports, events=QuietEvents(ports.events))


def guarded(adapter: SourceAdapter, config: SourceConfig, ports: SourcePorts) -> GuardedSource:
    """Behind a circuit breaker of its own."""
    breaker = CircuitBreaker(BreakerLimits(config.circuit_failures, config.circuit_seconds))
    return GuardedSource(adapter, breaker, ports.events)


def build_sources(configs: Iterable[SourceConfig], ports: SourcePorts) -> tuple[SourceAdapter, ...]:
    """All adapters, in the order of the settings."""
    return tuple(build_source(config, ports) for config in configs)
