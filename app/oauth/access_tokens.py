"""Access tokens: signed JWTs (RFC 9068) with a random handle, tied to a key of the client. Never a BSN."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from app.oauth.jwts import Claims, Header, PublicKey, Unreadable, open_signed, whole_seconds
from app.ports.clients import Binding
from app.ports.clock import Clock
from app.ports.consents import Confirmation, Grant
from app.ports.grants import Scope

TYPE = "at+jwt"
TYPES = frozenset({TYPE, f"application/{TYPE}"})
MINIMUM_RSA_BITS = 3072
SigningKey = RSAKey | ECKey


def load_token_key(pem: str) -> SigningKey:
    """The key that signs access tokens. Raises ValueError unless RSA of 3072 bits or more, or EC P-256."""
    try:
        private = load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise ValueError("the key for access tokens is not a readable PEM private key") from None
    if isinstance(private, ec.EllipticCurvePrivateKey) and isinstance(private.curve, ec.SECP256R1):
        return ECKey.import_key(private)
    if isinstance(private, rsa.RSAPrivateKey) and private.key_size >= MINIMUM_RSA_BITS:
        return RSAKey.import_key(private)
    raise ValueError("the key for access tokens must be EC P-256, or RSA of 3072 bits or more")


@dataclass(frozen=True, slots=True)
class TokenKeys:
    """The first signs; tokens of the others are still believed."""

    keys: tuple[SigningKey, ...]

    def __repr__(self) -> str:
        return "TokenKeys(…)"

    def public(self) -> dict[str, Any]:
        """As a JWK set (RFC 7517), without private parts."""
        return {"keys": [_public(key) for key in self.keys]}

    def find(self, header: Header) -> PublicKey:
        """Raises Unreadable."""
        for key in self.keys:
            if header.get("kid") == key.thumbprint() and header.get("alg") == _algorithm(key):
                return key
        raise Unreadable("key_unknown")


@dataclass(frozen=True, slots=True)
class AccessToken:
    """What a token of ours says. `claims` are all of it, for a gateway that asks."""

    grant_id: str
    client_id: str
    scopes: frozenset[Scope]
    confirmation: Confirmation
    expires_at: datetime
    claims: Claims


class AccessTokens:
    """`audience`: our API. Safe to share between threads."""

    def __init__(self, keys: TokenKeys, issuer: str, audience: str, clock: Clock) -> None:
        self._keys = keys
        self._issuer = issuer
        self._audience = audience
        self._clock = clock

    def issue(self, grant: Grant, expires_at: datetime) -> str:
        """A token until this moment."""
        key, request, now = self._keys.keys[0], grant.request, self._clock.now()
        claims = {
            "iss": self._issuer,
            "aud": self._audience,
            "sub": grant.grant_id,
            "client_id": request.client_id,
            "azp": request.client_id,
            "scope": " ".join(sorted(request.scopes)),
            "acr": grant.principal.level,
            "auth_time": int(grant.principal.authenticated_at.timestamp()),
            "iat": int(now.timestamp()),
            "exp": int(expires_at.timestamp()),
            "jti": secrets.token_urlsafe(32),
            "cnf": request.confirmation.as_claim(),
        }
        header = {"alg": _algorithm(key), "kid": key.thumbprint(), "typ": TYPE}
        return jwt.encode(header, claims, key, [_algorithm(key)])

    def read(self, token: str, *, may_be_old: bool = False) -> AccessToken:
        """What a token says, when it is ours and for our API. `may_be_old`: to give one back. Raises Unreadable."""
        claims = open_signed(token, TYPES, self._keys.find)
        if claims.get("iss") != self._issuer or claims.get("aud") != self._audience:
            raise Unreadable("issuer_or_audience")
        expires = whole_seconds(claims, "exp")
        if expires <= self._clock.now().timestamp() and not may_be_old:
            raise Unreadable("expired")
        try:
            ((binding, thumbprint),) = claims["cnf"].items()
            return AccessToken(
                claims["sub"],
                claims["client_id"],
                frozenset(map(Scope, claims["scope"].split())),
                Confirmation(Binding(binding), thumbprint),
                datetime.fromtimestamp(expires, UTC),
                claims,
            )
        except (KeyError, TypeError, ValueError, AttributeError):
            raise Unreadable("malformed") from None


def _algorithm(key: SigningKey) -> str:
    return "PS256" if isinstance(key, RSAKey) else "ES256"


def _public(key: SigningKey) -> dict[str, Any]:
    return {**key.as_dict(private=False), "kid": key.thumbprint(), "use": "sig", "alg": _algorithm(key)}
