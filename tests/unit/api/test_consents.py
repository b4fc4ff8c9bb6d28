from __future__ import annotations

from datetime import timedelta

from app.ports.grants import Scope
from app.services.consents import Consent
from tests.support.api_site import ApiSite
from tests.support.web_claims import NOW
from tests.unit.api.contract import fits


def consent(grant_id: str) -> Consent:
    until = NOW + timedelta(minutes=15)
    return Consent(grant_id, "app", "Schuldhulp-app", frozenset({Scope.OVERVIEW}), NOW, until)


def test_a_citizen_sees_and_withdraws_what_apps_may(api: ApiSite) -> None:
    api.consents.given = [consent("a"), consent("b")]
    found = fits(api.program().get("/toestemmingen"), "/toestemmingen")["toestemmingen"]
    assert [(one["id"], one["is_deze"]) for one in found] == [("a", True), ("b", False)]
    answer = api.program().ask("DELETE", "/toestemmingen/b")
    assert (answer.status_code, answer.data) == (204, b"")
    assert [one.grant_id for one in api.consents.given] == ["a"]
    again = api.program().ask("DELETE", "/toestemmingen/b")
    assert fits(again, "/toestemmingen/{id}", "delete")["status"] == 404


def test_the_scope_of_an_overview_is_not_that_of_consents(api: ApiSite) -> None:
    api.consents.given = [consent("a")]
    program = api.program("a:schuldenoverzicht")
    assert program.get("/toestemmingen").status_code == 403
    assert program.ask("DELETE", "/toestemmingen/a").status_code == 403
    assert len(api.consents.given) == 1
