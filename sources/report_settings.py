"""The table `reports` of a stanza: how the organisation hears that a citizen says that something is wrong."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from sources.transport.address import parse_address


class ReportSettings(BaseModel):
    """`way` "rest": our interface at `url`, or at `/meldingen` below the address of the source itself. "folder": encrypted files
    in `outbox_folder`, to `receiver_file` (public key or certificate as PEM, or JWK). A report that could not be delivered
    for `give_up_after_hours` is given up, and the citizen is told to call."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    way: Literal["rest", "folder"]
    url: str | None = None
    outbox_folder: Path | None = None
    receiver_file: Path | None = None
    give_up_after_hours: int = Field(default=168, ge=1, le=720)

    @field_validator("url")
    @classmethod
    def _address_is_plain_https(cls, value: str | None) -> str | None:
        if value is not None:
            parse_address(value)
        return value

    @model_validator(mode="after")
    def _belongs_together(self) -> ReportSettings:
        files = (self.outbox_folder, self.receiver_file)
        if self.way == "folder" and (None in files or self.url is not None):
            raise ValueError("way folder needs outbox_folder and receiver_file, and no url")
        if self.way == "rest" and files != (None, None):
            raise ValueError("outbox_folder and receiver_file are for way folder")
        return self

    @property
    def give_up_after(self) -> timedelta:
        return timedelta(hours=self.give_up_after_hours)
