"""The tables [[api.issuers]]: authorization servers of others whose access tokens the API takes too."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from app.oidc import levels
from app.oidc.issuer_keys import IssuerKeySet, KeyRules, PublishedAt
from app.oidc.key_certificates import Owner, load_authorities
from app.oidc.keys import OwnKeys
from app.ports.clients import Binding
from app.ports.grants import Scope
from app.ports.issuers import ExternalApp, ExternalIssuer
from app.settings.kinds import FilePath, Part, Text, WebAddress, Word
from claims.identity import Oin

ShortId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,15}$")]
# Together with the id of the issuer and a colon this is a client id, of at most 64 characters.
Azp = Annotated[str, Field(pattern=r"^[!-~]{1,47}$")]
OinDigits = Annotated[str, AfterValidator(lambda digits: Oin(digits).digits)]
_BINDINGS = {"dpop": Binding.DPOP, "certificate": Binding.CERTIFICATE}


class ExternalAppSettings(Part):
    """One client of that server. `scopes`: what we let it do, in our words."""

    azp: Azp
    name: Text
    oin: OinDigits | None = None
    scopes: tuple[Scope, ...] = Field(default=(Scope.OVERVIEW,), min_length=1)


class IssuerSettings(Part):
    """`jwks_uri` or `keys_file`: its public keys. `oin` and `authorities_file`: each of those keys must have a certificate
    (`x5c`) of that organisation, as OAuth-NL demands between organisations. `audience`: how its tokens name our API; else its
    address. `scopes`: its words, by ours. `longest_seconds`: of a token."""

    id: ShortId
    name: Text
    issuer: WebAddress
    jwks_uri: WebAddress | None = None
    ca_file: FilePath | None = None
    keys_file: FilePath | None = None
    oin: OinDigits | None = None
    authorities_file: FilePath | None = None
    audience: Text | None = None
    algorithms: tuple[Literal["PS256", "ES256", "RS256"], ...] = Field(default=("PS256",), min_length=1)
    binding: Literal["dpop", "certificate"] = "dpop"
    minimum_level: Literal["substantial", "high"] = "substantial"
    bsn_claim: Text = "bsn"
    longest_seconds: Annotated[int, Field(ge=60, le=3600)] = 900
    scopes: dict[Scope, Word] = Field(default_factory=dict)
    apps: tuple[ExternalAppSettings, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _go_together(self) -> IssuerSettings:
        if (self.jwks_uri is None) == (self.keys_file is None):
            raise ValueError("an issuer has jwks_uri or keys_file, and not both")
        if (self.oin is None) != (self.authorities_file is None):
            raise ValueError("oin and authorities_file go together")
        if len({app.azp for app in self.apps}) < len(self.apps):
            raise ValueError("each azp stands once")
        if len(set(self.scopes.values())) < len(self.scopes):
            raise ValueError("one word of an issuer cannot stand for two scopes of ours")
        return self

    def external_issuer(self, our_api: str) -> ExternalIssuer:
        """`our_api`: the audience when the settings say nothing."""
        enough = levels.IN_ORDER[levels.IN_ORDER.index(getattr(levels, self.minimum_level.upper())) :]
        return ExternalIssuer(
            issuer_id=self.id,
            name=self.name,
            issuer=self.issuer,
            audience=self.audience or our_api,
            apps={
                app.azp: ExternalApp(name=app.name, oin=app.oin, scopes=frozenset(app.scopes))
                for app in self.apps
            },
            scopes={self.scopes.get(scope, scope.value): scope for scope in Scope},
            levels=frozenset(enough),
            algorithms=self.algorithms,
            binding=_BINDINGS[self.binding],
            bsn_claim=self.bsn_claim,
            longest_life_s=self.longest_seconds,
        )

    def key_set(self, ours: OwnKeys, now: Callable[[], datetime]) -> IssuerKeySet:
        """Raises ValueError or OSError when a file cannot be used."""
        owner = None
        if self.oin is not None and self.authorities_file is not None:
            owner = Owner(self.oin, load_authorities(self.authorities_file.read_text()))
        rules = KeyRules(owner=owner, now=now)
        if self.jwks_uri is not None:
            ca_bundle = None if self.ca_file is None else str(self.ca_file)
            return IssuerKeySet(PublishedAt(jwks_uri=self.jwks_uri, ca_bundle=ca_bundle), ours, rules)
        assert self.keys_file is not None  # noqa: S101 -- `_go_together`
        stated = json.loads(self.keys_file.read_text())
        if not isinstance(stated, dict):
            raise ValueError("the keys_file of an issuer is no JWK set")
        return IssuerKeySet(stated, ours, rules)
