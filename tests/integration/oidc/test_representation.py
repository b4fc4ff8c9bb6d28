"""Logging in for somebody else at real providers: right ones, wrong ones, and while it is not allowed."""

from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from app.oidc.presets import PRESETS, SIMULATOR
from app.ports.data_subject import DataSubject, Representative
from app.ports.login import ActingForAnother, LevelTooLow, RepresentationRefused
from claims.identity import Bsn
from simulators.digid.grants import Grant
from simulators.digid.provider import BSN_TYPE, Provider
from tests.integration.oidc import misbehaving as wrong
from tests.integration.oidc.support import (
    Browser,
    config,
    log_in_for_another,
    registered,
    relying_party,
    running,
)
from tests.integration.oidc.test_presets import Encrypting, Keycloak, NlGov, Signicat
from tests.support.audit import rows_of
from tests.support.web_site import make_web_site

HANNA, ANNA = "999996356", "111111110"
SERVICE = "urn:uuid:5f0c2a3e-9d41-4b7e-8f3a-1c6d2e7b9a40"
BOTH = DataSubject(Bsn(ANNA), Representative(Bsn(HANNA)))
ALLOWED = {"representation_allowed": True, "representation_service": SERVICE}
RIGHT = {"sub": ANNA, "sub_id_type": BSN_TYPE, "iss": "https://machtigen.example"}


def for_whom(grant: Grant) -> str:
    assert grant.on_behalf_of is not None
    return grant.on_behalf_of.identifier


class NlGovForAnother(NlGov):
    """As the profile has it: in the ID token too."""

    def id_token_claims(self, grant: Grant, access_token: str) -> dict[str, Any]:
        said = self.userinfo_claims(grant)
        more = {"represents": said["represents"], "scope": grant.request.scope}
        return {**super().id_token_claims(grant, access_token), **more}


class SignicatForAnother(Signicat):
    """The other way around."""

    def userinfo_claims(self, grant: Grant) -> dict[str, Any]:
        said = super().userinfo_claims(replace(grant, on_behalf_of=None))
        return {**said, "nin": for_whom(grant), "acting_nin": grant.person.identifier}


class KeycloakForAnother(Keycloak):
    def id_token_claims(self, grant: Grant, access_token: str) -> dict[str, Any]:
        persons = {"aanvrager": {"bsn": for_whom(grant)}, "gemachtigde": {"bsn": grant.person.identifier}}
        said = Encrypting.id_token_claims(self, grant, access_token)
        return {**said, **persons, "service_id": SERVICE}


@pytest.mark.parametrize(
    ("preset", "kind", "service"),
    [
        ("simulator", Provider, SERVICE),
        ("nlgov", NlGovForAnother, SERVICE),
        ("signicat", SignicatForAnother, None),
        ("keycloak", KeycloakForAnother, SERVICE),
    ],
)
def test_a_representative_logs_in_for_somebody_else_with_each_preset(
    preset: str, kind: type[Provider], service: str | None
) -> None:
    allowed = {**ALLOWED, "representation_service": service, "profile": PRESETS[preset]}
    with running(kind) as provider:
        assert log_in_for_another(relying_party(provider.issuer, **allowed)).data_subject == BOTH
        with pytest.raises(ActingForAnother) as caught:
            log_in_for_another(relying_party(provider.issuer, profile=PRESETS[preset]))
    assert caught.value.reason == "representation"


def test_whoever_may_represent_somebody_can_log_in_for_themselves() -> None:
    with running() as provider:
        alone = log_in_for_another(relying_party(provider.issuer, **ALLOWED), namens="")
        with pytest.raises(LevelTooLow):
            log_in_for_another(relying_party(provider.issuer, **ALLOWED), niveau="midden")
    assert alone.data_subject == DataSubject(Bsn(HANNA))


def says(**claims: Any) -> type[Provider]:
    return wrong.userinfo_with(**claims)


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        (says(represents={**RIGHT, "represents": RIGHT}), "representation_chain"),
        (
            says(represents={**RIGHT, "sub_id_type": "urn:nl-eid-gdi:1.0:id:KvKnr"}),
            "represented_organisation",
        ),
        (
            says(represents={**RIGHT, "sub_id_type": "urn:nl-eid-gdi:1.0:id:pseudonym"}),
            "represented_companion",
        ),
        (says(represents={"sub_id_type": BSN_TYPE, "iss": "x"}), "represented_missing"),
        (says(represents={"sub_id_type": BSN_TYPE, "sub": ANNA}), "represented_without_iss"),
        (says(represents={**RIGHT, "sub": HANNA}), "representation_of_oneself"),
        (says(bsn=None), "representative_missing"),
        (says(scope="openid bsn urn:uuid:een-andere-dienst"), "representation_service"),
        (says(act={"sub": "iemand"}), "representation_unknown"),
        (wrong.id_token_with(represents={**RIGHT, "sub": "999998493"}), "representation_differs"),
    ],
)
@pytest.mark.threat("T-36")
def test_a_broker_that_misbehaves_about_a_representation_logs_nobody_in(
    kind: type[Provider], reason: str
) -> None:
    with running(kind) as provider, pytest.raises(RepresentationRefused) as caught:
        log_in_for_another(relying_party(provider.issuer, **ALLOWED))
    assert caught.value.reason == reason


@pytest.mark.threat("T-36")
def test_while_it_is_off_the_site_logs_nobody_in_who_acts_for_another(tmp_path: Path) -> None:
    """The pages, the log-in and the provider as they are; only the browser is not."""
    back = "https://schulden.example/inloggen/terug"
    client = replace(registered(config()), redirect_uris=(back,))
    with running(client=client) as provider:
        web = make_web_site(tmp_path, real_login=relying_party(provider.issuer, profile=SIMULATOR))
        visitor = web.browser()
        at_digid = visitor.get("/inloggen").headers["Location"]
        answer = Browser().choose_for(at_digid).headers["Location"]
        parts = urlsplit(answer)
        refused = visitor.get(f"{parts.path}?{parts.query}")
        assert refused.status_code == 403
        assert "U kunt hier alleen voor uzelf inloggen" in refused.text
        assert visitor.get("/overzicht").status_code == 401
        assert web.collections.started == 0
        (row,) = rows_of(web.book)
        assert (str(row.event), row.detail) == ("login_refused", "representation")
        web.site.database.close()
