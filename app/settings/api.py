"""The table [api]: app back ends of others may ask citizens for their overview. Without it there is no such address."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import Field, model_validator

from app.oauth.access_tokens import TokenKeys, load_token_key
from app.oauth.metadata import Addresses
from app.oauth.server import External
from app.oidc.keys import encryption_keys
from app.settings.issuers import IssuerSettings
from app.settings.kinds import Part, SecretFile, ServiceAddress

HeaderName = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9-]{0,63}$")]


class ApiSettings(Part):
    """`signing_key_file`: the key of access tokens, and of nothing else: EC P-256 or RSA of 3072 bits or more.
    `previous_key_file`: of which tokens are still believed, for the quarter of an hour after a change.
    `certificate_url` and `certificate_header`: where programs may bring a client certificate (mTLS), and in which header our
    proxy tells it. `issuers`: of which others we take tokens too; `decryption_key_file`: opens the number in those, RSA of 3072
    bits or more; may hold several keys, the first for new tokens and all to open."""

    signing_key_file: SecretFile
    previous_key_file: SecretFile | None = None
    token_seconds: Annotated[int, Field(ge=60, le=900)] = 900
    certificate_url: ServiceAddress | None = None
    certificate_header: HeaderName | None = None
    decryption_key_file: SecretFile | None = None
    issuers: tuple[IssuerSettings, ...] = ()

    @model_validator(mode="after")
    def _go_together(self) -> ApiSettings:
        if (self.certificate_url is None) != (self.certificate_header is None):
            raise ValueError("certificate_url and certificate_header go together")
        if bool(self.issuers) != (self.decryption_key_file is not None):
            raise ValueError("issuers and decryption_key_file go together")
        if len({one.id for one in self.issuers}) < len(self.issuers):
            raise ValueError("each issuer has an id of its own")
        if self.certificate_header is None and any(one.binding == "certificate" for one in self.issuers):
            raise ValueError("tokens tied to certificates need certificate_url and certificate_header")
        return self

    @property
    def token_life(self) -> timedelta:
        return timedelta(seconds=self.token_seconds)

    def token_keys(self) -> TokenKeys:
        """The key that signs first. Raises ValueError or OSError."""
        files = [self.signing_key_file, self.previous_key_file]
        return TokenKeys(tuple(load_token_key(file.read_text()) for file in files if file is not None))

    def external(self, public_url: str, now: Callable[[], datetime]) -> tuple[External, ...]:
        """Raises ValueError or OSError when a file cannot be used."""
        if self.decryption_key_file is None:
            return ()
        ours = encryption_keys(self.decryption_key_file.read_text())
        our_api = self.addresses(public_url).audience
        return tuple(External(one.external_issuer(our_api), one.key_set(ours, now)) for one in self.issuers)

    def addresses(self, public_url: str) -> Addresses:
        return Addresses(public_url, self.certificate_url)
