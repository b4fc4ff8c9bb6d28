"""What a logout token must be (OpenID Connect Back-Channel Logout 1.0, section 2.6; ASVS 5.0, 10.5.5).

Its signature and its type `logout+jwt` are checked where it is opened.
"""

from datetime import datetime, timedelta

from app.oidc.config import Connection
from app.oidc.jose import Claims
from app.oidc.validate import SKEW, check_audience, moment
from app.ports.login import LoginRefused, LogoutNotice

EVENT = "http://schemas.openid.net/event/backchannel-logout"
MAX_AGE = timedelta(minutes=5)
_MAX_TEXT = 1000


def check_logout_token(claims: Claims, config: Connection, now: datetime) -> LogoutNotice:
    """The notice in a logout token whose signature is right. Raises LoginRefused."""
    if claims.get("iss") != config.issuer:
        raise LoginRefused("logout_iss")
    check_audience(claims, config.client_id)
    expires_at = _check_times(claims, now)
    if "nonce" in claims:
        raise LoginRefused("logout_nonce")  # an ID token in disguise, or good for one
    events = claims.get("events")
    if not isinstance(events, dict) or not isinstance(events.get(EVENT), dict):
        raise LoginRefused("logout_event")
    subject, sid, notice_id = (_text(claims, name) for name in ("sub", "sid", "jti"))
    if notice_id is None:
        raise LoginRefused("logout_jti")
    if subject is None and sid is None:
        raise LoginRefused("logout_of_nobody")
    return LogoutNotice(config.issuer, subject, sid, notice_id, expires_at)


def _check_times(claims: Claims, now: datetime) -> datetime:
    """Until when this token is accepted. An old one is refused, so that used ones need not be remembered for long."""
    issued_at, expires_at = moment(claims, "iat"), moment(claims, "exp")
    if not now - MAX_AGE - SKEW <= issued_at <= now + SKEW:
        raise LoginRefused("logout_iat")
    if expires_at <= now - SKEW:
        raise LoginRefused("logout_expired")
    return min(expires_at, issued_at + MAX_AGE) + 2 * SKEW


def _text(claims: Claims, name: str) -> str | None:
    value = claims.get(name)
    if value is None:
        return None
    if not isinstance(value, str) or not 0 < len(value) <= _MAX_TEXT:
        raise LoginRefused(f"logout_{name}")
    return value
