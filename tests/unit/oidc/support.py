"""One right log-in, of which each test changes one thing."""

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey
from joserfc.jws import JWSRegistry

from app.oidc.citizen import principal as citizen_of
from app.oidc.config import BrokerProfile, OidcConfig
from app.oidc.validate import Answers, Expectation
from app.ports.login import Principal

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
STARTED = NOW - timedelta(minutes=2)
ISSUER = "https://digid.example"
CLIENT_ID = "blauwe-knop"
NONCE = "n" * 43


@cache
def rsa(_name: str = "ours") -> RSAKey:
    return RSAKey.generate_key(3072)


@cache
def ec(_name: str = "ours") -> ECKey:
    return ECKey.generate_key("P-256")


def pem(key: RSAKey | ECKey) -> str:
    return key.as_pem(private=True).decode()


def config(**changes: Any) -> OidcConfig:
    right = OidcConfig(
        issuer=ISSUER,
        client_id=CLIENT_ID,
        signing_key_pem=pem(rsa()),
        decryption_key_pem=pem(rsa("decryption")),
        profile=BrokerProfile(),
    )
    return replace(right, **changes)


def expectation(**profile: Any) -> Expectation:
    return Expectation(config(profile=BrokerProfile(**profile)), NONCE, STARTED, NOW)


def principal(claims: dict[str, Any], info: dict[str, Any] | None, expect: Expectation) -> Principal:
    assert isinstance(expect.config, OidcConfig)
    return citizen_of(Answers(claims, info, expect), expect.config)


def seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def id_token_claims(**changes: Any) -> dict[str, Any]:
    """A right ID token; None takes a claim away."""
    right = {
        "iss": ISSUER,
        "sub": "pseudoniem",
        "aud": CLIENT_ID,
        "iat": seconds(NOW),
        "exp": seconds(NOW + timedelta(minutes=5)),
        "auth_time": seconds(NOW - timedelta(minutes=1)),
        "nonce": NONCE,
        "acr": "http://eidas.europa.eu/LoA/substantial",
    }
    return {name: value for name, value in {**right, **changes}.items() if value is not None}


def userinfo(**changes: Any) -> dict[str, Any]:
    right = {"sub": "pseudoniem", "bsn": "111111110"}
    return {name: value for name, value in {**right, **changes}.items() if value is not None}


def signed(key: RSAKey | ECKey, algorithm: str, claims: dict[str, Any] | None = None, **header: Any) -> str:
    content = {"iat": int(time.time())} if claims is None else claims
    rules = JWSRegistry(algorithms=[algorithm], strict_check_header=False)
    return jwt.encode({"alg": algorithm, "kid": key.thumbprint(), **header}, content, key, registry=rules)
