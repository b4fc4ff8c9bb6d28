"""When each source behaved how: what it may honestly have said within a stretch of time."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from threading import Lock

from simulators.organisations.behaviour import Behaviour
from tests.faults.world import source_named

# Whoever speaks which protocol: with these nobody gets a whole answer about himself.
_NEVER_WHOLE = frozenset(
    {
        Behaviour.DOWN,
        Behaviour.DRIP,
        Behaviour.DRIP_HEAD,
        Behaviour.MALFORMED,
        Behaviour.WRONG_CITIZEN,
        Behaviour.NO_CITIZEN,
        Behaviour.PARTIAL,
        Behaviour.UNREADABLE,
        Behaviour.REDIRECT,
        Behaviour.HTML_ERROR,
        Behaviour.SERVER_ERROR,
        Behaviour.TELLING_ERROR,
        Behaviour.REFUSED,
        Behaviour.NOT_FOUND,
        Behaviour.CUT_OFF,
    }
)
_OF_SUWIML = frozenset(
    {
        Behaviour.FUNCTIONAL_ERROR,
        Behaviour.FAULT,
        Behaviour.GATEWAY_FAULT,
        Behaviour.UNSIGNED_FAULT,
        Behaviour.EMPTY,
        Behaviour.DOCTYPE,
        Behaviour.UNSIGNED,
        Behaviour.BROKEN_SIGNATURE,
        Behaviour.OTHER_SIGNER,
        Behaviour.OTHER_QUESTION,
    }
)
MANY_CLAIMS = frozenset({Behaviour.HUGE, Behaviour.SECOND_PAGE_DOWN, Behaviour.SECOND_PAGE_WRONG_CITIZEN})


@dataclass
class Conduct:
    """Stretches (from, until, source, behaviour) in monotonic seconds. A behaviour counts from when the switch was surely
    turned until just before it is turned back."""

    _over: list[tuple[float, float, str, Behaviour]] = field(default_factory=list)
    _now: dict[str, tuple[float, Behaviour]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def turned(self, source_id: str, behaviour: Behaviour) -> None:
        with self._lock:
            self._now[source_id] = (time.monotonic(), behaviour)

    def will_turn_back(self, source_id: str) -> None:
        with self._lock:
            begun, behaviour = self._now.pop(source_id)
            self._over.append((begun, time.monotonic(), source_id, behaviour))

    def surely_failed(self, source_id: str, since: float) -> bool:
        """It cannot have given a whole answer between then and now."""
        protocol = source_named(source_id).protocol
        with self._lock:
            begun, behaviour = self._now.get(source_id, (0.0, Behaviour.NORMAL))
        never = behaviour in _NEVER_WHOLE or (protocol == "dkd" and behaviour in _OF_SUWIML)
        return never and begun < since

    def had_many_claims(self, source_id: str, since: float) -> bool:
        """Whether it may have told of claims that nobody has."""
        with self._lock:
            now = self._now.get(source_id, (0.0, Behaviour.NORMAL))[1]
            over = [one for one in self._over if one[2] == source_id and one[1] > since]
        return now in MANY_CLAIMS or any(one[3] in MANY_CLAIMS for one in over)
