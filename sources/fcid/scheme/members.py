"""The organisations of one signed list as sources, now. Nobody whom a list ever named is absent from them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from sources.adapter import FailingSource, SourceAdapter, UnconnectedSource
from sources.config import SourceConfig
from sources.errors import Misconfigured, SourceError, SourceUnavailable
from sources.fcid.scheme.adapter import ListedFcidSource, config_for
from sources.fcid.scheme.errors import ListRefused
from sources.fcid.scheme.reader import ListedOrganisation, SchemeList, read_list
from sources.fcid.scheme.signed import load_pinned_keys
from sources.ports import HeldScheme, RememberedOrganisation, SourcePorts

LOOK_EVERY_SECONDS = 30.0
Guard = Callable[[SourceAdapter], SourceAdapter]


@dataclass(frozen=True, slots=True)
class Standing:
    """What is held, and the list in it when its signature is right under the keys of today. `problem` says why not."""

    held: HeldScheme | None = None
    listed: SchemeList | None = None
    problem: str = "there is no list of organisations yet"


def standing_of(config: SourceConfig, ports: SourcePorts) -> Standing:
    """Read the store and verify again: trust rests on the pinned key, not on the database. Raises a SourceError when
    the store cannot be used."""
    if config.scheme is None:
        raise Misconfigured("this source has no list")
    held = ports.schemes.load(config.source_id)
    if held is None:
        return Standing()
    try:
        return Standing(held, read_list(held.token, load_pinned_keys(config.scheme.signer_file)))
    except (ListRefused, SourceError) as error:
        return Standing(held, None, str(error))


class SchemeMembers:
    """Looks at the store again after a while, so that all processes follow the list without a restart. An organisation
    of which nothing changed keeps its adapter, with its circuit breaker and what it discovered."""

    def __init__(self, config: SourceConfig, ports: SourcePorts, guard: Guard) -> None:
        self._config, self._ports, self._guard = config, ports, guard
        self._lock = threading.Lock()
        self._standing: Standing | None = None
        self._look_again_at = 0.0
        self._adapters: dict[ListedOrganisation, SourceAdapter] = {}

    def current(self) -> tuple[SourceAdapter, ...]:
        """Never empty: without any list, the list itself is a source that gives no answer."""
        with self._lock:
            self._look()
            if self._standing is None:
                store_down = "the store of lists cannot be used now"
                return (self._guard(FailingSource(self._config.source, SourceUnavailable, store_down)),)
            return self._sources(self._standing)

    def _look(self) -> None:
        """A store that cannot be used now leaves us with what we knew."""
        if self._standing is not None and time.monotonic() < self._look_again_at:
            return
        with suppress(SourceError):
            self._standing = standing_of(self._config, self._ports)
        self._look_again_at = time.monotonic() + LOOK_EVERY_SECONDS

    def _sources(self, standing: Standing) -> tuple[SourceAdapter, ...]:
        listed, problem = standing.listed, standing.problem
        if listed is not None and not listed.is_valid_at(self._ports.clock.now()):
            listed, problem = None, "the list of organisations is not valid any more"
        self._adapters = self._members(listed)
        remembered = standing.held.organisations if standing.held else ()
        known = {one.oin for one in self._adapters}
        others = (
            self._other(one, problem if listed is None else None)
            for one in remembered
            if one.oin not in known
        )
        return (*self._adapters.values(), *others) or (self._failing(self._config, problem),)

    def _members(self, listed: SchemeList | None) -> dict[ListedOrganisation, SourceAdapter]:
        if listed is None:
            return {}
        asked = (one for one in listed.organisations if one.can_be_asked)
        return {one: self._adapters.get(one) or self._build(one) for one in asked}

    def _build(self, listed: ListedOrganisation) -> SourceAdapter:
        return self._guard(ListedFcidSource(self._config, listed, self._ports))

    def _other(self, remembered: RememberedOrganisation, problem: str | None) -> SourceAdapter:
        """Somebody who left the list, or who cannot be asked because of a problem with the list."""
        config = config_for(self._config, remembered.oin, remembered.name)
        if remembered.left_at is not None or problem is None:
            return UnconnectedSource(config.source)
        return self._failing(config, problem)

    def _failing(self, config: SourceConfig, problem: str) -> SourceAdapter:
        return self._guard(FailingSource(config.source, Misconfigured, problem))
