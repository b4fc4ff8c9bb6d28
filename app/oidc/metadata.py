"""What the broker says about itself (OpenID Connect Discovery 1.0; RFC 8414), checked each time that it is fetched."""

from dataclasses import dataclass
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, Key, RSAKey

from app.oidc import transport
from app.oidc.config import Connection
from app.oidc.keys import MINIMUM_RSA_BITS
from app.ports.login import ProviderUnavailable

_KINDS = {"PS": "RSA", "RS": "RSA", "ES": "EC"}


@dataclass(frozen=True)
class Metadata:
    """The broker's addresses, each https (or loopback in the demo)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None
    end_session_endpoint: str | None
    pushed_request_endpoint: str | None
    sends_iss: bool


def parse_metadata(
    unverified: dict[str, Any], config: Connection, *, allow_loopback_http: bool = False
) -> Metadata:
    """Check a discovery document. Raises ProviderUnavailable, also when it is that of another issuer (section 4.3)."""
    if unverified.get("issuer") != config.issuer:
        raise ProviderUnavailable("metadata_issuer")
    methods = unverified.get("code_challenge_methods_supported", ["S256"])
    if not isinstance(methods, list) or "S256" not in methods:
        raise ProviderUnavailable("metadata_without_s256")

    _check_methods(unverified, config)
    find = _Addresses(unverified, config.uses_tls_authentication, allow_loopback_http)
    return Metadata(
        issuer=config.issuer,
        authorization_endpoint=find.address("authorization_endpoint"),
        token_endpoint=find.address("token_endpoint", for_programs=True),
        jwks_uri=find.address("jwks_uri"),
        userinfo_endpoint=find.optional("userinfo_endpoint", for_programs=True),
        end_session_endpoint=find.optional("end_session_endpoint"),
        pushed_request_endpoint=find.optional("pushed_authorization_request_endpoint", for_programs=True),
        sends_iss=unverified.get("authorization_response_iss_parameter_supported") is True,
    )


def _check_methods(unverified: dict[str, Any], config: Connection) -> None:
    """Better a clear word before the log-in than a refusal after it."""
    stated = unverified.get("token_endpoint_auth_methods_supported")
    if isinstance(stated, list) and config.client_authentication.value not in stated:
        raise ProviderUnavailable("metadata_client_authentication")


@dataclass(frozen=True)
class _Addresses:
    """`with_aliases`: who proves itself by certificate calls the addresses that ask for one (RFC 8705, section 5)."""

    unverified: dict[str, Any]
    with_aliases: bool
    allow_loopback_http: bool

    def address(self, name: str, *, for_programs: bool = False) -> str:
        stated = self._stated(name, for_programs=for_programs)
        try:
            return transport.check_address(stated, allow_loopback_http=self.allow_loopback_http)
        except ValueError:
            raise ProviderUnavailable(f"metadata_{name}") from None

    def optional(self, name: str, *, for_programs: bool = False) -> str | None:
        if self._stated(name, for_programs=for_programs) is None:
            return None
        return self.address(name, for_programs=for_programs)

    def _stated(self, name: str, *, for_programs: bool) -> object:
        aliases = self.unverified.get("mtls_endpoint_aliases")
        if self.with_aliases and for_programs and isinstance(aliases, dict) and name in aliases:
            return aliases[name]
        return self.unverified.get(name)


def parse_keys(unverified: dict[str, Any]) -> tuple[Key, ...]:
    """The usable public keys of a JWK set. A key of a kind that we do not know is skipped (RFC 7517, section 5)."""
    entries = unverified.get("keys")
    if not isinstance(entries, list):
        raise ProviderUnavailable("jwks")
    keys: list[Key] = []
    for entry in entries:
        if not isinstance(entry, dict) or entry.get("kty") not in _KINDS.values():
            continue
        try:
            keys.append(JWKRegistry.import_key(entry))
        except (JoseError, ValueError, TypeError):
            continue
    return tuple(key for key in keys if _is_strong(key))


def _is_strong(key: Key) -> bool:
    return not isinstance(key, RSAKey) or key.raw_value.key_size >= MINIMUM_RSA_BITS


def select_key(keys: tuple[Key, ...], kid: str | None, algorithm: str) -> Key | None:
    """The one signing key with this `kid`; without `kid` only when there is just one (OpenID Connect Core, 10.1)."""
    fitting = [
        key
        for key in keys
        if key.key_type == _KINDS.get(algorithm[:2])
        and key.get("use") in (None, "sig")
        and key.get("alg") in (None, algorithm)
        and kid in (None, key.get("kid"))
    ]
    return fitting[0] if len(fitting) == 1 else None
