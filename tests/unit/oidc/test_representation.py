"""Somebody acts for somebody else: only what is understood to the last word logs anybody in."""

from dataclasses import replace
from typing import Any

import pytest

from app.oidc.citizen import principal as citizen_of
from app.oidc.config import BrokerProfile, OidcConfig
from app.oidc.login import OidcLogin
from app.oidc.presets import KEYCLOAK, NLGOV, PRESETS, RDO_MAX, SIGNICAT, SIMULATOR
from app.oidc.representation import represented_by
from app.oidc.validate import Answers, Expectation
from app.ports.data_subject import DataSubject, Representative
from app.ports.login import ActingForAnother, LevelTooLow, Principal, RepresentationRefused
from claims.identity import Bsn
from tests.unit.oidc.support import (
    NONCE,
    NOW,
    STARTED,
    config,
    id_token_claims,
    principal,
    userinfo,
)

WHO, FOR_WHOM = "999996356", "111111110"
OURS = "urn:uuid:5f0c2a3e-9d41-4b7e-8f3a-1c6d2e7b9a40"
BSN_TYPE = "urn:nl-eid-gdi:1.0:id:BSN"
RSIN = "urn:nl-eid-gdi:1.0:id:RSIN"
REPRESENTED = {"sub": FOR_WHOM, "sub_id_type": BSN_TYPE, "iss": "https://machtigen.example"}


def allowing(profile: BrokerProfile, service: str | None = OURS) -> OidcConfig:
    return config(profile=profile, representation_allowed=True, representation_service=service)


def logged_in(configured: OidcConfig, id_token: dict[str, Any], info: dict[str, Any] | None) -> Principal:
    expect = Expectation(configured, NONCE, STARTED, NOW)
    return citizen_of(Answers(id_token_claims(**id_token), info, expect), configured)


def simulated(**info: Any) -> Principal:
    right = {"bsn": WHO, "represents": REPRESENTED, "scope": f"openid bsn {OURS}"}
    return logged_in(allowing(SIMULATOR), {}, userinfo(**{**right, **info}))


def nlgov(represents: Any, **changed: Any) -> Principal:
    info = {"sub": WHO, "sub_id_type": BSN_TYPE, **changed.pop("info", {})}
    claims = {"sub": WHO, "represents": represents, "scope": f"openid {OURS}", **changed}
    return logged_in(allowing(NLGOV), claims, info)


def signicat(**changed: Any) -> Principal:
    info = {"nin": FOR_WHOM, "nin_type": "BSN", "nin_issuing_country": "NL", "acting_nin": WHO, **changed}
    return logged_in(allowing(SIGNICAT, None), {"acr": "loa:substantial"}, userinfo(bsn=None, **info))


def keycloak(**changed: Any) -> Principal:
    right = {"aanvrager": {"bsn": FOR_WHOM}, "gemachtigde": {"bsn": WHO}, "service_id": OURS}
    return logged_in(allowing(KEYCLOAK), {**right, **changed}, None)


@pytest.mark.parametrize(
    "known", [simulated(), nlgov(REPRESENTED), signicat(), keycloak()], ids=["sim", "nlgov", "signicat", "kc"]
)
def test_who_acts_and_for_whom_is_told_apart_for_each_broker(known: Principal) -> None:
    assert known.data_subject == DataSubject(Bsn(FOR_WHOM), Representative(Bsn(WHO)))
    assert known.level == "http://eidas.europa.eu/LoA/substantial"
    assert WHO not in repr(known)


