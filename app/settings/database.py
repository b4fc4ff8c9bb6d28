"""The table [database], and that the way to the database cannot be listened to."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, ValidationInfo
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from app.settings.kinds import Part, SecretFile, context_of

_THIS_MACHINE = {"127.0.0.1", "localhost", "::1", "[::1]"}
# libpq obeys these even when the address names a machine, or takes them for what the address leaves out.
_ELSEWHERE = ("PGHOST", "PGHOSTADDR", "PGSERVICE")


def _database_address(address: str, info: ValidationInfo) -> str:
    try:
        url = make_url(address)
    except ArgumentError:
        raise ValueError("this is not a database address") from None
    if url.password is not None:
        raise ValueError("put the password in a file and name it in password_file")
    folder = context_of(info).folder
    if url.get_backend_name() == "postgresql":
        return _closed_way(url, folder).render_as_string(hide_password=False)
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        raise ValueError("the database must be postgresql://… or sqlite:///file")
    return f"sqlite:///{folder / url.database}"


def _closed_way(url: URL, folder: Path) -> URL:
    """Sessions travel encrypted, but pseudonyms, passwords and answers to questions do not (ASVS 5.0, 12.3.1 and 12.3.2).
    Raises ValueError."""
    named = next((name for name in _ELSEWHERE if os.environ.get(name)), None)
    if named is not None or "service" in url.query:
        raise ValueError(
            f"say where the database is in this address only, not in {named or 'a service file'}"
        )
    if all(_is_here(place) for place in _places(url)):
        return url
    if url.query.get("sslmode") != "verify-full":
        raise ValueError(
            "a database on another machine needs ?sslmode=verify-full&sslrootcert=FILE in its address"
        )
    authority = url.query.get("sslrootcert")
    if authority == "system":
        return url
    if not isinstance(authority, str) or not (folder / authority).is_file():
        raise ValueError("sslrootcert must name the file of the authority of the database, or system")
    return url.update_query_dict({"sslrootcert": str(folder / authority)})


def _places(url: URL) -> list[str]:
    """Every machine that the address names; libpq takes lists too. None: a socket of this machine."""
    found = [url.host or ""]
    for name in ("host", "hostaddr"):
        value = url.query.get(name, ())
        found += [value] if isinstance(value, str) else value
    return [place for text in found for place in text.split(",") if place]


def _is_here(place: str) -> bool:
    """A folder or abstract name of a socket, or a loopback address, with or without port."""
    return place[0] in "/@" or place in _THIS_MACHINE or place.rpartition(":")[0] in _THIS_MACHINE


DatabaseAddress = Annotated[str, AfterValidator(_database_address)]


class DatabaseSettings(Part):
    """`url`: sqlite:///file or postgresql://…; on another machine with TLS that is checked."""

    url: DatabaseAddress
    password_file: SecretFile | None = None

    def full_url(self) -> str:
        """The address with its password: a secret."""
        if self.password_file is None:
            return self.url
        url = make_url(self.url).set(password=self.password_file.read_text().strip())
        return url.render_as_string(hide_password=False)

    @property
    def user(self) -> str | None:
        """Under which role the programs use a PostgreSQL database."""
        return make_url(self.url).username

    def of(self, user: str, password_file: Path | None) -> DatabaseSettings:
        """The same database, for another role."""
        url = make_url(self.url).set(username=user).render_as_string(hide_password=False)
        return self.model_copy(update={"url": url, "password_file": password_file})
