"""The instance folder of the demo: throw-away keys and certificates, settings, a migrated SQLite database."""

from __future__ import annotations

import base64
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alembic.util import CommandError
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from app.oidc.keys import load_decryption_key, load_signing_key, public_jwks
from app.persistence.cipher import new_key_line
from app.persistence.engine import open_database
from app.persistence.migrations import DatabaseTooNew, upgrade
from app.ports.storage import StorageUnavailable
from app.settings import SettingsError, load_settings
from app.settings.theme import load_theme
from signing.errors import SigningError
from simulators.authority import DEMO_IDENTIFIER, Authority, create_authority
from simulators.counselling import organisation as counselling
from simulators.demo import example_app
from simulators.demo.errors import DemoError
from simulators.demo.processes import ensure_free
from simulators.demo.settings_text import (
    COUNSEL_CLIENT_ID,
    ORGANISATION,
    STAFF_CLIENT_ID,
    Addresses,
    settings_text,
)
from simulators.demo.themes import copy_themes
from simulators.organisations.data_files import load_organisations
from simulators.time_stamps import load_time_stamps

MARKER = "DEMO"
MARKER_TEXT = "Made by `make demo`. Everything in this folder is simulated and may be thrown away.\n"
ORGANISATIONS = 10  # the first of their ports, counted from the service's own
RSA_BITS = 3072
SETTINGS = ("--config", "python:simulators.demo.gunicorn_settings")
GUNICORN = (*SETTINGS, "--timeout", "300", "--graceful-timeout", "5", "--no-control-socket")
UNUSABLE = (OSError, ValueError, SettingsError, SigningError)

WORKER = "app.http.patient_worker.PatientWorker"


