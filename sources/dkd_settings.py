"""The table `dkd` of a stanza: everything in which one municipality's web service differs from another's.

Not in `sources/dkd`, because `sources.config` needs it and protocol folders do not know each other.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from claims.financial_claim import ClaimStatus
from claims.identity import Oin

_SERVICES = "http://bkwi.nl/SuwiML/Diensten/Bijstandsregelingen"
_Code = Annotated[str, Field(pattern=r"^[0-9A-Za-z]{1,5}$")]
_Text = Annotated[str, Field(min_length=1, max_length=200)]
_WITH_ADDRESSES = ("from_address", "from_oin", "to_oin")
_WITH_SIGNATURES = ("signing_certificate_file", "signing_key_file", "answer_ca_file", "answer_oin")


class DkdSettings(BaseModel):
    """`header_profile` says what the other side (often a gateway) wants: no headers, WS-Addressing, or that with a
    WS-Security signature (Transactiestandaard 4.0). `gateway`: it may change addresses, so differences there are
    findings. `reasons` and `statuses`: the official code lists are not public; what is not listed is "onbekend"."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    version: Literal["v0500", "v0400"] = "v0500"
    service_namespace: _Text | None = None
    action_base: _Text | None = None
    header_profile: Literal["none", "wsa", "wsa+wsse"] = "wsa+wsse"
    soap_action: Literal["quoted", "bare", "action"] = "quoted"
    from_address: _Text | None = None
    from_oin: str | None = None
    to_oin: str | None = None
    gateway: bool = False
    signing_certificate_file: Path | None = None
    signing_key_file: Path | None = None
    answer_ca_file: Path | None = None
    answer_oin: str | None = None
    amount_decimals: int = Field(default=2, ge=0, le=6)
    reasons: dict[_Code, _Text] = {}
    statuses: dict[_Code, ClaimStatus] = {}
    schema_folder: Path | None = None

    @field_validator("from_oin", "to_oin", "answer_oin")
    @classmethod
    def _oin_has_twenty_digits(cls, value: str | None) -> str | None:
        return None if value is None else Oin(value).digits

    @model_validator(mode="after")
    def _profile_is_complete(self) -> DkdSettings:
        needed: tuple[str, ...] = _WITH_ADDRESSES if self.header_profile != "none" else ()
        needed += _WITH_SIGNATURES if self.header_profile == "wsa+wsse" else ()
        for key in needed:
            if getattr(self, key) is None:
                raise ValueError(f"header_profile {self.header_profile} needs {key}")
        return self

    @property
    def namespace(self) -> str:
        """Of the root element of question and answer."""
        return self.service_namespace or f"{_SERVICES}/{self.version}"

    @property
    def actions(self) -> str:
        """What wsa:Action begins with; a hyphen where the namespace has a slash."""
        return self.action_base or f"{_SERVICES}-{self.version}"
