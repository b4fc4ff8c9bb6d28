"""What the broker says about itself (OpenID Connect Discovery 1.0), kept for minutes and checked each time."""

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

    def address(name: str) -> str:
        try:
            return transport.check_address(unverified.get(name), allow_loopback_http=allow_loopback_http)
        except ValueError:
            raise ProviderUnavailable(f"metadata_{name}") from None

    def optional(name: str) -> str | None:
        return address(name) if unverified.get(name) is not None else None

    return Metadata(
        issuer=config.issuer,
        authorization_endpoint=address("authorization_endpoint"),
        token_endpoint=address("token_endpoint"),
        jwks_uri=address("jwks_uri"),
        userinfo_endpoint=optional("userinfo_endpoint"),
        end_session_endpoint=optional("end_session_endpoint"),
        sends_iss=unverified.get("authorization_response_iss_parameter_supported") is True,
    )


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
