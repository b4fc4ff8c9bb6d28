"""Proof that a caller holds the key that a token is tied to (DPoP, RFC 9449, section 4.3)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit, urlunsplit

from app.oauth.jwts import Claims, Header, PublicKey, Unreadable, open_signed, public_key, whole_seconds
from app.oauth.nonces import Nonces
from app.ports.clock import Clock
from app.ports.consents import GrantStore

TYPE = frozenset({"dpop+jwt"})
SKEW_S = 60
SHORTEST_JTI, LONGEST_JTI = 16, 200
# A proof is taken within SKEW_S of its `iat`, on either side; after this it is too old anyway.
REMEMBERED = timedelta(seconds=3 * SKEW_S)


class BadProof(Exception):
    """`reason`: a short word for the log."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class NonceNeeded(BadProof):
    """The proof has no nonce of ours, or an old one: it can be made again with this one."""

    def __init__(self, nonce: str) -> None:
        self.nonce = nonce
        super().__init__("nonce")


@dataclass(frozen=True, slots=True)
class Target:
    """What a proof must be made for. `access_token`: the one that comes along; None at our own endpoints."""

    method: str
    url: str
    access_token: str | None = None


@dataclass(frozen=True, slots=True)
class Proof:
    """A proof that is right, and of which nobody knows yet whether it was used before. `thumbprint`: of its key (RFC 7638)."""

    thumbprint: str
    jti: str


class Dpop:
    """Safe to share between threads."""

    def __init__(self, once: GrantStore, nonces: Nonces, clock: Clock) -> None:
        self._once = once
        self._clock = clock
        self.nonces = nonces

    def read(self, unverified_proof: str | None, target: Target) -> Proof:
        """A proof made for this request, now. Nothing is written: whoever is not known yet must not fill our tables, and who
        lacks the nonce tries again with the same code. Raises BadProof or NonceNeeded."""
        if not unverified_proof:
            raise BadProof("missing")
        keys: list[PublicKey] = []

        def find_key(header: Header) -> PublicKey:
            keys.append(public_key(header.get("jwk")))
            return keys[0]

        try:
            claims = open_signed(unverified_proof, TYPE, find_key)
            issued_at = whole_seconds(claims, "iat")
        except Unreadable as error:
            raise BadProof(str(error)) from None
        _check_target(claims, target)
        if not self.nonces.is_good(claims.get("nonce")):
            raise NonceNeeded(self.nonces.current())
        if abs(self._clock.now().timestamp() - issued_at) > SKEW_S:
            raise BadProof("iat")
        return Proof(keys[0].thumbprint(), _jti(claims))

    def use(self, proof: Proof) -> None:
        """Once. Raises BadProof, StorageUnavailable."""
        until = self._clock.now() + REMEMBERED
        if not self._once.is_first_use("dpop", f"{proof.thumbprint}\n{proof.jti}", until):
            raise BadProof("replayed")


def _jti(claims: Claims) -> str:
    jti = claims.get("jti")
    if not isinstance(jti, str) or not jti.isascii() or not SHORTEST_JTI <= len(jti) <= LONGEST_JTI:
        raise BadProof("jti")
    return jti


def _check_target(claims: Claims, target: Target) -> None:
    if claims.get("htm") != target.method:
        raise BadProof("htm")
    if _without_query(claims.get("htu")) != target.url:
        raise BadProof("htu")
    if target.access_token is not None:
        half = hashlib.sha256(target.access_token.encode(errors="replace")).digest()
        expected = base64.urlsafe_b64encode(half).rstrip(b"=")
        if not hmac.compare_digest(str(claims.get("ath")).encode(errors="replace"), expected):
            raise BadProof("ath")


def _without_query(unverified: object) -> str | None:
    """Query and fragment do not count; for the rest our address is compared to the letter."""
    if not isinstance(unverified, str):
        return None
    try:
        parts = urlsplit(unverified)
    except ValueError:
        return None
    return urlunsplit((parts.scheme, parts.netloc, parts.path, "", ""))
