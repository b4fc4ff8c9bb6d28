"""Every source of this installation, as it is now: stanzas that stand for one, and lists that stand for many."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sources.adapter import SourceAdapter
from sources.config import SourceConfig
from sources.fcid.scheme.members import SchemeMembers
from sources.ports import SourcePorts
from sources.registry import build_source, guarded, quiet
from sources.tracing import traced

Current = Callable[[], tuple[SourceAdapter, ...]]


class SourceDirectory:
    """One object per process; safe to share between threads."""

    def __init__(self, configs: Iterable[SourceConfig], ports: SourcePorts) -> None:
        self._parts = tuple(_part(traced(config), ports) for config in configs)

    def current(self) -> tuple[SourceAdapter, ...]:
        """All adapters, in the order of the settings. Raises nothing; a list that cannot be used is a source that gives
        no answer."""
        return tuple(adapter for part in self._parts for adapter in part())


def _part(config: SourceConfig, ports: SourcePorts) -> Current:
    if config.scheme is None or not config.connected:
        one = (build_source(config, ports),)
        return lambda: one
    ports = quiet(ports)
    return SchemeMembers(config, ports, lambda adapter: guarded(adapter, config, ports)).current
