"""The table `oauth` of a stanza: where and how to get an access token (RFC 6749, section 4.4; OAuth-NL profile).

Without `signing_key_file` the client certificate of the stanza is the proof of who we are (RFC 8705, section 2).
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from sources.transport.address import parse_address

_Plain = Annotated[str, Field(pattern=r"^[!-~]{1,300}$")]
_Scope = Annotated[str, Field(pattern=r"^[!#-\[\]-~]+( [!#-\[\]-~]+)*$", max_length=1000)]
_FOR_ASSERTIONS = ("signing_key_id", "algorithm", "assertion_audience")


class OauthSettings(BaseModel):
    """`assertion_audience` is the name that the authorization server goes by when that is not `token_url`, for
    instance behind a gateway. `ca_file`: whom to trust for `token_url`, when others than for the source itself.
    `signing_key_id`: the `kid` under which the server knows our key (else its RFC 7638 thumbprint)."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    token_url: str
    client_id: _Plain
    scope: _Scope | None = None
    audience: _Plain | None = None
    signing_key_file: Path | None = None
    signing_key_id: _Plain | None = None
    algorithm: Literal["PS256", "RS256", "ES256"] | None = None
    assertion_audience: _Plain | None = None
    ca_file: Path | None = None

    @field_validator("token_url")
    @classmethod
    def _address_is_plain_https(cls, value: str) -> str:
        parse_address(value)
        return value

    @model_validator(mode="after")
    def _assertions_need_a_key(self) -> OauthSettings:
        for name in _FOR_ASSERTIONS:
            if getattr(self, name) is not None and self.signing_key_file is None:
                raise ValueError(f"{name} is for signing_key_file only")
        return self
