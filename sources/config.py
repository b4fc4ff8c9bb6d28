"""One stanza of `instance/sources.toml` per source, frozen and checked.

The file names files that hold secrets; it never holds a secret itself. Addresses are https only, without exception:
the simulators speak TLS too.
"""

from __future__ import annotations

import re
import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails

from claims.identity import Oin
from claims.organisation import ContactKind, ContactOption, Organisation
from claims.outcome import Source
from sources.batch_settings import BatchSettings
from sources.dkd_settings import DkdSettings
from sources.header_settings import AUTHORIZATION, HeaderName, HeaderValue, check_names
from sources.index_settings import IndexSettings
from sources.oauth_settings import OauthSettings
from sources.report_settings import ReportSettings
from sources.scheme_settings import LONGEST_SCHEME_NAME, OF_ONE_ORGANISATION, SchemeSettings
from sources.transport.address import parse_address

_SOURCE_ID = re.compile(r"[a-z][a-z0-9-]{0,63}")
_TABLE_OF_FILES = "header_files"
_LISTED = re.compile(r"-[0-9]{20}$")
_Text = Annotated[str, Field(min_length=1, max_length=200)]


class SourcesFileError(Exception):
    """`sources.toml` cannot be used. The message is one line for the operator: file, stanza, key, what is wrong.
    `problems`: each of them, when there are more (`blauwe-knop doctor` lists them)."""

    def __init__(self, first: str, *others: str) -> None:
        super().__init__(f"{first}; and {len(others)} more, see: blauwe-knop doctor" if others else first)
        self.problems = (first, *others)


