"""Kinds of values in the settings file, each with its own check. Messages never show the value."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo

_LOOPBACK = {"127.0.0.1", "::1", "localhost"}
_SERVICE_PATH = re.compile(r"(/[a-z0-9]+(-[a-z0-9]+)*){0,3}")
_ORGANIZATION_IDENTIFIER = re.compile(r"[A-Z]{3}[A-Z]{2}-\S{1,60}")


@dataclass(frozen=True, slots=True)
class Context:
    """`folder` is where relative paths start: the folder of the settings file."""

    folder: Path
    allow_loopback_http: bool


class Part(BaseModel):
    """A table of the settings file. Unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


def context_of(info: ValidationInfo) -> Context:
    """What `load_settings` says of the file that is read."""
    assert isinstance(info.context, Context)  # noqa: S101 -- load_settings always gives one
    return info.context


def _resolved(path: Path, info: ValidationInfo) -> Path:
    return context_of(info).folder / path


def _existing_file(path: Path, info: ValidationInfo) -> Path:
    found = _resolved(path, info)
    if not found.is_file():
        raise ValueError(f"there is no file {found}")
    return found


def _existing_folder(path: Path, info: ValidationInfo) -> Path:
    found = _resolved(path, info)
    if not found.is_dir():
        raise ValueError(f"there is no folder {found}")
    return found


def _secret_file(path: Path, info: ValidationInfo) -> Path:
    """A group may read: that is how secrets are mounted in a cluster. Others may not even pass."""
    found = _existing_file(path, info)
    if found.stat().st_mode & 0o007:
        raise ValueError(f"everybody on this machine can use {found}; run: chmod 600 {found}")
    return found


def _web_address(address: str, info: ValidationInfo) -> str:
    parts = urlsplit(address)
    if parts.username or parts.password or parts.query or parts.fragment or not parts.hostname:
        raise ValueError("this is not a plain web address")
    on_loopback = context_of(info).allow_loopback_http and parts.hostname in _LOOPBACK
    if parts.scheme != "https" and not (parts.scheme == "http" and on_loopback):
        raise ValueError("the address must start with https://")
    return address


def _list_address(address: str) -> str:
    """Revocation lists carry their own signature and are published over http (RFC 5280, 4.2.1.13)."""
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.password:
        raise ValueError("this is not a plain web address")
    return address


def _site_address(address: str, info: ValidationInfo) -> str:
    plain = _web_address(address, info).rstrip("/")
    if urlsplit(plain).path:
        raise ValueError("the address must be that of a whole site, without a path")
    return plain


def _service_address(address: str, info: ValidationInfo) -> str:
    plain = _web_address(address, info).rstrip("/")
    if not _SERVICE_PATH.fullmatch(urlsplit(plain).path):
        raise ValueError(
            "the path of the address must be words of small letters, digits and hyphens: https://www.gemeente.example/blauwe-knop"
        )
    return plain


def _organization_identifier(value: str) -> str:
    if not _ORGANIZATION_IDENTIFIER.fullmatch(value):
        raise ValueError("this must look like NTRNL-12345678 (ETSI EN 319 412-1, 5.1.4)")
    return value


def _security_contact(value: str) -> str:
    """RFC 9116, 2.5.3."""
    if not value.startswith(("mailto:", "https://")):
        raise ValueError("this must be a mailto: or https:// address")
    return value


Text = Annotated[str, Field(min_length=1, max_length=200)]
Word = Annotated[str, Field(pattern=r"^[!#-\[\]-~]{1,200}$")]  # one scope (RFC 6749, 3.3)
Seconds = Annotated[float, Field(gt=0, le=86_400)]
FilePath = Annotated[Path, AfterValidator(_existing_file)]
FolderPath = Annotated[Path, AfterValidator(_existing_folder)]
SecretFile = Annotated[Path, AfterValidator(_secret_file)]
WebAddress = Annotated[str, AfterValidator(_web_address)]
ListAddress = Annotated[str, AfterValidator(_list_address)]
SiteAddress = Annotated[str, AfterValidator(_site_address)]
ServiceAddress = Annotated[str, AfterValidator(_service_address)]
SecurityContact = Annotated[Text, AfterValidator(_security_contact)]
OrganizationIdentifier = Annotated[str, AfterValidator(_organization_identifier)]
AnyData = dict[str, Any]
