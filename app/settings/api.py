"""The table [api]: app back ends of others may ask citizens for their overview. Without it there is no such address."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from pydantic import Field, model_validator

from app.oauth.access_tokens import TokenKeys, load_token_key
from app.oauth.metadata import Addresses
from app.settings.kinds import Part, SecretFile, SiteAddress

HeaderName = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9-]{0,63}$")]


class ApiSettings(Part):
    """`signing_key_file`: the key of access tokens, and of nothing else: EC P-256 or RSA of 3072 bits or more.
    `previous_key_file`: of which tokens are still believed, for the quarter of an hour after a change.
    `certificate_url` and `certificate_header`: where programs may bring a client certificate (mTLS), and in which header our
    proxy tells it."""

    signing_key_file: SecretFile
    previous_key_file: SecretFile | None = None
    token_seconds: Annotated[int, Field(ge=60, le=900)] = 900
    certificate_url: SiteAddress | None = None
    certificate_header: HeaderName | None = None

    @model_validator(mode="after")
    def _go_together(self) -> ApiSettings:
        if (self.certificate_url is None) != (self.certificate_header is None):
            raise ValueError("certificate_url and certificate_header go together")
        return self

    @property
    def token_life(self) -> timedelta:
        return timedelta(seconds=self.token_seconds)

    def token_keys(self) -> TokenKeys:
        """The key that signs first. Raises ValueError or OSError."""
        files = [self.signing_key_file, self.previous_key_file]
        return TokenKeys(tuple(load_token_key(file.read_text()) for file in files if file is not None))

    def addresses(self, public_url: str) -> Addresses:
        return Addresses(public_url, self.certificate_url)
