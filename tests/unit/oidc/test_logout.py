"""Logout tokens: each test changes one thing of a right one (OpenID Connect Back-Channel Logout 1.0, 2.4 and 2.6)."""

from datetime import timedelta
from typing import Any

import pytest

from app.oidc.logout import EVENT, check_logout_token
from app.ports.login import LoginRefused
from tests.unit.oidc.support import CLIENT_ID, ISSUER, NOW, config, seconds


def claims(**changes: Any) -> dict[str, Any]:
    right = {
        "iss": ISSUER,
        "aud": CLIENT_ID,
        "iat": seconds(NOW),
        "exp": seconds(NOW + timedelta(minutes=2)),
        "jti": "een-keer",
        "events": {EVENT: {}},
        "sub": "pseudoniem",
        "sid": "sessie",
    }
    return {name: value for name, value in {**right, **changes}.items() if value is not None}


def test_a_right_token_says_whose_session_ends() -> None:
    notice = check_logout_token(claims(), config(), NOW)
    assert (notice.issuer, notice.subject, notice.sid) == (ISSUER, "pseudoniem", "sessie")
    assert notice.notice_id == "een-keer"
    assert "pseudoniem" not in repr(notice)


@pytest.mark.parametrize("name", ["sub", "sid"])
def test_one_name_is_enough(name: str) -> None:
    notice = check_logout_token(claims(**{name: None}), config(), NOW)
    assert [notice.subject, notice.sid].count(None) == 1


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"iss": "https://ander.invalid"}, "logout_iss"),
        ({"iss": None}, "logout_iss"),
        ({"aud": "een-ander"}, "aud"),
        ({"aud": None}, "aud"),
        ({"aud": [CLIENT_ID, "een-ander"]}, "azp"),
        ({"nonce": "n"}, "logout_nonce"),
        ({"events": None}, "logout_event"),
        ({"events": [EVENT]}, "logout_event"),
        ({"events": {EVENT: True}}, "logout_event"),
        ({"events": {"http://schemas.openid.net/event/other": {}}}, "logout_event"),
        ({"jti": None}, "logout_jti"),
        ({"jti": 5}, "logout_jti"),
        ({"jti": ""}, "logout_jti"),
        ({"sub": None, "sid": None}, "logout_of_nobody"),
        ({"sid": "s" * 1001}, "logout_sid"),
        ({"sub": ["pseudoniem"]}, "logout_sub"),
        ({"iat": None}, "iat_missing"),
        ({"exp": None}, "exp_missing"),
        ({"iat": seconds(NOW + timedelta(minutes=1))}, "logout_iat"),
        ({"iat": seconds(NOW - timedelta(minutes=6))}, "logout_iat"),
        ({"exp": seconds(NOW - timedelta(minutes=1))}, "logout_expired"),
    ],
)
def test_a_wrong_token_ends_nothing(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(LoginRefused) as caught:
        check_logout_token(claims(**changes), config(), NOW)
    assert caught.value.reason == reason


def test_a_used_token_is_remembered_as_long_as_it_could_be_accepted() -> None:
    """Also one that says it lives for a year."""
    for life in (timedelta(minutes=2), timedelta(days=365)):
        notice = check_logout_token(claims(exp=seconds(NOW + life)), config(), NOW)
        assert notice.expires_at > NOW + min(life, timedelta(minutes=5))
        with pytest.raises(LoginRefused):
            check_logout_token(claims(exp=seconds(NOW + life)), config(), notice.expires_at)
