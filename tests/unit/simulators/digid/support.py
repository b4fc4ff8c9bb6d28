"""A simulator without a socket, and the client's side of its protocol."""

import base64
import hashlib
import re
import secrets
import time
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from flask.testing import FlaskClient
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from simulators.digid.citizens import Citizen
from simulators.digid.client import ASSERTION_TYPE, Client
from simulators.digid.provider import Provider
from simulators.digid.web import create_app

ISSUER = "http://127.0.0.1:8090"
REDIRECT_URI = "http://127.0.0.1:8000/inloggen/terug"
AFTER_LOGOUT = "http://127.0.0.1:8000/"
CLIENT_ID = "blauwe-knop"
CITIZENS = (Citizen("111111110", "Anna <Bakker>", "Vijf schulden."), Citizen("999993549", "Bram", "Geen."))
VERIFIER = "v" * 43


@cache
def rsa(_name: str = "client") -> RSAKey:
    return RSAKey.generate_key(3072)


@cache
def ec() -> ECKey:
    return ECKey.generate_key("P-256")


def public(key: RSAKey | ECKey, use: str) -> dict[str, Any]:
    return {**key.as_dict(private=False), "kid": key.thumbprint(), "use": use}


def provider() -> Provider:
    jwks = {"keys": [public(rsa(), "sig"), public(ec(), "sig"), public(rsa("encryption"), "enc")]}
    return Provider(ISSUER, Client(CLIENT_ID, jwks, (REDIRECT_URI,), (AFTER_LOGOUT,)), rsa("provider"))


def browser(of: Provider | None = None) -> FlaskClient:
    return create_app(of or provider(), CITIZENS).test_client()


def query(**changes: str | None) -> dict[str, str]:
    right = {
        "response_type": "code",
        "client_id": CLIENT_ID,
        "redirect_uri": REDIRECT_URI,
        "scope": "openid bsn",
        "state": "s" * 43,
        "nonce": "n" * 43,
        "code_challenge": base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode()[:43],
        "code_challenge_method": "S256",
    }
    return {name: value for name, value in {**right, **changes}.items() if value is not None}


def parameters(location: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(location).query))


def code(client: FlaskClient, **form: str) -> str:
    page = re.search(r'name="page" value="([\w-]+)"', client.get("/authorize", query_string=query()).text)
    assert page is not None
    answer = client.post("/authorize", data={"page": page[1], "burger": "0", "niveau": "hoog", **form})
    return parameters(answer.headers["Location"])["code"]


def assertion(key: RSAKey | ECKey | None = None, algorithm: str = "PS256", **changes: Any) -> str:
    used, now = key or rsa(), int(time.time())
    right = {
        "iss": CLIENT_ID,
        "sub": CLIENT_ID,
        "aud": f"{ISSUER}/token",
        "jti": secrets.token_urlsafe(32),
        "iat": now,
        "exp": now + 60,
    }
    claims = {name: value for name, value in {**right, **changes}.items() if value is not None}
    return jwt.encode({"alg": algorithm, "kid": used.thumbprint()}, claims, used, [algorithm])


def token_form(a_code: str, **changes: str) -> dict[str, str]:
    right = {
        "grant_type": "authorization_code",
        "code": a_code,
        "redirect_uri": REDIRECT_URI,
        "code_verifier": VERIFIER,
        "client_assertion_type": ASSERTION_TYPE,
    }
    return {"client_assertion": assertion(), **right, **changes}
