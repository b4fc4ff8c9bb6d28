"""The broker as we know it at this moment: its metadata and keys, fetched when needed and kept for minutes."""

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from joserfc.jwk import Key

from app.oidc import transport
from app.oidc.config import Connection
from app.oidc.metadata import Metadata, parse_keys, parse_metadata, select_key
from app.ports.login import LoginRefused, ProviderUnavailable

_KEEP_FAILURE_S = 5.0

T = TypeVar("T")


class Provider:
    """Metadata and keys of one broker, at most `config.cache_for` old. Safe between threads."""

    def __init__(self, config: Connection, *, allow_loopback_http: bool = False) -> None:
        """Raises ValueError unless the issuer is https (or loopback, when that is allowed)."""
        transport.check_address(config.issuer, allow_loopback_http=allow_loopback_http)
        self._config = config
        self._allow_loopback_http = allow_loopback_http
        life_s = config.cache_for.total_seconds()
        self._metadata = _Kept(self._fetch_metadata, life_s)
        self._keys = _Kept(self._fetch_keys, life_s)

    def metadata(self) -> Metadata:
        """Raises ProviderUnavailable."""
        return self._metadata.get()

    def key(self, kid: str | None, algorithm: str) -> Key:
        """The broker's key for one signature. Raises LoginRefused when it has no such key, ProviderUnavailable.

        An unknown `kid` may mean that the broker changed keys: then ask once more, but not too often, or anybody could
        make us hammer the broker.
        """
        found = select_key(self._keys.get(), kid, algorithm)
        refresh_s = self._config.refresh_keys_after.total_seconds()
        if found is None:
            found = select_key(self._keys.get(younger_than_s=refresh_s), kid, algorithm)
        if found is None:
            raise LoginRefused("key_unknown")
        return found

    def _fetch_metadata(self) -> Metadata:
        address = self._config.issuer.rstrip("/") + "/.well-known/openid-configuration"
        unverified = transport.get_json(self._config, address)
        return parse_metadata(unverified, self._config, allow_loopback_http=self._allow_loopback_http)

    def _fetch_keys(self) -> tuple[Key, ...]:
        return parse_keys(transport.get_json(self._config, self.metadata().jwks_uri))


class _Kept(Generic[T]):
    """One fetched value. A failure is kept too, for seconds, so that waiting threads do not time out one by one."""

    def __init__(self, fetch: Callable[[], T], life_s: float) -> None:
        self._fetch = fetch
        self._life_s = life_s
        self._lock = threading.Lock()
        self._value: tuple[float, T] | None = None
        self._failure: tuple[float, str] | None = None

    def get(self, younger_than_s: float | None = None) -> T:
        life_s = self._life_s if younger_than_s is None else younger_than_s
        with self._lock:
            if self._value is not None and time.monotonic() - self._value[0] < life_s:
                return self._value[1]
            if self._failure is not None and time.monotonic() - self._failure[0] < _KEEP_FAILURE_S:
                raise ProviderUnavailable(self._failure[1])
            return self._renew()

    def _renew(self) -> T:
        try:
            fetched = self._fetch()
        except ProviderUnavailable as failure:
            self._failure = (time.monotonic(), failure.reason)
            raise
        self._value, self._failure = (time.monotonic(), fetched), None
        return fetched
