"""Every check on what a provider answers (OpenID Connect Core 1.0, 3.1.3.7 and 5.3; OpenID NLGov 1.0.1; RFC 9207).

Each failed check raises LoginRefused with its own short reason, or LevelTooLow. Nothing here repeats token content.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from app.oidc.config import ClaimPlace, Connection, Source
from app.oidc.jose import Claims
from app.ports.login import LoginRefused, ProviderSession

SKEW = timedelta(seconds=30)


@dataclass(frozen=True)
class Expectation:
    """What the tokens of this one log-in must agree with."""

    config: Connection
    nonce: str
    started_at: datetime
    now: datetime


@dataclass(frozen=True)
class Answers:
    """What the provider said about one person, checked against `expect`: signatures, issuer, audience, nonce, times."""

    id_token_claims: Claims
    userinfo: Claims | None
    expect: Expectation

    def find(self, place: ClaimPlace) -> Any:
        """The claim of this place only, or None."""
        found: Any = self.id_token_claims if place.source is Source.ID_TOKEN else self.userinfo
        for name in place.path:
            if not isinstance(found, dict) or name not in found:
                return None
            found = found[name]
        return found

    @property
    def authenticated_at(self) -> datetime:
        """When the person proved who they are. Raises LoginRefused when that is not known or too long ago."""
        return _authenticated_at(self.id_token_claims, self.expect)

    @property
    def provider_session(self) -> ProviderSession:
        """By what the provider will name this log-in when it ends."""
        sid = self.id_token_claims.get("sid")
        known = sid if isinstance(sid, str) and sid else None
        return ProviderSession(self.expect.config.issuer, self.id_token_claims["sub"], known)

    def __repr__(self) -> str:
        return "Answers(…)"


def check_callback_issuer(callback_params: Mapping[str, str], issuer: str, *, required: bool) -> None:
    """RFC 9207, section 2.4: `iss` must be there when the broker says that it sends it, and must always be right."""
    unverified = callback_params.get("iss")
    if unverified is None:
        if required:
            raise LoginRefused("iss_parameter_missing")
    elif unverified != issuer:
        raise LoginRefused("iss_parameter")


def check_id_token(id_token_claims: Claims, expect: Expectation) -> None:
    """Issuer, audience, nonce, times and subject of an ID token whose signature is right."""
    if id_token_claims.get("iss") != expect.config.issuer:
        raise LoginRefused("iss")
    check_audience(id_token_claims, expect.config.client_id)
    _check_nonce(id_token_claims.get("nonce"), expect.nonce)
    if not (isinstance(id_token_claims.get("sub"), str) and id_token_claims["sub"]):
        raise LoginRefused("sub_missing")
    issued_at = moment(id_token_claims, "iat")
    if not expect.started_at - SKEW <= issued_at <= expect.now + SKEW:
        raise LoginRefused("iat")
    if moment(id_token_claims, "exp") <= expect.now - SKEW:
        raise LoginRefused("expired")
    _check_not_before(id_token_claims, expect.now)


def check_at_hash(id_token_claims: Claims, access_token: str) -> None:
    """When the ID token names its access token, it must be this one (3.1.3.6). All our algorithms use SHA-256."""
    stated = id_token_claims.get("at_hash")
    if stated is None:
        return
    half = hashlib.sha256(access_token.encode()).digest()[:16]
    if stated != base64.urlsafe_b64encode(half).rstrip(b"=").decode():
        raise LoginRefused("at_hash")


def check_userinfo(userinfo: Claims, id_token_claims: Claims, expect: Expectation) -> None:
    """Userinfo must be about the same subject (5.3.2); what a signed one states about itself must be right too."""
    if userinfo.get("sub") != id_token_claims["sub"]:
        raise LoginRefused("userinfo_sub")
    if "iss" in userinfo and userinfo["iss"] != expect.config.issuer:
        raise LoginRefused("userinfo_iss")
    if "aud" in userinfo and expect.config.client_id not in _audiences(userinfo["aud"]):
        raise LoginRefused("userinfo_aud")
    if "exp" in userinfo and moment(userinfo, "exp") <= expect.now - SKEW:
        raise LoginRefused("userinfo_expired")
    _check_not_before(userinfo, expect.now)


def _authenticated_at(id_token_claims: Claims, expect: Expectation) -> datetime:
    """The stated moment; the moment of the token only where the provider is not asked for more."""
    limit = expect.config.profile.max_authentication_age
    if "auth_time" not in id_token_claims and limit is None:
        return moment(id_token_claims, "iat")
    authenticated_at = moment(id_token_claims, "auth_time")
    if authenticated_at > expect.now + SKEW:
        raise LoginRefused("auth_time")
    if limit is not None and expect.now - authenticated_at > limit + SKEW:
        raise LoginRefused("auth_time_too_old")
    return authenticated_at


def check_audience(id_token_claims: Claims, client_id: str) -> None:
    """We are the audience, and the one to whom the token was given. Raises LoginRefused."""
    audiences = _audiences(id_token_claims.get("aud"))
    if client_id not in audiences:
        raise LoginRefused("aud")
    authorized = id_token_claims.get("azp", client_id if len(audiences) == 1 else None)
    if authorized != client_id:
        raise LoginRefused("azp")


def _audiences(stated: object) -> list[object]:
    return stated if isinstance(stated, list) else [stated]


def _check_nonce(stated: object, expected: str) -> None:
    if not isinstance(stated, str) or not hmac.compare_digest(
        stated.encode(errors="replace"), expected.encode()
    ):
        raise LoginRefused("nonce")


def _check_not_before(answer: Claims, now: datetime) -> None:
    if "nbf" in answer and moment(answer, "nbf") > now + SKEW:
        raise LoginRefused("not_yet_valid")


def moment(answer: Claims, name: str) -> datetime:
    """A numeric date (RFC 7519, section 2). Raises LoginRefused."""
    seconds = answer.get(name)
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        raise LoginRefused(f"{name}_missing")
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        raise LoginRefused(name) from None
