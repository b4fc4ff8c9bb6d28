"""The files that a stanza names: there, readable, and secrets for us alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel

from sources.checking.person import read_test_bsn
from sources.checking.steps import Found, fails, holds
from sources.config import SourceConfig
from sources.errors import Misconfigured

_SECRETS = ("key_file", "basic_file", "bsn_file", "secret_file", "password_file", "token_file")
_SECRET_TABLES = ("header_files.",)


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A file or folder by the key that names it in `sources.toml`; keys of a sub-table as `table.key`."""

    key: str
    path: Path

    @property
    def is_secret(self) -> bool:
        return self.key.endswith(_SECRETS) or self.key.startswith(_SECRET_TABLES)


def files_of(settings: BaseModel, prefix: str = "") -> Iterator[NamedFile]:
    """Every file of a stanza, also of the tables in it that a protocol may have."""
    for key in type(settings).model_fields:
        value = getattr(settings, key)
        if isinstance(value, Path):
            yield NamedFile(prefix + key, value)
        elif isinstance(value, dict):
            yield from (
                NamedFile(f"{key}.{name}", one) for name, one in value.items() if isinstance(one, Path)
            )
        elif isinstance(value, BaseModel):
            yield from files_of(value, f"{prefix}{key}.")


def look_at_files(config: SourceConfig) -> Found:
    if problem := next(wrong_files(config), None):
        return problem
    found = list(files_of(config))
    secrets = sum(file.is_secret for file in found)
    return holds(f"{len(found)} aanwezig en leesbaar, waarvan {secrets} geheim")


def wrong_files(config: SourceConfig) -> Iterator[Found]:
    """What is wrong with each file of a stanza, in its order."""
    found = list(files_of(config))
    problems = {file.key: _problem(file) for file in found}
    yield from (problem for problem in problems.values() if problem)
    test_bsn = config.test_bsn_file
    if test_bsn is not None and problems["test_bsn_file"] is None and not _holds_bsn(test_bsn):
        yield fails(
            "test_bsn_file bevat geen bsn", "Zet er één testburgerservicenummer in dat de bron u gaf."
        )


def _holds_bsn(file: Path) -> bool:
    try:
        read_test_bsn(file)
    except Misconfigured:
        return False
    return True


def _problem(file: NamedFile) -> Found | None:
    where = f"{file.key}: {file.path}"
    try:
        if file.key.endswith("_folder"):
            next(file.path.iterdir(), None)
            return None
        with file.path.open("rb") as stream:
            is_empty = not stream.read(1)
    except FileNotFoundError:
        return fails(
            f"{where} bestaat niet", "Zet het bestand daar neer, of verbeter de naam in sources.toml."
        )
    except OSError as error:
        advice = "Geef de gebruiker van de dienst leesrecht, en voer deze controle als die gebruiker uit."
        return fails(f"{where} is niet te lezen ({type(error).__name__})", advice)
    if is_empty:
        return fails(f"{where} is leeg", "Zet de inhoud erin die de bron u gaf.")
    if file.is_secret and file.path.stat().st_mode & 0o007:
        return fails(f"{where} is voor iedereen op deze machine", f"chmod 600 {file.path}")
    return None
