"""From the file to Settings, or one clear line why not."""

from __future__ import annotations

import functools
import os
import tomllib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from app.oidc.keys import load_keys
from app.settings.certificates import refuse_unsound
from app.settings.kinds import AnyData, Context
from app.settings.login import LoginSettings
from app.settings.model import Settings
from app.settings.provider import ProviderSettings
from app.settings.staff import StaffProviderSettings

FILE_VARIABLE = "BLAUWE_KNOP_SETTINGS"
DEFAULT_FILE = Path("instance/settings.toml")
_WORDS = {"missing": "this key is missing", "extra_forbidden": "this key is unknown"}


class SettingsError(Exception):
    """The program cannot start. The message is one line for the operator: file, key, what is wrong. `problems`: each of
    them, when there are more (`blauwe-knop doctor` lists them)."""

    def __init__(self, first: str, *others: str) -> None:
        super().__init__(f"{first}; and {len(others)} more, see: blauwe-knop doctor" if others else first)
        self.problems = (first, *others)


def load_settings(file: Path | None = None, *, allow_loopback_http: bool = False) -> Settings:
    """Read and check the settings, and the keys that they name.

    `file` None: what the variable BLAUWE_KNOP_SETTINGS names, else instance/settings.toml. Relative paths inside
    start at the folder of the file. `allow_loopback_http` accepts http addresses on this same machine; only
    `simulators/demo` passes it. Raises SettingsError.
    """
    path = file or _file_of_this_run()
    data = _read(path)
    context = Context(path.resolve().parent, allow_loopback_http)
    try:
        settings = Settings.model_validate(data, context=context)
    except ValidationError as error:
        found = [f"{path}: {_line(one)}" for one in error.errors(include_input=False)]
        raise SettingsError(*found) from None
    wrong = [f"{path}: {problem}" for problem in _wrong_keys(settings)]
    if wrong:
        raise SettingsError(*wrong)
    return settings


def named_sources_file() -> Path | None:
    """The sources file that the settings name, when it is there; also when the settings cannot be used for something else."""
    path = _file_of_this_run()
    try:
        named = _read(path).get("sources_file")
    except SettingsError:
        return None
    file = path.resolve().parent / named if isinstance(named, str) else None
    return file if file is not None and file.is_file() else None


def _file_of_this_run() -> Path:
    return Path(os.environ.get(FILE_VARIABLE) or DEFAULT_FILE)


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


def _line(error: ErrorDetails) -> str:
    place = ".".join(str(part) for part in error["loc"])
    text = _WORDS.get(error["type"]) or error["msg"].removeprefix("Value error, ")
    return f"{place}: {text}" if place else text


def _wrong_keys(settings: Settings) -> Iterator[str]:
    """Better a clear line now than a failure at the first log-in."""
    for place, look in _keys(settings):
        try:
            look()
        except UnicodeDecodeError:
            yield f"{place}: the file is not text"
        except OSError as error:
            yield f"{place}: cannot be read ({error.strerror})"
        except ValueError as error:
            yield f"{place}: {error}"


def _keys(settings: Settings) -> Iterator[tuple[str, Callable[[], object]]]:
    yield "theme_file", settings.theme
    yield "arrival.themes", settings.arrival.loaded_themes
    yield "storage.key_ring_file", settings.storage.key_ring
    yield "audit.pseudonym_keys_file", settings.audit.pseudonyms
    yield "login", lambda: _check_login(settings.login)
    yield "database.password_file", settings.database.full_url
    if settings.api is not None:
        yield "api", settings.api.token_keys
        yield "api.issuers", lambda: _check_issuers(settings)
    if settings.sharing is not None:
        yield "sharing", settings.sharing.secret
        for one in settings.sharing.organisations:
            yield f"sharing.organisations {one.id}: key_ring_file", one.key_lines
            yield f"sharing.organisations {one.id}", functools.partial(_check_staff, one)
    if settings.paper is not None:
        yield "paper", settings.paper.secret
    operator = settings.operator
    if operator is not None:
        yield "operator", functools.partial(_check_staff, operator)
        yield "operator.metrics_token_file", operator.metrics_token


def _check_login(login: LoginSettings) -> None:
    load_keys(login.oidc_config())
    _check_certificates(login)


def _check_issuers(settings: Settings) -> None:
    if settings.api is not None:
        settings.api.external(settings.public_url, lambda: datetime.now(UTC))


def _check_staff(provider: StaffProviderSettings) -> None:
    load_keys(provider.staff_config())
    _check_certificates(provider)


def _check_certificates(connection: ProviderSettings) -> None:
    """Raises ValueError or OSError."""
    now = datetime.now(UTC)
    for file in connection.certificate_files().values():
        refuse_unsound(file, now)
