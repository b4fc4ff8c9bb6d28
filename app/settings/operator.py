"""The table [operator]: the site for the municipality's own operators. Without it that site does not start."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from app.oidc.config import ClaimPlace, Source, UserinfoForm
from app.oidc.staff import SecondFactor, StaffConfig, StaffProfile
from app.settings.kinds import SecretFile, SiteAddress, Text
from app.settings.provider import ProviderSettings
from app.settings.sessions import OperatorSessionSettings

_SHORTEST_TOKEN = 20


class OperatorSettings(ProviderSettings):
    """`roles_claim`: the names to follow to the roles, in the answer `roles_source`. `allowed_roles`: having one of
    these is enough. `second_factor_acr`, `second_factor_amr`: with which words the provider says that more than a password was
    asked; one is enough. `metrics_token_file`: the bearer token for /metrics; without it that page does not exist."""

    public_url: SiteAddress
    scope: Text = "openid profile"
    roles_source: Literal["id_token", "userinfo"] = "id_token"
    roles_claim: Annotated[tuple[Text, ...], Field(min_length=1)]
    allowed_roles: Annotated[tuple[Text, ...], Field(min_length=1)]
    second_factor: Literal["checked", "left_to_provider"] = "checked"
    second_factor_acr: tuple[Text, ...] = ()
    second_factor_amr: tuple[Text, ...] = ("mfa",)
    name_claim: Text = "name"
    userinfo: Literal["json", "signed"] = "json"
    sessions: OperatorSessionSettings = OperatorSessionSettings()
    metrics_token_file: SecretFile | None = None

    def staff_config(self) -> StaffConfig:
        """What app.oidc needs, key included. Raises ValueError or OSError when parts do not fit or cannot be read."""
        return StaffConfig(
            **self.connection(),
            profile=StaffProfile(
                scope=self.scope,
                roles=ClaimPlace(Source(self.roles_source), self.roles_claim),
                allowed_roles=self.allowed_roles,
                second_factor=self._second_factor(),
                name_claim=self.name_claim,
                userinfo_form=UserinfoForm(self.userinfo),
            ),
        )

    def _second_factor(self) -> SecondFactor | None:
        if self.second_factor == "left_to_provider":
            return None
        return SecondFactor(self.second_factor_acr, self.second_factor_amr)

    def metrics_token(self) -> str | None:
        """The token that a Prometheus server must show. Raises ValueError or OSError."""
        if self.metrics_token_file is None:
            return None
        token = self.metrics_token_file.read_text().strip()
        if len(token) < _SHORTEST_TOKEN or not (token.isascii() and token.isprintable()) or " " in token:
            raise ValueError(f"the token must be {_SHORTEST_TOKEN} or more characters without spaces")
        return token
