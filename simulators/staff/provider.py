"""An identity provider in the shape of Keycloak: roles in `realm_access.roles` of the ID token."""

from typing import Any

from simulators.digid.grants import Grant
from simulators.digid.pages import Face
from simulators.digid.provider import Provider
from simulators.staff.employees import Employee

FACE = Face(
    name="Personeelslogin",
    warning="Dit is geen echte inlogdienst.",
    levels={"wachtwoord en app": "2"},
    cookie="personeel_nagebootst",
    identifier="personeelsnummer",
)


class StaffProvider(Provider):
    """Signs in employees instead of citizens: no BSN in any answer."""

    def metadata(self) -> dict[str, Any]:
        levels = list(FACE.levels.values())
        return {
            **super().metadata(),
            "scopes_supported": ["openid", "profile"],
            "acr_values_supported": levels,
            "subject_types_supported": ["public"],
        }

    def id_token_claims(self, grant: Grant, access_token: str) -> dict[str, Any]:
        claims = super().id_token_claims(grant, access_token)
        return {**claims, **self.employee_claims(grant), **self.factors(grant)}

    def userinfo(self, grant: Grant) -> tuple[str, str]:
        """Content type and body: signed, not encrypted."""
        return "application/jwt", self.sign(self.userinfo_claims(grant))

    def userinfo_claims(self, grant: Grant) -> dict[str, Any]:
        claims = super().userinfo_claims(grant)
        del claims["bsn"]
        return {**claims, **self.employee_claims(grant)}

    def subject(self, grant: Grant) -> str:
        return grant.person.identifier

    @staticmethod
    def factors(grant: Grant) -> dict[str, Any]:
        """What was asked of this person: `acr` as Keycloak has it, `amr` of RFC 8176."""
        assert isinstance(grant.person, Employee)
        if grant.person.has_app:
            return {"acr": grant.acr, "amr": ["pwd", "otp", "mfa"]}
        return {"acr": "1", "amr": ["pwd"]}

    @staticmethod
    def employee_claims(grant: Grant) -> dict[str, Any]:
        assert isinstance(grant.person, Employee)
        return {"name": grant.person.name, "realm_access": {"roles": list(grant.person.roles)}}
