"""The broker as we know it at this moment: its metadata and keys, fetched when needed and kept as long as it says."""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from joserfc.jwk import Key

from app.oidc import jose, transport
from app.oidc.caching import Fetched, fresh_for_s
from app.oidc.config import Connection
from app.oidc.kept import Kept, Monotonic
from app.oidc.metadata import Metadata, parse_keys, parse_metadata, select_key
from app.ports.login import LoginRefused, ProviderUnavailable

T = TypeVar("T")


class Provider:
    """Metadata and keys of one broker. Safe between threads."""

    def __init__(
        self, config: Connection, *, allow_loopback_http: bool = False, monotonic: Monotonic = time.monotonic
    ) -> None:
        """Raises ValueError unless the issuer is https (or loopback, when that is allowed)."""
        transport.check_address(config.issuer, allow_loopback_http=allow_loopback_http)
        self._config = config
        self._allow_loopback_http = allow_loopback_http
        self._metadata = Kept(self._fetch_metadata, monotonic)
        self._keys = Kept(self._fetch_keys, monotonic)

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

    def _fetch_metadata(self, known: Fetched[Metadata] | None) -> Fetched[Metadata]:
        address = self._config.issuer.rstrip("/") + "/.well-known/openid-configuration"
        return self._fetch(address, known, self._parse_metadata)

    def _fetch_keys(self, known: Fetched[tuple[Key, ...]] | None) -> Fetched[tuple[Key, ...]]:
        return self._fetch(self.metadata().jwks_uri, known, parse_keys)

    def _fetch(
        self, address: str, known: Fetched[T] | None, parse: Callable[[dict[str, Any]], T]
    ) -> Fetched[T]:
        etag = known.etag if known is not None and known.address == address else None
        answer = transport.get(self._config, address, {"If-None-Match": etag} if etag else None)
        without_directive_s = self._config.cache_for.total_seconds()
        fresh_s = fresh_for_s(answer.headers, without_directive_s, self._config.cache_at_most.total_seconds())
        if known is not None and answer.status == 304:
            return replace(known, fresh_for_s=fresh_s)
        return Fetched(parse(transport.json_object(answer)), fresh_s, answer.headers.get("ETag"), address)

    def _parse_metadata(self, unverified: dict[str, Any]) -> Metadata:
        signed = unverified.get("signed_metadata")
        if signed is not None:
            unverified = {**unverified, **self._open_signed_metadata(signed, unverified)}
        return parse_metadata(unverified, self._config, allow_loopback_http=self._allow_loopback_http)

    def _open_signed_metadata(self, signed: object, unverified: dict[str, Any]) -> jose.Claims:
        """RFC 8414, 2.1: what is signed goes before what is not; `iss` must be there. The keys are those of the provider
        itself (OpenID NLGov 1.0.1), fetched over a connection that proves whose they are."""
        plain = parse_metadata(unverified, self._config, allow_loopback_http=self._allow_loopback_http)
        keys = parse_keys(transport.json_object(transport.get(self._config, plain.jwks_uri)))
        try:
            claims = jose.open_signed(
                str(signed), _finder(keys), self._config.profile.signing_algorithms, jose.METADATA
            )
        except LoginRefused:
            raise ProviderUnavailable("metadata_signature") from None
        if claims.get("iss") != self._config.issuer:
            raise ProviderUnavailable("metadata_signature_issuer")
        return claims


def _finder(keys: tuple[Key, ...]) -> jose.FindKey:
    def find(kid: str | None, algorithm: str) -> Key:
        found = select_key(keys, kid, algorithm)
        if found is None:
            raise LoginRefused("key_unknown")
        return found

    return find
