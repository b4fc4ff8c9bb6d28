"""Who may use the operator site, by what the identity provider says."""

import logging
from dataclasses import replace
from typing import Any

import pytest

from app.oidc.config import ClaimPlace, Source
from app.oidc.staff import SecondFactor, StaffConfig, StaffProfile, operator
from app.oidc.validate import Answers, Expectation
from app.ports.login import LoginRefused
from app.ports.staff_login import RoleMissing, SecondFactorMissing
from tests.unit.oidc.support import CLIENT_ID, ISSUER, NONCE, NOW, STARTED, id_token_claims, pem, rsa

KEYCLOAK = StaffProfile(
    roles=ClaimPlace(Source.ID_TOKEN, ("realm_access", "roles")), allowed_roles=("beheer", "lezer")
)
ENTRA = StaffProfile(roles=ClaimPlace(Source.ID_TOKEN, ("roles",)), allowed_roles=("beheer",))
USERINFO = StaffProfile(roles=ClaimPlace(Source.USERINFO, ("groups",)), allowed_roles=("beheer",))


def answers(profile: StaffProfile, userinfo: dict[str, Any] | None = None, **id_token: Any) -> Answers:
    config = StaffConfig(issuer=ISSUER, client_id=CLIENT_ID, signing_key_pem=pem(rsa()), profile=profile)
    claims = id_token_claims(**{"amr": ["pwd", "mfa"], **id_token})
    return Answers(claims, userinfo, Expectation(config, NONCE, STARTED, NOW))


def test_a_role_in_the_configured_place_is_enough() -> None:
    found = operator(answers(KEYCLOAK, realm_access={"roles": ["x", "lezer"]}, name="Samira"), KEYCLOAK)
    assert (found.subject, found.name, found.roles) == ("pseudoniem", "Samira", ("lezer",))
    assert operator(answers(ENTRA, roles=["beheer"]), ENTRA).name == "pseudoniem"
    assert operator(answers(ENTRA, roles="beheer"), ENTRA).roles == ("beheer",)
    assert operator(answers(USERINFO, {"groups": ["beheer"], "name": "P"}), USERINFO).name == "P"


@pytest.mark.parametrize(
    "stated",
    [
        None,
        [],
        {},
        {"beheer": True},
        ["Beheer"],
        ["beheer "],
        ["beheer2"],
        [["beheer"]],
        [None],
        "beheer lezer",
        "beheer,lezer",
        "",
        True,
        1,
    ],
)
def test_anything_else_is_no_role(stated: object) -> None:
    with pytest.raises(RoleMissing):
        operator(answers(ENTRA, roles=stated), ENTRA)


def test_a_role_in_another_place_does_not_count() -> None:
    with pytest.raises(RoleMissing):
        operator(answers(KEYCLOAK, roles=["beheer"], realm_access={"role": ["beheer"]}), KEYCLOAK)
    with pytest.raises(RoleMissing):
        operator(answers(KEYCLOAK, realm_access="beheer"), KEYCLOAK)
    with pytest.raises(RoleMissing):
        operator(answers(USERINFO, {"groups": []}, groups=["beheer"]), USERINFO)


def test_whoever_lacks_the_role_is_named_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING), pytest.raises(RoleMissing):
        operator(answers(ENTRA, roles=["balie"]), ENTRA)
    [record] = [r for r in caplog.records if "none of the roles" in r.getMessage()]
    assert vars(record)["operator"] == "pseudoniem"


@pytest.mark.parametrize(
    ("factor", "stated", "enough"),
    [
        (SecondFactor(), {"amr": ["pwd", "mfa"]}, True),
        (SecondFactor(), {"amr": ["pwd"]}, False),
        (SecondFactor(), {"amr": "mfa"}, False),
        (SecondFactor(), {"amr": [["mfa"], {"mfa": 1}, None]}, False),
        (SecondFactor(), {"amr": None, "acr": "mfa"}, False),
        (SecondFactor(("2", "3"), ()), {"amr": ["mfa"], "acr": "1"}, False),
        (SecondFactor(("2", "3"), ()), {"amr": None, "acr": "3"}, True),
        (SecondFactor(("2", "3"), ()), {"amr": None, "acr": 2}, False),
        (SecondFactor(("2",), ("hwk",)), {"amr": ["hwk"], "acr": ["2"]}, True),
        (None, {"amr": None}, True),
    ],
)
@pytest.mark.threat("T-25")
def test_more_than_a_password_is_needed_unless_the_settings_leave_that_to_the_provider(
    factor: SecondFactor | None, stated: dict[str, Any], enough: bool
) -> None:
    profile = replace(ENTRA, second_factor=factor)
    given = answers(profile, roles=["beheer"], **stated)
    if enough:
        assert operator(given, profile).roles == ("beheer",)
    else:
        with pytest.raises(SecondFactorMissing):
            operator(given, profile)


def test_words_in_userinfo_are_no_second_factor() -> None:
    with pytest.raises(SecondFactorMissing):
        operator(answers(USERINFO, {"groups": ["beheer"], "amr": ["mfa"]}, amr=["pwd"]), USERINFO)


def test_a_connection_that_knows_no_word_for_a_second_factor_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="no word for a second factor"):
        answers(replace(ENTRA, second_factor=SecondFactor((), ())))


@pytest.mark.parametrize("subject", ["a\nb", "a\x1b[2J", "x" * 201])
def test_a_subject_that_would_spoil_the_log_is_refused(subject: str) -> None:
    with pytest.raises(LoginRefused):
        operator(answers(ENTRA, sub=subject, roles=["beheer"]), ENTRA)


@pytest.mark.parametrize("name", [None, "", "  ", 7, ["x"], "a\u202eb", "a\nb"])
def test_without_a_decent_name_the_subject_is_shown(name: object) -> None:
    assert operator(answers(ENTRA, name=name, roles=["beheer"]), ENTRA).name == "pseudoniem"


@pytest.mark.parametrize("roles", [(), ("",), ("beheer", "")])
def test_a_connection_without_roles_cannot_be_made(roles: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="no role"):
        StaffConfig(
            issuer=ISSUER,
            client_id=CLIENT_ID,
            signing_key_pem=pem(rsa()),
            profile=StaffProfile(roles=ENTRA.roles, allowed_roles=roles),
        )
