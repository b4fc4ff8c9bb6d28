"""The seal of this installation: proven before it is used, and followed when another key becomes active.

With a key folder the name of the active key is looked at before every document (one `stat`), so `keys rotate` works
while the service runs and no process has to be restarted. A new key that cannot be used changes nothing: the process
goes on with the old one, says so in its log, and looks again later.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog

from app.ports.seals import Seals
from app.ports.snapshot import Issuer
from app.services.issue import Sealing
from app.services.publication import PublishedSeal, publish
from signing.errors import SigningError
from signing.keys.backend import KeyBackend
from signing.keys.checks import Expected, check_key, refuse_unsound
from signing.policy import TrustPolicy
from signing.sealing.jws import JsonSeal
from signing.verifying.examination import examine_here

_log = structlog.stdlib.get_logger(__name__)
_LOOK_AGAIN_S = 30.0


@dataclass(frozen=True)
class SealInUse:
    """One key: what seals with it, and what we publish about it."""

    sealing: Sealing
    published: PublishedSeal


def proven_seal(
    key: KeyBackend, issuer: Issuer, policy: TrustPolicy, levels: Callable[[KeyBackend], Seals]
) -> SealInUse:
    """The seal with this key; `levels` makes its PDF seals.

    Raises KeyRefused when we would not trust it, SigningError when the key cannot sign.
    """
    refuse_unsound(check_key(key, expected(issuer), policy, datetime.now(UTC)))
    sealing = Sealing(
        issuer, levels(key), JsonSeal(key), lambda data: examine_here(data, policy, datetime.now(UTC))
    )
    identifier = issuer.organization_identifier
    trusted = next(one for one in policy.organisations if one.organization_identifier == identifier)
    return SealInUse(sealing, publish(trusted, key.certificate, key.chain))


def expected(issuer: Issuer) -> Expected:
    """What the seal certificate must say."""
    oin = issuer.organisation.oin
    return Expected(issuer.organization_identifier, "" if oin is None else oin.digits)


@dataclass(frozen=True)
class KeySource:
    """`load` gives the seal with the active key; `stamp` is something that differs once another key is active."""

    load: Callable[[], SealInUse]
    stamp: Callable[[], object]


class OwnSeal:
    """The seal with the key that is active now. Loads at once: raises what `load` raises."""

    def __init__(self, source: KeySource) -> None:
        self._source = source
        self._lock = threading.Lock()
        self._stamp = source.stamp()
        self._seal = source.load()
        self._failed_at = -math.inf

    def sealing(self) -> Sealing:
        """What seals. Never raises: the key before the last change is good too."""
        return self._current().sealing

    def published(self) -> PublishedSeal:
        """What others need to check it."""
        return self._current().published

    def _current(self) -> SealInUse:
        if self._is_changed() and self._lock.acquire(blocking=False):
            try:
                self._follow()
            finally:
                self._lock.release()
        return self._seal

    def _is_changed(self) -> bool:
        return self._source.stamp() != self._stamp and time.monotonic() >= self._failed_at + _LOOK_AGAIN_S

    def _follow(self) -> None:
        stamp = self._source.stamp()
        try:
            self._seal = self._source.load()
        except SigningError as error:
            self._failed_at = time.monotonic()
            _log.error("the new sealing key cannot be used, going on with the old one", reason=str(error))
            return
        self._stamp = stamp
        _log.info("another sealing key is active", key_id=self._seal.sealing.pdf.key_id)
