"""`clients add`, `list` and `remove`: which app back ends may ask citizens for their overview. See docs/api/oauth.md."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.bootstrap import open_storage
from app.bootstrap_audit import command_audit
from app.cli.account import account_of_command
from app.cli.operate import FAILED, one_line
from app.cli.settings import allows_loopback_http, load_settings
from app.oauth.faults import Problem, RegistrationRefused
from app.oauth.register import ClientRegistry, Registrar
from app.oauth.registration import Stated
from app.persistence.client_store import SqlClientStore
from app.ports.audit import ActorKind
from app.ports.clients import Binding, ClientAuthentication, ClientChanged, ClientKind
from app.settings import Settings, SettingsError
from sources.ports import SystemClock


@one_line
def add(arguments: argparse.Namespace) -> int:
    """Register one client, or say everything that is wrong with it and change nothing."""
    settings = load_settings()
    stated, registry = _stated(arguments), _registry(settings)
    try:
        client = (registry.put if arguments.replace else registry.add)(stated, _who())
    except RegistrationRefused as refused:
        raise SettingsError(f"{arguments.id}: {refused}{_hint(refused)}") from None
    except ClientChanged:
        raise SettingsError(f"somebody changed {arguments.id} at the same moment") from None
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
    if not _registry(load_settings()).remove(client_id, _who()):
        print(f"Er is geen {client_id}.")
        return FAILED
    print(f"{client_id} is verwijderd, met alles wat burgers toestonden.")
    return 0


def _registry(settings: Settings) -> ClientRegistry:
    database = open_storage(settings).database
    return ClientRegistry(SqlClientStore(database), command_audit(settings, database), SystemClock())


def _who() -> Registrar:
    return Registrar(ActorKind.OPERATOR, account_of_command())


def _hint(refused: RegistrationRefused) -> str:
    is_taken = any(fault.problem is Problem.ID_TAKEN for fault in refused.faults)
    return "; --replace changes it" if is_taken else ""


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
        keys=[_read(arguments.jwks)],
        redirect_uris=arguments.redirect,
        scopes=arguments.scope,
        purpose=arguments.purpose,
        oin=arguments.oin,
        logo=None if arguments.logo is None else _read(arguments.logo),
        allow_loopback_http=allows_loopback_http(),
    )


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise SettingsError(f"{file}: cannot be read ({error.strerror})") from None