@dataclass(frozen=True, slots=True)
class Instance:
    """Where things are. `port` is the service; then come the operator site, DigiD, the provider for
    employees, the time-stamps and the provider of the counselling organisation.
    `of_organisations`: more arguments for the program of the organisations. `public_url`: what the log-in providers know us by
    where a proxy stands before the service; None: `url`."""

    folder: Path
    port: int
    of_organisations: tuple[str, ...] = ()
    public_url: str | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def digid_url(self) -> str:
        return f"http://127.0.0.1:{self.port + 2}"

    @property
    def operator_url(self) -> str:
        return f"http://127.0.0.1:{self.port + 1}"

    @property
    def staff_url(self) -> str:
        return f"http://127.0.0.1:{self.port + 3}"

    @property
    def trust_services_url(self) -> str:
        return f"http://127.0.0.1:{self.port + 4}"

    @property
    def counselling_url(self) -> str:
        return f"http://127.0.0.1:{self.port + 5}"

    @property
    def trust_services_arguments(self) -> tuple[str, ...]:
        return (
            *("--port", str(self.port + 4)),
            *("--authority", str(self.folder / "autoriteit")),
            *("--tsa", str(self.folder / "tijdstempel")),
        )

    @property
    def settings_file(self) -> Path:
        return self.folder / "settings.toml"

    @property
    def sources_file(self) -> Path:
        return self.folder / "organisaties" / "sources.toml"

    @property
    def database_file(self) -> Path:
        return self.folder / "blauwe-knop.sqlite3"

    @property
    def app_folder(self) -> Path:
        return self.folder / "voorbeeldapp"

    @property
    def app_redirect_uri(self) -> str:
        """Nothing of the demo listens there: it is for who tries to be the app."""
        return f"http://127.0.0.1:{self.port + 9}/terug"

    @property
    def ports(self) -> tuple[tuple[int, str], ...]:
        """Every port that the demo takes, and for what."""
        organisations = range(
            self.port + ORGANISATIONS, self.port + ORGANISATIONS + len(load_organisations())
        )
        simulated = tuple((port, "een nagebootste organisatie") for port in organisations)
        ours = ((self.port, "de dienst"), (self.port + 1, "de beheersite"))
        beside = ((self.port + 2, "DigiD"), (self.port + 3, "de personeelslogin"))
        more = ((self.port + 4, "tijdstempels en intrekkingslijsten"), (self.port + 5, "de Stadsbank"))
        return (*ours, *beside, *more, *simulated)

    @property
    def organisations_arguments(self) -> tuple[str, ...]:
        where = ("--folder", str(self.sources_file.parent), "--first-port", str(self.port + ORGANISATIONS))
        return (*where, *self.of_organisations)

    @property
    def digid_arguments(self) -> tuple[str, ...]:
        return (
            *("--port", str(self.port + 2)),
            *("--keys", str(self.folder / "digid")),
            *("--client-jwks", str(self.folder / "digid" / "client.json")),
            *("--redirect-uri", f"{self.public_url or self.url}/inloggen/terug"),
            *("--post-logout-redirect-uri", f"{self.public_url or self.url}/"),
            "--machtigen",
        )

    @property
    def staff_arguments(self) -> tuple[str, ...]:
        return (
            *("--port", str(self.port + 3)),
            *("--keys", str(self.folder / "personeel")),
            *("--client-id", STAFF_CLIENT_ID),
            *("--client-jwks", str(self.folder / "personeel" / "client.json")),
            *("--redirect-uri", f"{self.operator_url}/inloggen/terug"),
            *("--post-logout-redirect-uri", f"{self.operator_url}/"),
        )

    @property
    def counselling_arguments(self) -> tuple[str, ...]:
        inside = f"{self.public_url or self.url}/voor-hulpverleners"
        return (
            *("--port", str(self.port + 5)),
            *("--keys", str(self.folder / "stadsbank")),
            *("--client-id", COUNSEL_CLIENT_ID),
            *("--client-jwks", str(self.folder / "stadsbank" / "client.json")),
            *("--redirect-uri", f"{inside}/inloggen/{counselling.ID}/terug"),
            *("--post-logout-redirect-uri", f"{inside}/"),
        )

    @property
    def gunicorn_arguments(self) -> tuple[str, ...]:
        return (
            *("--bind", f"127.0.0.1:{self.port}"),
            *("--workers", "2", "--worker-class", WORKER, "--threads", "8"),
            *GUNICORN,
            "simulators.demo.wsgi:application",
        )

    @property
    def operator_gunicorn_arguments(self) -> tuple[str, ...]:
        return (
            *("--bind", f"127.0.0.1:{self.port + 1}"),
            *("--workers", "1", "--worker-class", WORKER, "--threads", "4"),
            *GUNICORN,
            "simulators.demo.operator_wsgi:application",
        )


def prepare(folder: Path, port: int) -> Instance:
    """Make or reuse the folder; keys and database of an earlier run are kept. Raises DemoError.

    Nothing is written when a port is in use: perhaps by a demo that runs in this folder.
    """
    instance = Instance(folder, port)
    for number, what in instance.ports:
        ensure_free(number, what)
    try:
        _claim(folder)
        authority = create_authority(folder / "autoriteit")
        _write_seal(instance, authority)
        _write_login_keys(instance)
        _write_storage_keys(instance)
        _write_app_keys(instance)
        _write_settings(instance)
        _upgrade(instance)
        _check(instance)
        _register_app(instance)
    except UNUSABLE as error:
        reason = " ".join(str(error).split())
        raise DemoError(
            f"De map {folder} is niet bruikbaar ({reason}); verwijder hem en begin opnieuw"
        ) from error
    return instance


def wear(instance: Instance, theme: Path) -> None:
    """The look of this theme file, for this run. Raises DemoError."""
    try:
        load_theme(theme)
    except ValueError as error:
        raise DemoError(str(error)) from error
    text = instance.settings_file.read_text("utf-8")
    instance.settings_file.write_text(f"theme_file = {json.dumps(str(theme.resolve()))}\n{text}", "utf-8")


