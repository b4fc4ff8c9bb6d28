"""What the settings say of an identity provider of employees: of our own municipality, or of a counselling organisation."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from app.oidc.config import ClaimPlace, Source, UserinfoForm
from app.oidc.staff import SecondFactor, StaffConfig, StaffProfile
from app.settings.kinds import Text
from app.settings.provider import ProviderSettings


class StaffProviderSettings(ProviderSettings):
    """`roles_claim`: the names to follow to the roles, in the answer `roles_source`. `allowed_roles`: having one of
    these is enough. `second_factor_acr`, `second_factor_amr`: with which words the provider says that more than a password was
    asked; one is enough."""

    scope: Text = "openid profile"
    roles_source: Literal["id_token", "userinfo"] = "id_token"
    roles_claim: Annotated[tuple[Text, ...], Field(min_length=1)]
    allowed_roles: Annotated[tuple[Text, ...], Field(min_length=1)]
    second_factor: Literal["checked", "left_to_provider"] = "checked"
    second_factor_acr: tuple[Text, ...] = ()
    second_factor_amr: tuple[Text, ...] = ("mfa",)
    name_claim: Text = "name"
    userinfo: Literal["json", "signed"] = "json"

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
                organisation=self.of_organisation,
            ),
        )

    @property
    def of_organisation(self) -> str | None:
        """None: our own employees."""
        return None

    def _second_factor(self) -> SecondFactor | None:
        if self.second_factor == "left_to_provider":
            return None
        return SecondFactor(self.second_factor_acr, self.second_factor_amr)
