"""Access tokens of a configured external issuer: every check on what one says (OAuth-NL; RFC 9068). The demands, one by one:
docs/conformance/oauth-nlgov.md."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from app.oauth.access_tokens import TYPES
from app.oauth.jwts import Claims, Header, PublicKey, Unreadable, open_signed, public_key, whole_seconds
from app.ports.clock import Clock
from app.ports.consents import Confirmation
from app.ports.grants import Scope
from app.ports.issuers import ExternalApp, ExternalIssuer, IssuerKeys
from app.ports.login import Principal
from claims.identity import Bsn

SKEW_S = 30
LONGEST_SINCE_LOGIN_S = 3600
MOST_AUDIENCES = 10
# 128 bits in base64url take 22 characters.
_JTI = re.compile(r"[\x21-\x7e]{22,200}")
_THUMBPRINT = re.compile(r"[A-Za-z0-9_-]{43}")
# RFC 8693, section 4.1, and OpenID NLGov: somebody acts for somebody else. Consent is for the person themselves to give.
_ACTS_FOR_ANOTHER = ("act", "represents")


class LevelNotEnough(Unreadable):
    """The citizen logged in there with less certainty than we ask."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalToken:
    """What one says, when it is right. `client_id`: as the app is called here."""

    client_id: str
    app: ExternalApp
    principal: Principal
    scopes: frozenset[Scope]
    confirmation: Confirmation
    jti: str
    expires_at: datetime

    def __repr__(self) -> str:
        return f"ExternalToken(client_id={self.client_id!r})"


class ExternalTokens:
    """Of one issuer. Safe to share between threads."""

    def __init__(self, issuer: ExternalIssuer, keys: IssuerKeys, clock: Clock) -> None:
        self._issuer = issuer
        self._keys = keys
        self._clock = clock

    def read(self, token: str) -> ExternalToken:
        """Raises Unreadable (LevelNotEnough) and IssuerUnavailable."""
        claims = open_signed(token, TYPES, self._key, self._issuer.algorithms)
        if claims.get("iss") != self._issuer.issuer:
            raise Unreadable("issuer")
        self._check_audience(claims.get("aud"))
        authenticated_at = self._check_times(claims)
        level = self._level(claims.get("acr"))
        azp, app = self._app(claims)
        return ExternalToken(
            client_id=self._issuer.client_id(azp),
            app=app,
            confirmation=self._confirmation(claims.get("cnf")),
            scopes=self._scopes(claims.get("scope")) & app.scopes,
            jti=_jti(claims.get("jti")),
            expires_at=datetime.fromtimestamp(whole_seconds(claims, "exp"), UTC),
            principal=Principal(self._bsn(claims), level, authenticated_at),
        )

    def _key(self, header: Header) -> PublicKey:
        """Keys that a token brings along (`jwk`, `x5c`, `jku`, `x5u`) are never looked at."""
        kid, algorithm = header.get("kid"), str(header.get("alg"))
        found = self._keys.key(kid, algorithm) if isinstance(kid, str) else None
        if found is None:
            raise Unreadable("key_unknown")
        return public_key(dict(found))

    def _check_audience(self, stated: object) -> None:
        """One of the names in it is ours, to the letter; there may be others, because the token is tied to a key."""
        names = stated if isinstance(stated, list) else [stated]
        is_list_of_names = all(isinstance(name, str) for name in names) and len(names) <= MOST_AUDIENCES
        if not is_list_of_names or self._issuer.audience not in names:
            raise Unreadable("audience")

    def _check_times(self, claims: Claims) -> datetime:
        """When the citizen logged in."""
        now = int(self._clock.now().timestamp())
        issued, expires = whole_seconds(claims, "iat"), whole_seconds(claims, "exp")
        if expires <= now:
            raise Unreadable("expired")
        if issued > now + SKEW_S or ("nbf" in claims and whole_seconds(claims, "nbf") > now + SKEW_S):
            raise Unreadable("from_later")
        if expires - min(issued, now) > self._issuer.longest_life_s:
            raise Unreadable("life")
        logged_in = whole_seconds(claims, "auth_time")
        if not now - LONGEST_SINCE_LOGIN_S <= logged_in <= now + SKEW_S:
            raise Unreadable("auth_time")
        return datetime.fromtimestamp(logged_in, UTC)

    def _level(self, stated: object) -> str:
        if not isinstance(stated, str) or stated not in self._issuer.levels:
            raise LevelNotEnough("level")
        return stated

    def _app(self, claims: Claims) -> tuple[str, ExternalApp]:
        """`client_id` (RFC 9068) may stand beside `azp` (OAuth-NL), and then names the same."""
        azp = claims.get("azp")
        app = self._issuer.apps.get(azp) if isinstance(azp, str) else None
        if app is None or claims.get("client_id", azp) != azp:
            raise Unreadable("azp")
        return str(azp), app

    def _confirmation(self, stated: object) -> Confirmation:
        """Of the kind that we demand, and nothing beside it."""
        binding = self._issuer.binding
        value = stated.get(str(binding)) if isinstance(stated, dict) and len(stated) == 1 else None
        if not isinstance(value, str) or not _THUMBPRINT.fullmatch(value):
            raise Unreadable("cnf")
        return Confirmation(binding, value)

    def _scopes(self, stated: object) -> frozenset[Scope]:
        """What it says of others is not for us."""
        if not isinstance(stated, str):
            raise Unreadable("scope")
        known = self._issuer.scopes
        return frozenset(known[word] for word in stated.split(" ") if word in known)

    def _bsn(self, claims: Claims) -> Bsn:
        """Nine digits in a JWE to our key, and nowhere else: whoever carries the token must not be able to read them."""
        if any(name in claims for name in _ACTS_FOR_ANOTHER):
            raise Unreadable("acts_for_another")
        stated = claims.get(self._issuer.bsn_claim)
        if not isinstance(stated, str) or stated.count(".") != 4:
            raise Unreadable("bsn_not_encrypted")
        opened = self._keys.opened(stated)
        if opened is None:
            raise Unreadable("bsn_not_for_us")
        try:
            bsn = Bsn.parse(opened)
        except ValueError:
            raise Unreadable("bsn_invalid") from None
        if _stands_in(claims, bsn.digits):
            raise Unreadable("bsn_readable")
        return bsn


def _stands_in(claims: Claims, digits: str) -> bool:
    """Also as part of a text, as in `s00000000:...` of brokers, in a name, and as a number without its first zero."""
    number = re.compile(rf"(?<![0-9])0*{digits.lstrip('0')}(?![0-9])")
    return number.search(json.dumps(claims, ensure_ascii=False)) is not None


def _jti(stated: object) -> str:
    if not isinstance(stated, str) or not _JTI.fullmatch(stated):
        raise Unreadable("jti")
    return stated