def _write_settings(instance: Instance) -> None:
    sources = instance.sources_file
    sources.parent.mkdir(parents=True, exist_ok=True)
    sources.write_text("", encoding="utf-8")  # of an earlier run: its addresses may be other ones now
    addresses = Addresses(
        instance.url,
        instance.digid_url,
        instance.operator_url,
        instance.staff_url,
        instance.counselling_url,
        instance.trust_services_url,
        instance.database_file.name,
    )
    copy_themes(instance.folder)
    instance.settings_file.write_text(settings_text(addresses), encoding="utf-8")


def _upgrade(instance: Instance) -> None:
    try:
        upgrade(f"sqlite:///{instance.database_file}")
    except (StorageUnavailable, CommandError, DatabaseTooNew) as error:
        raise ValueError(f"{instance.database_file.name} is geen database van deze versie") from error


def _check(instance: Instance) -> None:
    """Better one sentence now than a program that does not start."""
    load_settings(instance.settings_file, allow_loopback_http=True).seal.load()


def _write_app_keys(instance: Instance) -> None:
    """Ours for access tokens, and that of the invented app."""
    for file in (instance.folder / "api" / "ondertekenen.pem", instance.app_folder / example_app.KEY):
        if not file.exists():
            write_secret(file, example_app.new_key())
    example_app.write_public(instance.app_folder)


def _register_app(instance: Instance) -> None:
    database = open_database(f"sqlite:///{instance.database_file}")
    try:
        example_app.register(database, instance.app_folder, instance.app_redirect_uri)
    finally:
        database.close()


def _claim(folder: Path) -> None:
    """Never write over the settings of a real installation."""
    folder.mkdir(parents=True, exist_ok=True)
    if (folder / "settings.toml").exists() and not (folder / MARKER).exists():
        raise DemoError(
            f"In {folder} staan instellingen die niet van de demo zijn; kies een andere map: --folder MAP"
        )
    (folder / MARKER).write_text(MARKER_TEXT, encoding="utf-8")


def _write_seal(instance: Instance, authority: Authority) -> None:
    folder = instance.folder / "zegel"
    if not (folder / "zegel.key.pem").exists():
        authority.issue_seal(ORGANISATION, DEMO_IDENTIFIER).write(folder, "zegel")
    entry = authority.write_trust(instance.folder / "trust", ORGANISATION, DEMO_IDENTIFIER)
    load_time_stamps(instance.folder / "tijdstempel").write_trust(entry)


def _write_login_keys(instance: Instance) -> None:
    folder = instance.folder / "inloggen"
    signing, decryption = (_rsa_key(folder / f"{name}.pem") for name in ("ondertekenen", "ontsleutelen"))
    _register(
        instance.folder / "digid", public_jwks(load_signing_key(signing), load_decryption_key(decryption))
    )
    for key, provider in (("beheer", "personeel"), ("stadsbank", "stadsbank")):
        signing_key = load_signing_key(_rsa_key(folder / f"{key}.pem"))
        _register(instance.folder / provider, public_jwks(signing_key, None))


def _register(folder: Path, jwks: dict[str, Any]) -> None:
    """Our public keys, as a simulated provider wants them."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "client.json").write_text(json.dumps(jwks), encoding="utf-8")


def _rsa_key(file: Path) -> str:
    if not file.exists():
        key = rsa.generate_private_key(65537, RSA_BITS)
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        write_secret(file, pem.decode("ascii"))
    return file.read_text(encoding="ascii")


def _write_storage_keys(instance: Instance) -> None:
    for name in ("opslagsleutels", "pseudoniemsleutels", "stadsbanksleutels"):
        file = instance.folder / name
        if not file.exists():
            write_secret(file, new_key_line("demo-1"))
    for name in ("deelgeheim", "papiergeheim"):
        secret = instance.folder / name
        if not secret.exists():
            write_secret(secret, base64.b64encode(os.urandom(32)).decode())


def write_secret(file: Path, text: str) -> None:
    """Only the owner can read it, from the first byte on."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600)
    file.write_text(text, encoding="ascii")