class _Stanza(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Contact(_Stanza):
    """How a citizen reaches the organisation; `hours` are the hours of the telephone, in plain Dutch words."""

    phone: _Text | None = None
    hours: _Text | None = None
    url: _Text | None = None

    @model_validator(mode="after")
    def _hours_belong_to_a_phone(self) -> Contact:
        if self.hours and not self.phone:
            raise ValueError("hours are the hours of a telephone: give phone too")
        return self

    @property
    def options(self) -> tuple[ContactOption, ...]:
        phone = (ContactOption(ContactKind.PHONE, self.phone, hours=self.hours),) if self.phone else ()
        website = (ContactOption(ContactKind.WEBSITE, self.url),) if self.url else ()
        return phone + website


class SourceConfig(_Stanza):
    """One source. Times in seconds, sizes in bytes; file names are relative to the folder of `sources.toml`.
    After `circuit_failures` failures in a row it is not asked for `circuit_seconds`: by default so short that thirty seconds
    after it recovered citizens see its claims again. `headers` go along with every
    question, those of `header_files` too, with what the file holds. Every question gets a random number in
    `transaction_header`. `behind_gateway`: a gateway in between tells the source who asks. `test_bsn_file` is for
    `blauwe-knop sources check` only.

    `connected` False lists the organisation as "not connected yet"; then only its name is needed.
    """

    source_id: str
    organisation: _Text
    department: _Text | None = None
    oin: str | None = None
    contact: Contact = Contact()
    connected: bool = True
    protocol: Literal["municipal_rest", "fcid", "batch", "dkd"] | None = None
    fcid_version: Literal["3", "4.1"] = "3"
    batch: BatchSettings | None = None
    url: str | None = None
    ca_file: Path | None = None
    client_certificate_file: Path | None = None
    client_key_file: Path | None = None
    api_key_file: Path | None = None
    api_key_header: HeaderName = "X-Api-Key"
    basic_file: Path | None = None
    oauth: OauthSettings | None = None
    headers: dict[HeaderName, HeaderValue] = {}
    header_files: dict[HeaderName, Path] = {}
    transaction_header: HeaderName | None = None
    behind_gateway: bool = False
    test_bsn_file: Path | None = None
    dkd: DkdSettings | None = None
    index: IndexSettings | None = None
    scheme: SchemeSettings | None = None
    reports: ReportSettings | None = None
    connect_seconds: float = Field(default=3, gt=0, le=30)
    total_seconds: float = Field(default=10, gt=0, le=30)
    stale_after_hours: int = Field(default=48, gt=0)
    circuit_failures: int = Field(default=5, ge=1, le=1000)
    circuit_seconds: float = Field(default=20, gt=0, le=3600)
    max_bytes: int = Field(default=5_000_000, gt=0, le=50_000_000)

    @field_validator("source_id")
    @classmethod
    def _name_is_plain(cls, value: str) -> str:
        if not _SOURCE_ID.fullmatch(value):
            raise ValueError("a name has small letters, digits and hyphens only")
        if _LISTED.search(value):
            raise ValueError("a name that ends in an OIN is for organisations in a list")
        return value

    @field_validator("oin")
    @classmethod
    def _oin_has_twenty_digits(cls, value: str | None) -> str | None:
        return None if value is None else Oin(value).digits

    @field_validator("url")
    @classmethod
    def _address_is_plain_https(cls, value: str | None) -> str | None:
        if value is not None:
            parse_address(value)
        return value

    @model_validator(mode="after")
    def _can_be_asked(self) -> SourceConfig:
        if (self.client_certificate_file is None) != (self.client_key_file is None):
            raise ValueError("client_certificate_file and client_key_file go together")
        if self.connected:
            self._check_connection()
        return self

    def _check_connection(self) -> None:
        for name in ("batch", "dkd"):
            if (self.protocol == name) != (getattr(self, name) is not None):
                raise ValueError(f"protocol {name} and a table {name} go together")
        if self.scheme is not None:
            self._check_scheme()
            return
        self._check_reports()
        if self.protocol == "batch":
            if self.index is not None:
                raise ValueError("a source that delivers files is its own index: leave out the table index")
            return
        for key in ("protocol", "url", "ca_file"):
            if getattr(self, key) is None:
                raise ValueError(f"{key} is needed to ask this source (or set connected = false)")
        self._check_identity()
        self._check_headers()

    def _check_reports(self) -> None:
        """Only in our own interface it is clear where below the address of the source reports are taken."""
        if self.reports is None or self.reports.way != "rest":
            return
        if self.protocol != "municipal_rest" and self.reports.url is None:
            raise ValueError("reports by way rest need a url")
        if self.ca_file is None:
            raise ValueError("reports by way rest need ca_file")
        self._check_identity()
        self._check_headers()

    def _check_identity(self) -> None:
        if self.oauth is not None and not (self.oauth.signing_key_file or self.client_certificate_file):
            raise ValueError("oauth needs signing_key_file or a client certificate")
        if self.behind_gateway:
            return
        if self.protocol == "fcid" and self.client_certificate_file is None:
            raise ValueError("protocol fcid needs client_certificate_file and client_key_file")
        if not (self.client_certificate_file or self.api_key_file or self.basic_file or self.oauth):
            raise ValueError("the source must know who asks: give a client certificate or api_key_file")

    def _check_headers(self) -> None:
        if self.api_key_file is not None and self.basic_file is not None:
            raise ValueError("api_key_file and basic_file exclude each other")
        key_header = [self.api_key_header] if self.api_key_file is not None else []
        if self.basic_file is not None and self.oauth is not None:
            raise ValueError("basic_file and oauth exclude each other")
        others = [self.transaction_header] if self.transaction_header is not None else []
        free = [*self.headers, *self.header_files, *others]
        if AUTHORIZATION in map(str.lower, free):
            raise ValueError("header authorization is set by api_key_header, basic_file or oauth only")
        taken = [AUTHORIZATION] if self.basic_file is not None or self.oauth is not None else []
        check_names([*free, *key_header, *taken])

    def _check_scheme(self) -> None:
        """One stanza for many organisations: nothing in it may belong to one of them, or be a secret that they share."""
        if self.protocol != "fcid" or self.ca_file is None or self.client_certificate_file is None:
            raise ValueError("a table scheme needs protocol fcid, ca_file and a client certificate")
        for key in OF_ONE_ORGANISATION:
            if getattr(self, key):
                raise ValueError(f"{key} does not go together with a table scheme")
        if len(self.source_id) > LONGEST_SCHEME_NAME:
            raise ValueError(f"the name of a list has at most {LONGEST_SCHEME_NAME} characters")
        self._check_headers()

    @property
    def source(self) -> Source:
        """The source as the citizen meets it."""
        oin = None if self.oin is None else Oin(self.oin)
        organisation = Organisation(self.organisation, oin, self.department)
        return Source(self.source_id, organisation, self.contact.options)

    @property
    def stored_as(self) -> str | None:
        """Under which name the files that it delivers are kept in the BatchStore; None: it delivers none. An index has
        a name of its own: whoever changes from files to a web service must not find claims where BSNs are expected."""
        if self.index is not None:
            return f"{self.source_id}#index"
        return self.source_id if self.protocol == "batch" else None

    @property
    def stale_after(self) -> timedelta:
        return timedelta(hours=self.stale_after_hours)


def load_sources(path: Path) -> tuple[SourceConfig, ...]:
    """Read `sources.toml`, in the order of the file. Raises SourcesFileError."""
    try:
        stanzas = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SourcesFileError(f"{path}: cannot be read ({error.strerror})") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SourcesFileError(f"{path}: not a TOML file: {error}") from None
    if not stanzas:
        raise SourcesFileError(f"{path}: names no source at all")
    configs: list[SourceConfig] = []
    problems: list[str] = []
    for name, stanza in stanzas.items():
        try:
            configs.append(_read_stanza(path, name, stanza))
        except SourcesFileError as error:
            problems += error.problems
    if problems:
        raise SourcesFileError(*problems)
    return tuple(configs)


def _read_stanza(path: Path, name: str, stanza: Any) -> SourceConfig:
    if not isinstance(stanza, dict):
        raise SourcesFileError(f"{path}: {name}: a source is a table, [{name}]")
    if "source_id" in stanza:
        raise SourcesFileError(f"{path}: {name}: source_id: the name of the table is the name of the source")
    try:
        return SourceConfig.model_validate({"source_id": name, **_absolute_files(stanza, path.parent)})
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False, include_context=False)
        raise SourcesFileError(*(f"{path}: {_line(name, one)}" for one in found)) from None


def _line(name: str, error: ErrorDetails) -> str:
    where = "".join(c if c.isprintable() else "?" for c in ": ".join([name, *map(str, error["loc"])]))
    return f"{where}: {error['msg'].removeprefix('Value error, ')}"


def _absolute_files(stanza: dict[str, Any], folder: Path) -> dict[str, Any]:
    return {
        key: _absolute_files(value, folder) if isinstance(value, dict) else _absolute(key, value, folder)
        for key, value in stanza.items()
        if key != _TABLE_OF_FILES
    } | _absolute_table(stanza.get(_TABLE_OF_FILES), folder)


def _absolute_table(table: Any, folder: Path) -> dict[str, Any]:
    """`header_files`: there every value names a file, whatever its key is."""
    if not isinstance(table, dict):
        return {} if table is None else {_TABLE_OF_FILES: table}
    return {_TABLE_OF_FILES: {name: _absolute("_file", value, folder) for name, value in table.items()}}


def _absolute(key: str, value: Any, folder: Path) -> Any:
    names_a_file = key.endswith(("_file", "_folder")) and isinstance(value, str)
    return str(folder / value) if names_a_file else value
