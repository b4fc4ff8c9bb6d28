"""`clients add`, `list` and `remove`: which app back ends may ask citizens for their overview. See docs/api/oauth.md."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path

from app.bootstrap import open_storage
from app.bootstrap_audit import command_audit
from app.cli.account import account_of_command
from app.cli.operate import FAILED, one_line
from app.cli.settings import allows_loopback_http, load_settings
from app.oauth.logo import clean_logo
from app.oauth.registration import Stated, checked
from app.persistence.client_store import SqlClientStore
from app.ports.clients import Binding, ClientAuthentication, ClientExists, ClientKind
from app.services import audit_facts
from app.settings import SettingsError


@one_line
def add(arguments: argparse.Namespace) -> int:
    """Register one client, or say what is wrong with it and change nothing."""
    settings = load_settings()
    try:
        logo = None if arguments.logo is None else clean_logo(_read(arguments.logo))
        client = checked(_stated(arguments), datetime.now(UTC), has_logo=logo is not None)
    except ValueError as error:
        raise SettingsError(f"{arguments.id}: {error}") from None
    database = open_storage(settings).database
    store = SqlClientStore(database)
    if store.find(client.client_id) is not None and not arguments.replace:
        raise SettingsError(f"there is a client {client.client_id} already; --replace changes it")
    audit = command_audit(settings, database)
    audit.write(audit_facts.client_registered(account_of_command(), client.client_id))
    try:
        store.add(client, logo, replace=arguments.replace)
    except ClientExists:
        raise SettingsError(f"somebody registered {client.client_id} at the same moment") from None
    print(f"{client.client_id} staat geregistreerd: {client.name}.")
    if settings.api is None:
        print(
            "Let op: in de instellingen staat geen tabel [api], dus de dienst heeft nog geen adressen voor apps."
        )
    return 0


@one_line
def show() -> int:
    """One line per client, and its redirect addresses."""
    for client in SqlClientStore(open_storage(load_settings()).database).all():
        scopes = " ".join(sorted(client.scopes)) or "-"
        bound = "dpop" if client.binding is Binding.DPOP else "certificaat"
        print(f"{client.client_id:40} {client.kind:8} {client.authentication:28} {bound:12} {scopes}")
        print(f"    {client.name}{f', OIN {client.oin}' if client.oin else ''}")
        for address in client.redirect_uris:
            print(f"    {address}")
    return 0


@one_line
def remove(client_id: str) -> int:
    """From now on it is nobody; 1 when it was nobody already."""
    settings = load_settings()
    database = open_storage(settings).database
    store = SqlClientStore(database)
    if store.find(client_id) is None:
        print(f"Er is geen {client_id}.")
        return FAILED
    audit = command_audit(settings, database)
    audit.write(audit_facts.client_removed(account_of_command(), client_id))
    store.remove(client_id)
    print(f"{client_id} is verwijderd, met alles wat burgers toestonden.")
    return 0


def _stated(arguments: argparse.Namespace) -> Stated:
    by_certificate, bound = arguments.certificate, arguments.bind_certificate
    return Stated(
        client_id=arguments.id,
        name=arguments.name,
        kind=ClientKind.GATEWAY if arguments.gateway else ClientKind.APP,
        authentication=ClientAuthentication.CERTIFICATE
        if by_certificate
        else ClientAuthentication.PRIVATE_KEY_JWT,
        binding=Binding.CERTIFICATE if bound else Binding.DPOP,
        jwks=_jwks(arguments.jwks),
        redirect_uris=arguments.redirect,
        scopes=arguments.scope,
        purpose=arguments.purpose,
        oin=arguments.oin,
        allow_loopback_http=allows_loopback_http(),
    )


def _jwks(file: Path) -> object:
    try:
        return json.loads(_read(file))
    except (ValueError, RecursionError):
        raise SettingsError(f"{file}: is not JSON") from None


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise SettingsError(f"{file}: cannot be read ({error.strerror})") from None
