"""Proving who we are at the provider: private_key_jwt (RFC 7523; OpenID Connect Core 1.0, section 9) or mTLS (RFC 8705).

Authlib's own version lives an hour and can repeat its `jti`; ours lives a minute and is new each time.
"""

import base64
import secrets
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from joserfc import jwt

from app.oidc.keys import SigningKey, algorithm_of

LIFE_S = 60
_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

ClientAuth = Callable[[Any, str, str, dict[str, str], Any], tuple[str, dict[str, str], bytes]]


def client_assertion(
    key: SigningKey, client_id: str, token_endpoint: str, certificate: x509.Certificate | None = None
) -> str:
    """A signed statement for one call, valid for LIFE_S seconds. It names its key by `kid`, or by the thumbprint of
    `certificate` (RFC 7515, 4.1.8) for a provider that knows no key sets, such as Entra ID."""
    now = int(time.time())
    claims: dict[str, Any] = {
        "iss": client_id,
        "sub": client_id,
        "aud": token_endpoint,
        "jti": secrets.token_urlsafe(32),
        "iat": now,
        "exp": now + LIFE_S,
    }
    algorithm = algorithm_of(key)
    named = {"kid": key.thumbprint()} if certificate is None else _by_certificate(certificate)
    return jwt.encode({"alg": algorithm, **named}, claims, key, [algorithm])


def _by_certificate(certificate: x509.Certificate) -> dict[str, str]:
    thumbprint = base64.urlsafe_b64encode(certificate.fingerprint(SHA256())).decode().rstrip("=")
    return {"typ": "JWT", "x5t#S256": thumbprint}


def client_auth(
    key: SigningKey, client_id: str, token_endpoint: str, certificate: x509.Certificate | None = None
) -> ClientAuth:
    """The same as an Authlib client authentication method: adds a fresh assertion to each request body."""
    return _adding(
        lambda: {
            "client_id": client_id,
            "client_assertion_type": _TYPE,
            "client_assertion": client_assertion(key, client_id, token_endpoint, certificate),
        }
    )


def tls_client_auth(client_id: str) -> ClientAuth:
    """RFC 8705, section 2: the certificate of the connection is the proof; the body only says whose it must be."""
    return _adding(lambda: {"client_id": client_id})


def _adding(fields: Callable[[], dict[str, str]]) -> ClientAuth:
    def add(
        _client: Any, _method: str, uri: str, headers: dict[str, str], body: Any
    ) -> tuple[str, dict[str, str], bytes]:
        old = body.encode() if isinstance(body, str) else (body or b"")
        new = b"&".join(part for part in (old, urlencode(fields()).encode()) if part)
        headers["Content-Length"] = str(len(new))
        return uri, headers, new

    return add
