"""What this citizen allows apps at this moment: to see, and to withdraw."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response
from flask.typing import ResponseReturnValue

from app.api.answers import JSON, as_json, check_query, instant, refuse, wanted
from app.api.problems import Problem
from app.api.resources import Resources
from app.api.services import ApiServices
from app.ports.grants import ApiCaller, Scope
from app.services.consents import Consent

PATH = "/toestemmingen"


@dataclass(frozen=True)
class ConsentResource:
    services: ApiServices

    def register(self, resources: Resources) -> None:
        resources.granted(PATH, "consents", self.list, Scope.CONSENTS)
        resources.granted(f"{PATH}/<consent_id>", "withdraw", self.withdraw, Scope.CONSENTS, "DELETE")

    def list(self, caller: ApiCaller) -> ResponseReturnValue:
        wanted(JSON)
        refuse(*check_query())
        found = self.services.consents.of(caller.principal.bsn)
        return as_json({"toestemmingen": [_members(one, caller) for one in found]})

    def withdraw(self, caller: ApiCaller, consent_id: str) -> ResponseReturnValue:
        """Also of another app: the citizen allowed this app to. The log says that the app did it."""
        refuse(*check_query())
        if not self.services.consents.withdraw(caller.principal.bsn, consent_id, caller.client_id):
            raise Problem(
                404, "Deze toestemming is er niet", "Zij is al ingetrokken of verlopen, of van iemand anders."
            )
        return Response(status=204)


def _members(consent: Consent, caller: ApiCaller) -> dict[str, object]:
    return {
        "id": consent.grant_id,
        "app": consent.client_name,
        "mag": sorted(scope.value for scope in consent.scopes),
        "gegeven_op": instant(consent.given_at),
        "geldig_tot": instant(consent.expires_at),
        "is_deze": consent.grant_id == caller.grant_id,
    }
