"""Proving who we are at a token endpoint: private_key_jwt (RFC 7521 and 7523; OAuth-NL profile, client profiles)."""

from __future__ import annotations

import secrets
import time
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from sources.errors import Misconfigured
from sources.oauth_settings import OauthSettings

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LIFE_SECONDS = 60
_MINIMUM_RSA_BITS = 2048
_ALGORITHMS = {"RSA": ("PS256", "RS256"), "EC": ("ES256",)}


def client_assertion(settings: OauthSettings, key_file: Path) -> str:
    """A signed statement for one call, valid for LIFE_SECONDS. Raises Misconfigured when the key cannot be used."""
    key = _load_key(key_file)
    fitting = _ALGORITHMS[key.key_type]
    algorithm = settings.algorithm or fitting[0]
    if algorithm not in fitting:
        raise Misconfigured("the algorithm does not fit the key for access tokens")
    now = int(time.time())
    claims = {
        "iss": settings.client_id,
        "sub": settings.client_id,
        "aud": settings.assertion_audience or settings.token_url,
        "jti": secrets.token_urlsafe(32),
        "iat": now,
        "exp": now + LIFE_SECONDS,
    }
    header = {"alg": algorithm, "kid": settings.signing_key_id or key.thumbprint()}
    return jwt.encode(header, claims, key, [algorithm])


def _load_key(file: Path) -> RSAKey | ECKey:
    try:
        private = load_pem_private_key(file.read_bytes(), password=None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm):
        # The library's text may quote what it read: a private key.
        raise Misconfigured("the key for access tokens cannot be read") from None
    if isinstance(private, ec.EllipticCurvePrivateKey) and isinstance(private.curve, ec.SECP256R1):
        return ECKey.import_key(private)
    if isinstance(private, rsa.RSAPrivateKey) and private.key_size >= _MINIMUM_RSA_BITS:
        return RSAKey.import_key(private)
    raise Misconfigured("the key for access tokens is neither RSA of 2048 bits or more nor EC P-256")
