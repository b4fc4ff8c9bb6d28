"""The checks on claims, one by one."""

from datetime import timedelta
from typing import Any

import pytest

from app.oidc import levels, validate
from app.oidc.config import ClaimPlace, Source
from app.ports.login import LevelTooLow, LoginRefused
from tests.unit.oidc.support import NOW, STARTED, expectation, id_token_claims, principal, seconds, userinfo

LATE = seconds(NOW + timedelta(minutes=2))


def test_a_right_id_token_passes() -> None:
    validate.check_id_token(id_token_claims(), expectation())


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": ["blauwe-knop"]},
        {"aud": ["blauwe-knop", "ander"], "azp": "blauwe-knop"},
        {"azp": "blauwe-knop"},
        {"exp": seconds(NOW - timedelta(seconds=20))},  # within the skew
        {"nbf": seconds(NOW + timedelta(seconds=20))},
        {"iat": float(seconds(NOW))},
    ],
)
def test_other_right_forms_pass_too(changes: dict[str, Any]) -> None:
    validate.check_id_token(id_token_claims(**changes), expectation())


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"iss": None}, "iss"),
        ({"iss": "https://digid.example/"}, "iss"),
        ({"iss": ["https://digid.example"]}, "iss"),
        ({"aud": None}, "aud"),
        ({"aud": "ander"}, "aud"),
        ({"aud": []}, "aud"),
        ({"aud": {"blauwe-knop": 1}}, "aud"),
        ({"aud": ["blauwe-knop", "ander"]}, "azp"),
        ({"azp": "ander"}, "azp"),
        ({"nonce": None}, "nonce"),
        ({"nonce": "m" * 43}, "nonce"),
        ({"nonce": 5}, "nonce"),
        ({"nonce": "\ud800"}, "nonce"),
        ({"sub": None}, "sub_missing"),
        ({"sub": ""}, "sub_missing"),
        ({"sub": 7}, "sub_missing"),
        ({"iat": None}, "iat_missing"),
        ({"iat": "nu"}, "iat_missing"),
        ({"iat": True}, "iat_missing"),
        ({"iat": 1e300}, "iat"),
        ({"iat": float("nan")}, "iat"),
        ({"iat": LATE}, "iat"),
        ({"iat": seconds(STARTED - timedelta(minutes=2))}, "iat"),
        ({"exp": None}, "exp_missing"),
        ({"exp": seconds(NOW - timedelta(minutes=1))}, "expired"),
        ({"nbf": LATE}, "not_yet_valid"),
        ({"nbf": "morgen"}, "nbf_missing"),
    ],
)
def test_a_wrong_id_token_is_refused(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(LoginRefused) as caught:
        validate.check_id_token(id_token_claims(**changes), expectation())
    assert caught.value.reason == reason


def test_the_access_token_must_be_the_one_that_the_id_token_names() -> None:
    # The example of OpenID Connect Core 1.0, A.3.
    access_token = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y"
    claims = id_token_claims(at_hash="77QmUPtjPfzWtF2AnpK9RQ")
    validate.check_at_hash(claims, access_token)
    with pytest.raises(LoginRefused):
        validate.check_at_hash(claims, "een ander")


def test_userinfo_of_the_same_subject_passes() -> None:
    validate.check_userinfo(userinfo(), id_token_claims(), expectation())


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"sub": "ander"}, "userinfo_sub"),
        ({"sub": None}, "userinfo_sub"),
        ({"iss": "https://ander.example"}, "userinfo_iss"),
        ({"aud": "ander"}, "userinfo_aud"),
        ({"aud": ["ander"]}, "userinfo_aud"),
        ({"exp": seconds(NOW - timedelta(minutes=1))}, "userinfo_expired"),
        ({"nbf": LATE}, "not_yet_valid"),
    ],
)
def test_wrong_userinfo_is_refused(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(LoginRefused) as caught:
        validate.check_userinfo(userinfo(**changes), id_token_claims(), expectation())
    assert caught.value.reason == reason


def test_the_issuer_parameter_may_be_absent_only_where_the_provider_does_not_send_it() -> None:
    validate.check_callback_issuer({}, "https://digid.example", required=False)
    validate.check_callback_issuer({"iss": "https://digid.example"}, "https://digid.example", required=True)
    with pytest.raises(LoginRefused):
        validate.check_callback_issuer({}, "https://digid.example", required=True)
    with pytest.raises(LoginRefused):
        validate.check_callback_issuer({"iss": "https://ander"}, "https://digid.example", required=False)


def test_the_principal_has_number_level_and_moment() -> None:
    citizen = principal(id_token_claims(), userinfo(), expectation())
    assert citizen.bsn.digits == "111111110"
    assert citizen.level == levels.SUBSTANTIAL
    assert citizen.authenticated_at == NOW - timedelta(minutes=1)
    assert "111111110" not in repr(citizen)


@pytest.mark.parametrize("level", levels.IN_ORDER)
@pytest.mark.parametrize("minimum", levels.IN_ORDER)
def test_a_level_is_enough_from_the_configured_one_upwards(level: str, minimum: str) -> None:
    enough = levels.IN_ORDER.index(level) >= levels.IN_ORDER.index(minimum)
    assert levels.at_least(level, minimum) is enough


@pytest.mark.parametrize("level", [levels.BASIC, levels.LOW])
def test_too_low_a_level_is_told_apart_from_other_refusals(level: str) -> None:
    with pytest.raises(LevelTooLow):
        principal(id_token_claims(acr=level), userinfo(), expectation())


@pytest.mark.parametrize(
    ("id_token", "info", "reason"),
    [
        ({"acr": None}, {}, "level_missing"),
        ({"acr": ["http://eidas.europa.eu/LoA/high"]}, {}, "level_missing"),
        ({"acr": "http://eidas.europa.eu/LoA/HIGH"}, {}, "level_unknown"),
        ({"represents": {"sub": "x"}}, {}, "representation"),
        ({}, {"represents": False}, "representation"),
        ({}, {"acting_nin": "999993549"}, "representation"),
        ({}, {"urn:nl-eid-gdi:1.0:LegalSubjectID": "x"}, "representation"),
        ({"auth_time": None}, {}, "auth_time_missing"),
        ({"auth_time": LATE}, {}, "auth_time"),
        ({"auth_time": seconds(NOW - timedelta(minutes=16))}, {}, "auth_time_too_old"),
        ({}, {"bsn": None}, "bsn_missing"),
        ({}, {"bsn": 111111110}, "bsn_missing"),
        ({}, {"bsn": ["111111110"]}, "bsn_missing"),
        ({"bsn": "111111110"}, {"bsn": None}, "bsn_missing"),  # only the configured place counts
        ({}, {"bsn": "111111111"}, "bsn_invalid"),
        ({}, {"bsn": "000000000"}, "bsn_invalid"),
        ({}, {"bsn": " 111111110"}, "bsn_invalid"),
        ({}, {"bsn": "11111111"}, "bsn_invalid"),
        ({}, {"bsn": "١١١١١١١١٠"}, "bsn_invalid"),
        ({}, {"bsn": "s00000001:111111110"}, "bsn_sector"),
        ({}, {"bsn": "s00000000:s00000000:111111110"}, "bsn_invalid"),
    ],
)
def test_who_cannot_be_identified_with_certainty_is_refused(
    id_token: dict[str, Any], info: dict[str, Any], reason: str
) -> None:
    with pytest.raises(LoginRefused) as caught:
        principal(id_token_claims(**id_token), userinfo(**info), expectation())
    assert caught.value.reason == reason
    assert caught.value.__cause__ is None
    assert "11111" not in str(caught.value)


def test_a_companion_stands_beside_a_nested_number() -> None:
    expect = expectation(
        bsn=ClaimPlace(Source.ID_TOKEN, ("burger", "nummer")), bsn_companions={"soort": "BSN"}
    )
    right = id_token_claims(burger={"nummer": "999993549", "soort": "BSN"})
    assert principal(right, None, expect).bsn.digits == "999993549"
    with pytest.raises(LoginRefused) as caught:
        principal(id_token_claims(burger={"nummer": "999993549"}, soort="BSN"), None, expect)
    assert caught.value.reason == "bsn_companion"


def test_without_a_limit_on_age_the_moment_of_the_token_will_do() -> None:
    expect = expectation(max_authentication_age=None)
    citizen = principal(id_token_claims(auth_time=None), userinfo(), expect)
    assert citizen.authenticated_at == NOW
