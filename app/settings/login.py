"""The table [login]: the connection with the log-in broker."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from app.oidc import levels
from app.oidc.config import BrokerProfile, ClaimPlace, OidcConfig, Source, UserinfoForm
from app.oidc.presets import PRESETS
from app.settings.kinds import FilePath, SecretFile, Text, Word
from app.settings.provider import ProviderSettings, text_of


class LoginSettings(ProviderSettings):
    """`broker` names a preset; `bsn_*`, `scope` and `userinfo` override it where this broker differs.
    `encrypted_id_token`: one that is only signed is refused. `representation`: log-ins on behalf of others, with DigiD Machtigen;
    `representation_service` is our service as the broker writes it, where it does."""

    decryption_key_file: SecretFile | None = None
    decryption_certificate_file: FilePath | None = None
    broker: Literal["nlgov", "signicat", "rdo-max", "keycloak", "simulator"]
    minimum_level: Literal["low", "substantial", "high"] = "substantial"
    bsn_source: Literal["id_token", "userinfo"] | None = None
    bsn_claim: tuple[Text, ...] | None = Field(default=None, min_length=1)
    scope: Text | None = None
    userinfo: Literal["json", "signed", "encrypted"] | None = None
    encrypted_id_token: bool = False
    representation: Literal["refused", "allowed"] = "refused"
    representation_service: Word | None = None

    @model_validator(mode="after")
    def _place_is_whole(self) -> LoginSettings:
        if (self.bsn_source is None) != (self.bsn_claim is None):
            raise ValueError("bsn_source and bsn_claim go together")
        if self.bsn_claim is not None and self.representation == "allowed":
            raise ValueError(
                "with bsn_claim nobody knows who represents whom, so representation cannot be allowed"
            )
        return self

    def oidc_config(self) -> OidcConfig:
        """What app.oidc needs, keys included. Raises ValueError or OSError when parts do not fit or cannot be read."""
        return OidcConfig(
            **self.connection(),
            decryption_key_pem=text_of(self.decryption_key_file),
            decryption_certificates_pem=text_of(self.decryption_certificate_file),
            profile=self._profile(),
            minimum_level=getattr(levels, self.minimum_level.upper()),
            representation_allowed=self.representation == "allowed",
            representation_service=self.representation_service,
        )

    def certificate_files(self) -> dict[str, Path]:
        files = super().certificate_files()
        if self.decryption_certificate_file is not None:
            files["decryption"] = self.decryption_certificate_file
        return files

    def _profile(self) -> BrokerProfile:
        profile = replace(PRESETS[self.broker], id_token_encrypted=self.encrypted_id_token)
        if self.bsn_source is not None and self.bsn_claim is not None:
            place = ClaimPlace(Source(self.bsn_source), self.bsn_claim)
            profile = replace(profile, bsn=place, bsn_companions={})
        if self.scope is not None:
            profile = replace(profile, scope=self.scope)
        if self.userinfo is not None:
            profile = replace(profile, userinfo_form=UserinfoForm(self.userinfo))
        return profile
