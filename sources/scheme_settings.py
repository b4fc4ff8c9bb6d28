"""The table `scheme` of a stanza: one signed list of organisations instead of one organisation.

Not in `sources/fcid`, because `sources.config` needs it and protocol folders are not imported by it.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from sources.transport.address import parse_address

# A source is called after its list and its OIN, which has twenty digits; together at most 64 characters.
LONGEST_SCHEME_NAME = 43
# Keys of a stanza that cannot be meant for every organisation of a list.
OF_ONE_ORGANISATION = (
    *("url", "oin", "department", "batch", "dkd", "api_key_file", "basic_file", "oauth"),
    *("headers", "header_files", "behind_gateway", "index", "reports"),
)


class SchemeSettings(BaseModel):
    """Where the list is, and whose signature counts. `signer_file`: certificates or a public key (PEM), or a JWK (set).
    `list_ca_file`: the issuers that are trusted for `list_url`; the stanza's own `ca_file` unless given.
    `discovery`: "signed" asks every organisation for a discovery document that it signed with its key in the list;
    "tls" trusts its TLS connection alone. `discovery_seconds`: how long such a document is used.
    `keep_days`: how long an organisation that left the list is still shown, as not connected."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    list_url: str | None = None
    list_file: Path | None = None
    list_ca_file: Path | None = None
    signer_file: Path
    discovery: Literal["signed", "tls"] = "signed"
    discovery_seconds: float = Field(default=3600, gt=0, le=86_400)
    keep_days: int = Field(default=365, ge=30, le=3650)

    @field_validator("list_url")
    @classmethod
    def _address_is_plain_https(cls, value: str | None) -> str | None:
        if value is not None:
            parse_address(value)
        return value

    @model_validator(mode="after")
    def _has_one_place(self) -> SchemeSettings:
        if (self.list_url is None) == (self.list_file is None):
            raise ValueError("give list_url or list_file")
        if self.list_ca_file is not None and self.list_url is None:
            raise ValueError("list_ca_file is for list_url")
        return self

    @property
    def keep(self) -> timedelta:
        return timedelta(days=self.keep_days)
