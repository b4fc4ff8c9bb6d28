"""The table [sharing]: citizens may share an overview by a code. Without it nobody can, and nothing is stored for it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from app.services.share import ShareLimits
from app.settings.counselling import CounsellingSettings, refuse_doubles
from app.settings.kinds import Part, SecretFile
from app.settings.secret_bytes import secret_bytes


class SharingSettings(Part):
    """`secret_file`: base64 of 32 random bytes or more (`openssl rand -base64 32`), kept outside the database and its backups.
    Without it no share can be opened any more; who has it and the database must still guess codes. `organisations`: with which
    citizens can share without a code."""

    secret_file: SecretFile
    default_days: Annotated[int, Field(ge=1, le=30)] = 7
    most_days: Annotated[int, Field(ge=1, le=30)] = 30
    openings: Annotated[int, Field(ge=1, le=100)] = 10
    organisations: tuple[CounsellingSettings, ...] = ()

    @model_validator(mode="after")
    def _fit(self) -> SharingSettings:
        if self.default_days > self.most_days:
            raise ValueError("default_days is more than most_days")
        refuse_doubles(self.organisations)
        return self

    @property
    def limits(self) -> ShareLimits:
        return ShareLimits(self.default_days, self.most_days, self.openings)

    def secret(self) -> bytes:
        """Raises ValueError or OSError when the file holds no such secret."""
        return secret_bytes(self.secret_file, "sharing.secret_file")
