"""From the file to Settings, or one clear line why not."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from app.oidc.keys import load_keys
from app.settings.certificates import refuse_unsound
from app.settings.kinds import AnyData, Context
from app.settings.model import Settings
from app.settings.provider import ProviderSettings

FILE_VARIABLE = "BLAUWE_KNOP_SETTINGS"
DEFAULT_FILE = Path("instance/settings.toml")
_WORDS = {"missing": "this key is missing", "extra_forbidden": "this key is unknown"}


class SettingsError(Exception):
    """The program cannot start. The message is one line for the operator: file, key, what is wrong."""


def load_settings(file: Path | None = None, *, allow_loopback_http: bool = False) -> Settings:
    """Read and check the settings, and the keys that they name.

    `file` None: what the variable BLAUWE_KNOP_SETTINGS names, else instance/settings.toml. Relative paths inside
    start at the folder of the file. `allow_loopback_http` accepts http addresses on this same machine; only
    `simulators/demo` passes it. Raises SettingsError.
    """
    path = file or Path(os.environ.get(FILE_VARIABLE) or DEFAULT_FILE)
    data = _read(path)
    context = Context(path.resolve().parent, allow_loopback_http)
    try:
        settings = Settings.model_validate(data, context=context)
    except ValidationError as error:
        raise SettingsError(f"{path}: {_first_line(error.errors(include_input=False))}") from None
    _check_keys(path, settings)
    return settings


def _read(path: Path) -> AnyData:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SettingsError(f"{path}: there is no such file; {FILE_VARIABLE} can name another one") from None
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{path}: is not UTF-8 text") from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path}: is not TOML: {error}") from None


def _first_line(errors: Sequence[ErrorDetails]) -> str:
    first = errors[0]
    place = ".".join(str(part) for part in first["loc"])
    text = _WORDS.get(first["type"]) or first["msg"].removeprefix("Value error, ")
    return f"{place}: {text}" if place else text


def _check_keys(path: Path, settings: Settings) -> None:
    """Better a clear line now than a failure at the first log-in."""
    try:
        place = "storage.key_ring_file"
        settings.storage.key_ring()
        place = "audit.pseudonym_keys_file"
        settings.audit.pseudonyms()
        place = "login"
        load_keys(settings.login.oidc_config())
        _check_certificates(settings.login)
        refuse_unsound(settings.login.decryption_certificate_file, datetime.now(UTC))
        place = "database.password_file"
        settings.database.full_url()
        if settings.api is not None:
            place = "api"
            settings.api.token_keys()
        if settings.sharing is not None:
            place = "sharing"
            settings.sharing.secret()
        if settings.operator is not None:
            place = "operator"
            load_keys(settings.operator.staff_config())
            _check_certificates(settings.operator)
            place = "operator.metrics_token_file"
            settings.operator.metrics_token()
    except UnicodeDecodeError:
        raise SettingsError(f"{path}: {place}: the file is not text") from None
    except OSError as error:
        raise SettingsError(f"{path}: {place}: cannot be read ({error.strerror})") from None
    except ValueError as error:
        raise SettingsError(f"{path}: {place}: {error}") from None


def _check_certificates(connection: ProviderSettings) -> None:
    """Raises ValueError or OSError."""
    now = datetime.now(UTC)
    refuse_unsound(connection.certificate_file, now)
    refuse_unsound(connection.signing_certificate_file, now)
