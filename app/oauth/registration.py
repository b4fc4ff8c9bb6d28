"""What an operator states of an app, checked before it is kept. Every ValueError is one clear line."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from cryptography import x509

from app.oauth.jwts import Unreadable, public_key
from app.ports.clients import Binding, Client, ClientAuthentication, ClientKind
from app.ports.grants import Scope
from claims.identity import Oin

MOST_KEYS = 10
LONGEST_NAME, LONGEST_PURPOSE = 60, 300
_CLIENT_ID = re.compile(r"[a-z0-9][a-z0-9-]{2,39}")
_HOST = re.compile(r"[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\]")
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_KEPT = ("kty", "crv", "x", "y", "n", "e", "kid", "x5c")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """`jwks`: the content of a JWK set. `allow_loopback_http`: only `simulators/demo` says so."""

    client_id: str
    name: str
    kind: ClientKind
    authentication: ClientAuthentication
    binding: Binding
    jwks: object
    redirect_uris: Sequence[str]
    scopes: Sequence[str]
    purpose: str
    oin: str | None
    allow_loopback_http: bool = False


def checked(stated: Stated, registered_at: datetime, *, has_logo: bool = False) -> Client:
    """Raises ValueError."""
    if not _CLIENT_ID.fullmatch(stated.client_id):
        raise ValueError("the id must be 3 to 40 of a-z, 0-9 and hyphens")
    return Client(
        client_id=stated.client_id,
        name=_text(stated.name, LONGEST_NAME, "name"),
        kind=stated.kind,
        authentication=stated.authentication,
        binding=stated.binding,
        jwks={"keys": _keys(stated.jwks, stated.authentication)},
        redirect_uris=_redirects(stated),
        scopes=_scopes(stated),
        purpose=_purpose(stated),
        oin=None if stated.oin is None else Oin(stated.oin).digits,
        registered_at=registered_at,
        has_logo=has_logo,
    )


def _text(text: str, longest: int, what: str) -> str:
    shown = " ".join(text.split())
    if not shown or len(shown) > longest or not shown.isprintable():
        raise ValueError(f"the {what} must be 1 to {longest} printable characters")
    return shown


def _purpose(stated: Stated) -> str:
    """A gateway asks no citizen for anything."""
    return "" if stated.kind is ClientKind.GATEWAY else _text(stated.purpose, LONGEST_PURPOSE, "purpose")


def _scopes(stated: Stated) -> frozenset[Scope]:
    if stated.kind is ClientKind.GATEWAY:
        if stated.scopes:
            raise ValueError("a gateway has no scopes")
        return frozenset()
    try:
        scopes = frozenset(map(Scope, stated.scopes))
    except ValueError:
        raise ValueError(f"there are only these scopes: {', '.join(Scope)}") from None
    if not scopes:
        raise ValueError("an app needs at least one scope")
    return scopes


def _redirects(stated: Stated) -> tuple[str, ...]:
    addresses = tuple(dict.fromkeys(stated.redirect_uris))
    if bool(addresses) is (stated.kind is ClientKind.GATEWAY):
        raise ValueError("an app needs a redirect address, and a gateway has none")
    for address in addresses:
        _check_redirect(address, allow_loopback_http=stated.allow_loopback_http)
    return addresses


def _check_redirect(address: str, *, allow_loopback_http: bool) -> None:
    parts = urlsplit(address)
    host = parts.netloc.rsplit(":", 1)[0] if parts.port else parts.netloc
    plain = address.isascii() and address.isprintable() and " " not in address and "\\" not in address
    if not plain or "#" in address or not _HOST.fullmatch(host):
        raise ValueError("a redirect address is a whole web address without user name, spaces and fragment")
    if parts.scheme == "http" and allow_loopback_http and parts.hostname in _LOOPBACK:
        return
    if parts.scheme != "https":
        raise ValueError("a redirect address must start with https://")


def _keys(jwks: object, authentication: ClientAuthentication) -> list[dict[str, Any]]:
    listed = jwks.get("keys") if isinstance(jwks, dict) else None
    if not isinstance(listed, list) or not 1 <= len(listed) <= MOST_KEYS:
        raise ValueError(f"the JWK set must have 1 to {MOST_KEYS} keys")
    keys = [_key(jwk, authentication) for jwk in listed if not _is_for_encryption(jwk)]
    names = [key.get("kid") for key in keys]
    if not keys or len(set(names)) != len(names) or (len(names) > 1 and None in names):
        raise ValueError("the JWK set needs keys for signatures, each with a kid of its own")
    return keys


def _is_for_encryption(jwk: object) -> bool:
    return isinstance(jwk, dict) and jwk.get("use") == "enc"


def _key(jwk: object, authentication: ClientAuthentication) -> dict[str, Any]:
    try:
        key = public_key(jwk)
    except Unreadable:
        raise ValueError(
            "a key must be a public JWK: RSA of 2048 bits or more, or EC P-256; never a private key"
        ) from None
    stated = {name: value for name, value in dict(jwk).items() if name in _KEPT}  # type: ignore[call-overload]
    if authentication is ClientAuthentication.CERTIFICATE:
        _check_certificate(stated.get("x5c"), key.public_key)
    return stated


def _check_certificate(chain: object, public: object) -> None:
    """RFC 8705, section 2.2: the certificate itself is registered, in `x5c` (RFC 7517, section 4.7)."""
    try:
        leaf = chain[0] if isinstance(chain, list) else ""
        certificate = x509.load_der_x509_certificate(base64.b64decode(leaf, validate=True))
    except (IndexError, TypeError, ValueError, binascii.Error):
        raise ValueError("each key needs its certificate in x5c, to prove itself by certificate") from None
    if certificate.public_key() != public:
        raise ValueError("a certificate in x5c belongs to another key")
