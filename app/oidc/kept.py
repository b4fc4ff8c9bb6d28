"""What somebody published, fetched when needed and kept as long as they say."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from app.oidc.caching import Fetch, Fetched
from app.ports.login import ProviderUnavailable

_ASK_AT_MOST_EVERY_S = 5.0  # also when the provider allows no keeping at all: log-ins can be begun by anybody

T = TypeVar("T")
Monotonic = Callable[[], float]


class Kept(Generic[T]):
    """One fetched value. A failure is kept too, for seconds, so that waiting threads do not time out one by one."""

    def __init__(self, fetch: Fetch[T], monotonic: Monotonic) -> None:
        self._fetch = fetch
        self._now = monotonic
        self._lock = threading.Lock()
        self._known: tuple[float, Fetched[T]] | None = None
        self._failure: tuple[float, str] | None = None

    def get(self, younger_than_s: float | None = None) -> T:
        """`younger_than_s`: also ask again for a value that is fresh but older than this."""
        with self._lock:
            if self._known is not None and self._age_s(self._known) < self._life_s(younger_than_s):
                return self._known[1].value
            if self._failure is not None and self._age_s(self._failure) < _ASK_AT_MOST_EVERY_S:
                raise ProviderUnavailable(self._failure[1])
            return self._renew()

    def _age_s(self, at: tuple[float, object]) -> float:
        return self._now() - at[0]

    def _life_s(self, younger_than_s: float | None) -> float:
        fresh_s = 0.0 if self._known is None else max(self._known[1].fresh_for_s, _ASK_AT_MOST_EVERY_S)
        return fresh_s if younger_than_s is None else min(fresh_s, younger_than_s)

    def _renew(self) -> T:
        try:
            fetched = self._fetch(None if self._known is None else self._known[1])
        except ProviderUnavailable as failure:
            self._failure = (self._now(), failure.reason)
            raise
        self._known, self._failure = (self._now(), fetched), None
        return fetched.value
