"""What we tell about ourselves (RFC 8414), and where everything is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.oauth.jwts import ALGORITHMS
from app.ports.clients import ClientAuthentication
from app.ports.grants import Scope

METADATA = "/.well-known/oauth-authorization-server"
KEYS = "/oauth/sleutels"
PAR = "/oauth/par"
AUTHORIZE = "/oauth/authorize"
TOKEN = "/oauth/token"  # noqa: S105 -- an address
INTROSPECT = "/oauth/introspect"
REVOKE = "/oauth/revoke"
API = "/api/v1"
_BY_NAME = {
    "pushed_authorization_request_endpoint": PAR,
    "token_endpoint": TOKEN,
    "introspection_endpoint": INTROSPECT,
    "revocation_endpoint": REVOKE,
}


@dataclass(frozen=True, slots=True)
class Addresses:
    """`issuer`: our fixed public address. `with_certificate`: where connections may bring a client certificate (RFC 8705,
    section 5); None: nowhere."""

    issuer: str
    with_certificate: str | None = None

    @property
    def audience(self) -> str:
        """Of access tokens."""
        return self.issuer + API

    @property
    def audiences(self) -> frozenset[str]:
        """What a client assertion may be made for."""
        hosts = [self.issuer] if self.with_certificate is None else [self.issuer, self.with_certificate]
        return frozenset([self.issuer, *(host + path for host in hosts for path in _BY_NAME.values())])


def metadata(at: Addresses) -> dict[str, Any]:
    """Only what is there and works."""
    methods = [str(ClientAuthentication.PRIVATE_KEY_JWT)]
    extra: dict[str, Any] = {}
    if at.with_certificate is not None:
        methods.append(str(ClientAuthentication.CERTIFICATE))
        extra["tls_client_certificate_bound_access_tokens"] = True
        extra["mtls_endpoint_aliases"] = {name: at.with_certificate + path for name, path in _BY_NAME.items()}
    authentication = {
        f"{name}_endpoint_auth_{what}_supported": value
        for name in ("token", "introspection", "revocation")
        for what, value in (("methods", methods), ("signing_alg_values", list(ALGORITHMS)))
    }
    return {
        "issuer": at.issuer,
        "authorization_endpoint": at.issuer + AUTHORIZE,
        "jwks_uri": at.issuer + KEYS,
        **{name: at.issuer + path for name, path in _BY_NAME.items()},
        "require_pushed_authorization_requests": True,
        "scopes_supported": sorted(Scope),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code"],
        "code_challenge_methods_supported": ["S256"],
        "dpop_signing_alg_values_supported": list(ALGORITHMS),
        "authorization_response_iss_parameter_supported": True,
        "ui_locales_supported": ["nl"],
        **authentication,
        **extra,
    }
