"""Providers that are wrong in exactly one point. Each is the simulator with one method changed."""

import base64
import json
import time
from typing import Any

from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from simulators.digid.grants import Grant
from simulators.digid.provider import Provider
from tests.integration.oidc.support import rsa_pem

_HOUR_S = 3600


def id_token_with(**changed: Any) -> type[Provider]:
    """A provider whose ID token has other claims; None takes a claim away."""

    class WrongClaims(Provider):
        def id_token_claims(self, grant: Grant, access_token: str) -> dict[str, Any]:
            return _merged(super().id_token_claims(grant, access_token), changed)

    return WrongClaims


def userinfo_with(**changed: Any) -> type[Provider]:
    class WrongUserinfo(Provider):
        def userinfo_claims(self, grant: Grant) -> dict[str, Any]:
            return _merged(super().userinfo_claims(grant), changed)

    return WrongUserinfo


def token_answer_with(**changed: Any) -> type[Provider]:
    class WrongTokenAnswer(Provider):
        def token_answer(self, grant: Grant) -> dict[str, Any]:
            return _merged(super().token_answer(grant), changed)

    return WrongTokenAnswer


def metadata_with(**changed: Any) -> type[Provider]:
    class WrongMetadata(Provider):
        def metadata(self) -> dict[str, Any]:
            return _merged(super().metadata(), changed)

    return WrongMetadata


def _merged(right: dict[str, Any], changed: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in {**right, **changed}.items() if value is not None}


def _base64url(content: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


class Expired(Provider):
    def id_token_claims(self, grant: Grant, access_token: str) -> dict[str, Any]:
        return {**super().id_token_claims(grant, access_token), "exp": int(time.time()) - _HOUR_S}


class OldAuthentication(Provider):
    def id_token_claims(self, grant: Grant, access_token: str) -> dict[str, Any]:
        return {**super().id_token_claims(grant, access_token), "auth_time": int(time.time()) - _HOUR_S}


class AlgorithmNone(Provider):
    def sign(self, claims: dict[str, Any]) -> str:
        header = {"alg": "none", "kid": self.key.thumbprint()}
        return f"{_base64url(header)}.{_base64url(claims)}."


class SignedWithPublicKeyAsSecret(Provider):
    """The classic confusion: HS256 with the public key as the secret."""

    def sign(self, claims: dict[str, Any]) -> str:
        secret = OctKey.import_key(self.key.as_pem(private=False).hex())
        return jwt.encode({"alg": "HS256", "kid": self.key.thumbprint()}, claims, secret, ["HS256"])


class AlgorithmNotAllowed(Provider):
    def sign(self, claims: dict[str, Any]) -> str:
        return jwt.encode({"alg": "RS512", "kid": self.key.thumbprint()}, claims, self.key, ["RS512"])


class OtherKeySameName(Provider):
    """Signs with a key that is not published, under the published name."""

    def sign(self, claims: dict[str, Any]) -> str:
        other = RSAKey.import_key(rsa_pem("other"))
        return jwt.encode({"alg": "PS256", "kid": self.key.thumbprint()}, claims, other, ["PS256"])


class KeyInHeader(Provider):
    """Brings its own key along in the token (CVE-2026-27962 in another library)."""

    def sign(self, claims: dict[str, Any]) -> str:
        other = RSAKey.import_key(rsa_pem("other"))
        header = {"alg": "PS256", "kid": other.thumbprint(), "jwk": other.as_dict(private=False)}
        return jwt.encode(header, claims, other, ["PS256"])


class LogoutTokenAsIdToken(Provider):
    def sign(self, claims: dict[str, Any]) -> str:
        header = {"alg": "PS256", "kid": self.key.thumbprint(), "typ": "logout+jwt"}
        return jwt.encode(header, claims, self.key, ["PS256"])


class PlainUserinfo(Provider):
    def userinfo(self, grant: Grant) -> tuple[str, str]:
        claims = self.userinfo_claims(grant)
        return "application/json", f'{{"sub": "{claims["sub"]}", "bsn": "{claims["bsn"]}"}}'


class SignedUserinfo(Provider):
    def userinfo(self, grant: Grant) -> tuple[str, str]:
        return "application/jwt", self.sign(self.userinfo_claims(grant))


class ForgedUserinfo(Provider):
    """Encrypted to us, which anybody can do, around a token that somebody else signed."""

    def userinfo(self, grant: Grant) -> tuple[str, str]:
        other = RSAKey.import_key(rsa_pem("other"))
        header = {"alg": "PS256", "kid": self.key.thumbprint()}
        return "application/jwt", self.encrypt(
            jwt.encode(header, self.userinfo_claims(grant), other, ["PS256"])
        )