def test_where_it_is_allowed_people_still_log_in_for_themselves() -> None:
    for configured, claims, info in (
        (allowing(SIMULATOR), {}, userinfo(bsn=WHO, scope=f"openid bsn {OURS}")),
        (allowing(KEYCLOAK), {"aanvrager": {"bsn": WHO}}, None),
    ):
        assert logged_in(configured, claims, info).data_subject == DataSubject(Bsn(WHO))


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"represents": {**REPRESENTED, "represents": REPRESENTED}}, "representation_chain"),
        ({"represents": {**REPRESENTED, "act": {}}}, "representation_chain"),
        ({"represents": {**REPRESENTED, "sub_id_type": RSIN}}, "represented_organisation"),
        ({"represents": {**REPRESENTED, "sub_id_type": "urn:iets"}}, "represented_companion"),
        ({"represents": {**REPRESENTED, "sub_id_type": [RSIN]}}, "represented_companion"),
        ({"represents": {"sub": FOR_WHOM, "iss": "x"}}, "represented_companion"),
        ({"represents": {"sub": FOR_WHOM, "sub_id_type": BSN_TYPE}}, "represented_without_iss"),
        ({"represents": {"sub_id_type": BSN_TYPE, "iss": "x"}}, "represented_missing"),
        ({"represents": FOR_WHOM}, "represented_companion"),
        ({"represents": []}, "represented_companion"),
        ({"represents": {**REPRESENTED, "sub": [FOR_WHOM]}}, "represented_missing"),
        ({"represents": {**REPRESENTED, "sub": "111111111"}}, "represented_invalid"),
        ({"represents": {**REPRESENTED, "sub": f"s00000001:{FOR_WHOM}"}}, "represented_sector"),
        ({"represents": {**REPRESENTED, "sub": WHO}}, "representation_of_oneself"),
        ({"bsn": None}, "representative_missing"),
        ({"bsn": "111111111"}, "representative_invalid"),
        ({"bsn": f"s00000001:{WHO}"}, "representative_sector"),
        ({"acting_nin": WHO}, "representation_unknown"),
        ({"scope": None}, "representation_service"),
        ({"scope": "openid bsn"}, "representation_service"),
        ({"scope": f"openid {OURS}x"}, "representation_service"),
        ({"scope": [OURS]}, "representation_service"),
    ],
)
@pytest.mark.threat("T-36")
def test_each_representation_that_is_not_ours_is_refused_with_its_own_reason(
    changed: dict[str, Any], reason: str
) -> None:
    with pytest.raises(RepresentationRefused) as caught:
        simulated(**changed)
    assert caught.value.reason == reason
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    ("represents", "changed", "reason"),
    [
        (REPRESENTED, {"info": {"sub_id_type": RSIN}}, "representative_organisation"),
        (REPRESENTED, {"info": {"sub_id_type": None}}, "representative_companion"),
        (REPRESENTED, {"info": {"represents": {**REPRESENTED, "sub": WHO}}}, "representation_differs"),
        (None, {"info": {"represents": REPRESENTED}}, "represented_companion"),
        (REPRESENTED, {"scope": "openid"}, "representation_service"),
    ],
)
def test_both_answers_of_an_nlgov_broker_must_agree(
    represents: Any, changed: dict[str, Any], reason: str
) -> None:
    with pytest.raises(RepresentationRefused) as caught:
        nlgov(represents, **changed)
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("known", "changed", "reason"),
    [
        (signicat, {"acting_nin": ""}, "representative_invalid"),
        (signicat, {"acting_nin": {"bsn": WHO}}, "representative_missing"),
        (signicat, {"acting_nin": FOR_WHOM}, "representation_of_oneself"),
        (signicat, {"nin_type": "KVK"}, "represented_companion"),
        (signicat, {"represents": REPRESENTED}, "representation_unknown"),
        (keycloak, {"gemachtigde": {}}, "representative_missing"),
        (keycloak, {"gemachtigde": {"bsn": WHO, "gemachtigde": {}}}, "representation_chain"),
        (keycloak, {"aanvrager": {}}, "represented_missing"),
        (keycloak, {"service_id": "een andere dienst"}, "representation_service"),
    ],
)
def test_brokers_that_word_it_the_other_way_around_are_held_to_the_same(
    known: Any, changed: dict[str, Any], reason: str
) -> None:
    with pytest.raises(RepresentationRefused) as caught:
        known(**changed)
    assert caught.value.reason == reason


@pytest.mark.parametrize("profile", PRESETS.values(), ids=PRESETS)
@pytest.mark.threat("T-36")
def test_nobody_acts_for_another_unless_it_is_allowed(profile: BrokerProfile) -> None:
    expect = Expectation(config(profile=profile), NONCE, STARTED, NOW)
    for sign in profile.representation_claims:
        for claims, info in (({sign: REPRESENTED}, {}), ({}, {sign: WHO})):
            with pytest.raises(ActingForAnother) as caught:
                principal(id_token_claims(**claims), userinfo(**info), expect)
            assert caught.value.reason == "representation"


def test_the_level_is_that_of_who_logged_in() -> None:
    low = {"acr": "http://eidas.europa.eu/LoA/low"}
    info = userinfo(bsn=WHO, represents=REPRESENTED, scope=OURS)
    with pytest.raises(LevelTooLow):
        logged_in(allowing(SIMULATOR), low, info)


@pytest.mark.parametrize(
    ("profile", "service"),
    [(RDO_MAX, None), (NLGOV, None), (SIGNICAT, OURS), (BrokerProfile(), OURS)],
    ids=["does not tell who acts", "tells the service", "does not tell the service", "tells nothing"],
)
def test_what_a_broker_cannot_tell_cannot_be_allowed(profile: BrokerProfile, service: str | None) -> None:
    with pytest.raises(ValueError, match="this broker"):
        allowing(profile, service)


def test_a_service_without_representation_is_a_mistake_in_the_settings() -> None:
    with pytest.raises(ValueError, match="representation_service means nothing"):
        config(profile=SIMULATOR, representation_service=OURS)


def test_without_a_known_way_nobody_is_represented() -> None:
    configured = config(profile=BrokerProfile())
    answers = Answers(
        id_token_claims(), userinfo(represents=REPRESENTED), Expectation(configured, NONCE, STARTED, NOW)
    )
    with pytest.raises(RepresentationRefused):
        represented_by(answers, configured)


def test_only_where_it_is_allowed_the_broker_is_asked_for_it() -> None:
    assert SIMULATOR.with_representation(OURS).scope == f"openid bsn {OURS}"
    assert NLGOV.with_representation(OURS).scope == f"openid {OURS}"
    assert KEYCLOAK.with_representation(OURS) == replace(KEYCLOAK)
    asking = SIGNICAT.with_representation(None)
    assert asking.scope == "openid nin acting-nin"
    assert all(word.startswith("idp:digid-combiconnect ") for word in asking.requested_levels.values())
    assert asking.requested_levels.keys() == SIGNICAT.requested_levels.keys()
    OidcLogin(allowing(SIMULATOR))
