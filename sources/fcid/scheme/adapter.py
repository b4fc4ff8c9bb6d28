"""One organisation of a signed list: discover where it answers, then ask it as any other that supplies FCID."""

from __future__ import annotations

import time

from claims.identity import Bsn
from claims.outcome import Source, SourceAnswer
from sources.config import Contact, SourceConfig
from sources.deadline import Deadline
from sources.errors import Misconfigured, SourceUnavailable
from sources.fcid.adapter import FcidSource
from sources.fcid.scheme.discovery import discover
from sources.fcid.scheme.reader import ListedOrganisation
from sources.ports import SourcePorts


def listed_source_id(scheme: str, oin: str) -> str:
    """The same for every list that names this organisation."""
    return f"{scheme}-{oin}"


def config_for(config: SourceConfig, oin: str, name: str) -> SourceConfig:
    """The settings of a list, as those of one organisation in it. How to reach that one is not in the list."""
    source_id = listed_source_id(config.source_id, oin)
    own = {"source_id": source_id, "organisation": name, "oin": oin, "contact": Contact()}
    return config.model_copy(update=own)


class ListedFcidSource:
    """Safe to share between threads: two that discover at the same moment find the same."""

    connected = True

    def __init__(self, config: SourceConfig, listed: ListedOrganisation, ports: SourcePorts) -> None:
        self._config = config_for(config, listed.oin, listed.name)
        self._listed = listed
        self._ports = ports
        self._found: tuple[FcidSource, float] | None = None
        self.source: Source = self._config.source

    def ask(self, bsn: Bsn, deadline: Deadline) -> SourceAnswer:
        """Discovery and question share the time of one source. Raises a SourceError."""
        within = deadline.within(self._config.total_seconds)
        try:
            return self._discovered(within).ask(bsn, within)
        except (SourceUnavailable, Misconfigured):
            self._found = None  # perhaps it moved
            raise

    def _discovered(self, deadline: Deadline) -> FcidSource:
        found = self._found
        if found is not None and time.monotonic() < found[1]:
            return found[0]
        source = FcidSource(discover(self._listed, self._config, deadline), self._ports)
        lasts = self._config.scheme.discovery_seconds if self._config.scheme else 0
        self._found = (source, time.monotonic() + lasts)
        return source
