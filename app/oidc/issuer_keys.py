"""The keys between us and an authorization server of others whose access tokens our API takes."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from joserfc.jwk import Key

from app.oidc import jose, transport
from app.oidc.caching import Fetched, fresh_for_s
from app.oidc.config import ClientCertificate
from app.oidc.kept import Kept, Monotonic
from app.oidc.key_certificates import Owner, keys_of
from app.oidc.keys import OwnKeys
from app.oidc.metadata import parse_keys, select_key
from app.ports.issuers import IssuerUnavailable
from app.ports.login import LoginRefused, ProviderUnavailable

ENCRYPTION = ("RSA-OAEP-256", "A256GCM")
CACHE_FOR_S, CACHE_AT_MOST_S, REFRESH_KEYS_AFTER_S = 300, 3600, 30


@dataclass(frozen=True, kw_only=True)
class PublishedAt:
    """The address of a JWK set. `ca_bundle`: path of the authorities for its TLS certificate; None: the system's. Times in
    seconds."""

    jwks_uri: str
    ca_bundle: str | None = None
    client_certificate: ClientCertificate | None = None
    connect_timeout_s: float = 3.0
    read_timeout_s: float = 5.0


@dataclass(frozen=True, kw_only=True)
class KeyRules:
    """`owner`: whose certificate each key must have; None: the address or the file says enough."""

    owner: Owner | None
    now: Callable[[], datetime]
    monotonic: Monotonic = time.monotonic


class IssuerKeySet:
    """Implements app.ports.issuers.IssuerKeys. Safe between threads."""

    def __init__(
        self,
        stated: PublishedAt | Mapping[str, Any],
        ours: OwnKeys,
        rules: KeyRules,
        *,
        allow_loopback_http: bool = False,
    ) -> None:
        """`stated`: where the JWK set is published, or the set itself, out of a file. Raises ValueError for an address that is
        not https, and for a set without a usable key."""
        self._ours = ours
        self._rules = rules
        if isinstance(stated, PublishedAt):
            transport.check_address(stated.jwks_uri, allow_loopback_http=allow_loopback_http)
        else:
            self._usable(stated)
        self._stated = stated
        self._kept = Kept(self._look, rules.monotonic)

    def key(self, kid: str, algorithm: str) -> Mapping[str, Any] | None:
        try:
            found = select_key(self._kept.get(), kid, algorithm)
            if (
                found is None
            ):  # the issuer may have changed keys; asked seldom, or anybody could make us hammer it
                found = select_key(self._kept.get(REFRESH_KEYS_AFTER_S), kid, algorithm)
        except ProviderUnavailable as error:
            raise IssuerUnavailable(error.reason) from None
        return None if found is None else found.as_dict(private=False)

    def opened(self, encrypted: str) -> str | None:
        try:
            return jose.decrypt(encrypted, self._ours.openers, ENCRYPTION)
        except LoginRefused:
            return None

    def our_public_keys(self) -> tuple[dict[str, Any], ...]:
        return tuple(own.public("enc") for own in self._ours.for_encryption)

    def _look(self, known: Fetched[tuple[Key, ...]] | None) -> Fetched[tuple[Key, ...]]:
        """Those of a file too again and again: certificates end."""
        try:
            if isinstance(self._stated, PublishedAt):
                return self._fetch(self._stated, known)
            return Fetched(self._usable(self._stated), CACHE_FOR_S, None, "")
        except ValueError:
            raise ProviderUnavailable("jwks_without_key") from None

    def _fetch(self, at: PublishedAt, known: Fetched[tuple[Key, ...]] | None) -> Fetched[tuple[Key, ...]]:
        asked = {} if known is None or known.etag is None else {"If-None-Match": known.etag}
        answer = transport.get(at, at.jwks_uri, asked)
        fresh_s = fresh_for_s(answer.headers, CACHE_FOR_S, CACHE_AT_MOST_S)
        if known is not None and answer.status == 304:
            return replace(known, fresh_for_s=fresh_s)
        keys = self._usable(transport.json_object(answer))
        return Fetched(keys, fresh_s, answer.headers.get("ETag"), at.jwks_uri)

    def _usable(self, unverified: Mapping[str, Any]) -> tuple[Key, ...]:
        """Raises ValueError when there is none, ProviderUnavailable when it is no JWK set."""
        try:
            keys = parse_keys(dict(unverified))
        except ProviderUnavailable:
            raise ValueError("this is no JWK set") from None
        owner = self._rules.owner
        trusted = keys if owner is None else keys_of(owner, keys, self._rules.now())
        if not trusted:
            raise ValueError(
                "the JWK set has no usable key, with a certificate of its owner where that is asked"
            )
        return trusted
