"""The table `dkd` of a stanza: everything in which one municipality's web service differs from another's.

Not in `sources/dkd`, because `sources.config` needs it and protocol folders do not know each other.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import field_validator, model_validator

from claims.identity import Oin
from sources.suwi_settings import SuwiSettings, Text

_SERVICES = "http://bkwi.nl/SuwiML/Diensten/Bijstandsregelingen"
_WITH_ADDRESSES = ("from_address", "from_oin", "to_oin")
_WITH_SIGNATURES = ("signing_certificate_file", "signing_key_file", "answer_ca_file", "answer_oin")


class DkdSettings(SuwiSettings):
    """`header_profile` says what the other side (often a gateway) wants: no headers, WS-Addressing, or that with a
    WS-Security signature (Transactiestandaard 4.0). `gateway`: it may change addresses, so differences there are
    findings. `crl_file`: revocation lists of the issuers in `answer_ca_file`; `crl_in_doubt`: what to do with an answer
    when they cannot say whether its signer was revoked."""

    version: Literal["v0500", "v0400"] = "v0500"
    service_namespace: Text | None = None
    action_base: Text | None = None
    header_profile: Literal["none", "wsa", "wsa+wsse"] = "wsa+wsse"
    soap_action: Literal["quoted", "bare", "action"] = "quoted"
    from_address: Text | None = None
    from_oin: str | None = None
    to_oin: str | None = None
    gateway: bool = False
    signing_certificate_file: Path | None = None
    signing_key_file: Path | None = None
    answer_ca_file: Path | None = None
    answer_oin: str | None = None
    crl_file: Path | None = None
    crl_in_doubt: Literal["refuse", "accept"] = "refuse"
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
        if self.crl_file is not None and self.header_profile != "wsa+wsse":
            raise ValueError("crl_file is for header_profile wsa+wsse")
        return self

    @property
    def namespace(self) -> str:
        """Of the root element of question and answer."""
        return self.service_namespace or f"{_SERVICES}/{self.version}"

    @property
    def actions(self) -> str:
        """What wsa:Action begins with; a hyphen where the namespace has a slash."""
        return self.action_base or f"{_SERVICES}-{self.version}"
