"""What an operator states of a client, checked before it is kept: for the command and for the operator page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from app.oauth.client_keys import Jwk, checked_keys, read_keys
from app.oauth.faults import (
    LONGEST_NAME,
    LONGEST_PURPOSE,
    Collected,
    Fault,
    Field,
    Problem,
    RegistrationRefused,
)
from app.oauth.logo import clean_logo
from app.ports.clients import Binding, Client, ClientAuthentication, ClientKind
from app.ports.grants import Scope
from claims.identity import Oin

_CLIENT_ID = re.compile(r"[a-z0-9][a-z0-9-]{2,39}")
_HOST = re.compile(r"[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\]")
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """`keys`: each the content of a file (see `read_keys`), or a key that was registered before. `logo`: the content of a file;
    None for none. `allow_loopback_http`: only `simulators/demo` says so."""

    client_id: str
    name: str
    kind: ClientKind
    authentication: ClientAuthentication
    binding: Binding
    keys: Sequence[bytes | Jwk] = field(repr=False)
    redirect_uris: Sequence[str]
    scopes: Sequence[str]
    purpose: str
    oin: str | None
    logo: bytes | None = field(default=None, repr=False)
    allow_loopback_http: bool = False


@dataclass(frozen=True, slots=True)
class Checked:
    """`logo`: cleaned; None for none."""

    client: Client
    logo: bytes | None


def checked(stated: Stated, registered_at: datetime) -> Checked:
    """Raises RegistrationRefused with everything that is wrong."""
    found = Collected()
    logo = found.take(lambda: None if stated.logo is None else clean_logo(stated.logo), None)
    no_keys: list[dict[str, Any]] = []
    client = Client(
        client_id=found.take(lambda: _client_id(stated), ""),
        name=found.take(lambda: _text(Field.NAME, stated.name), ""),
        kind=stated.kind,
        authentication=stated.authentication,
        binding=stated.binding,
        jwks={"keys": found.take(lambda: _keys(stated, registered_at), no_keys)},
        redirect_uris=found.take(lambda: _redirects(stated), ()),
        scopes=found.take(lambda: _scopes(stated), frozenset()),
        purpose=found.take(lambda: _purpose(stated), ""),
        oin=found.take(lambda: _oin(stated), None),
        registered_at=registered_at,
        has_logo=logo is not None,
    )
    if found.faults:
        raise RegistrationRefused(*found.faults)
    return Checked(client, logo)


def _client_id(stated: Stated) -> str:
    if not _CLIENT_ID.fullmatch(stated.client_id):
        raise RegistrationRefused(Fault(Field.CLIENT_ID, Problem.ID))
    return stated.client_id


_TEXTS = {Field.NAME: (LONGEST_NAME, Problem.NAME), Field.PURPOSE: (LONGEST_PURPOSE, Problem.PURPOSE)}


def _text(which: Field, text: str) -> str:
    longest, problem = _TEXTS[which]
    shown = " ".join(text.split())
    if not shown or len(shown) > longest or not shown.isprintable():
        raise RegistrationRefused(Fault(which, problem))
    return shown


def _purpose(stated: Stated) -> str:
    """A gateway asks no citizen for anything."""
    return "" if stated.kind is ClientKind.GATEWAY else _text(Field.PURPOSE, stated.purpose)


def _oin(stated: Stated) -> str | None:
    try:
        return None if stated.oin is None else Oin(stated.oin).digits
    except ValueError:
        raise RegistrationRefused(Fault(Field.OIN, Problem.OIN)) from None


def _scopes(stated: Stated) -> frozenset[Scope]:
    known = [scope for scope in Scope if scope in stated.scopes]
    is_gateway = stated.kind is ClientKind.GATEWAY
    if is_gateway and stated.scopes:
        raise RegistrationRefused(Fault(Field.SCOPE, Problem.GATEWAY_SCOPE))
    if len(known) != len(set(stated.scopes)):
        raise RegistrationRefused(Fault(Field.SCOPE, Problem.UNKNOWN_SCOPE))
    if not known and not is_gateway:
        raise RegistrationRefused(Fault(Field.SCOPE, Problem.NO_SCOPE))
    return frozenset(known)


def _redirects(stated: Stated) -> tuple[str, ...]:
    addresses = tuple(dict.fromkeys(stated.redirect_uris))
    is_gateway = stated.kind is ClientKind.GATEWAY
    if bool(addresses) is is_gateway:
        problem = Problem.GATEWAY_REDIRECT if is_gateway else Problem.NO_REDIRECT
        raise RegistrationRefused(Fault(Field.REDIRECT, problem))
    found = [_wrong_with(one, allow_loopback_http=stated.allow_loopback_http) for one in addresses]
    faults = [
        Fault(Field.REDIRECT, wrong, place if len(addresses) > 1 else None)
        for place, wrong in enumerate(found, 1)
        if wrong
    ]
    if faults:
        raise RegistrationRefused(*faults)
    return addresses


def _wrong_with(address: str, *, allow_loopback_http: bool) -> Problem | None:
    try:
        parts = urlsplit(address)
        host = parts.netloc.rsplit(":", 1)[0] if parts.port else parts.netloc
    except ValueError:  # half an IPv6 address, a port that is none
        return Problem.NOT_AN_ADDRESS
    plain = address.isascii() and address.isprintable() and " " not in address and "\\" not in address
    if not plain or "#" in address or not _HOST.fullmatch(host):
        return Problem.NOT_AN_ADDRESS
    if parts.scheme == "http" and allow_loopback_http and parts.hostname in _LOOPBACK:
        return None
    return None if parts.scheme == "https" else Problem.NOT_HTTPS


def _keys(stated: Stated, now: datetime) -> list[dict[str, Any]]:
    keys: list[Jwk] = []
    for given in stated.keys:
        keys += read_keys(given, now) if isinstance(given, bytes) else [given]
    return checked_keys(keys, stated.authentication)
