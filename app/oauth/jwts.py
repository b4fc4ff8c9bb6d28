"""Opening what a client signed (RFC 7515, 7519; RFC 8725). Only listed algorithms and types count."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

ALGORITHMS = ("PS256", "ES256")
LARGEST = 16 * 1024
MINIMUM_RSA_BITS = 2048
Header = dict[str, Any]
Claims = dict[str, Any]
PublicKey = RSAKey | ECKey
FindKey = Callable[[Header], PublicKey]


class Unreadable(Exception):
    """The token is not one of ours to believe; the argument is a short word for the log."""


class _Rules(jws.JWSRegistry):
    max_header_length = 8 * 1024


def open_signed(
    token: str,
    types: Collection[str | None],
    find_key: FindKey,
    algorithms: Collection[str] = ALGORITHMS,
) -> Claims:
    """The claims of a token of one of these types whose signature is right. Raises Unreadable, and what `find_key` raises."""
    if len(token) > LARGEST:
        raise Unreadable("too_large")
    rules = _Rules(algorithms=list(algorithms), strict_check_header=False)
    try:
        header = jws.extract_compact(token.encode(), registry=rules).headers()
        _check_header(header, types, algorithms)
        payload = jws.deserialize_compact(token, find_key(header), registry=rules).payload
        claims = json.loads(payload)
    except JoseError:
        raise Unreadable("signature") from None
    except (ValueError, TypeError, RecursionError):
        raise Unreadable("malformed") from None
    if not isinstance(claims, dict):
        raise Unreadable("malformed")
    return claims


def unverified_claims(token: str) -> Claims:
    """What a token says before anybody checked it: only to find whose key it must be under. Raises Unreadable."""
    if len(token) > LARGEST:
        raise Unreadable("too_large")
    rules = _Rules(algorithms=ALGORITHMS, strict_check_header=False)
    try:
        claims = json.loads(jws.extract_compact(token.encode(), registry=rules).payload)
    except (JoseError, ValueError, TypeError, RecursionError):
        raise Unreadable("malformed") from None
    if not isinstance(claims, dict):
        raise Unreadable("malformed")
    return claims


def public_key(jwk: object) -> PublicKey:
    """A public key that fits one of our algorithms: RSA of 2048 bits or more, or EC P-256. Raises Unreadable."""
    if not isinstance(jwk, dict) or "d" in jwk:
        raise Unreadable("key")
    try:
        if jwk.get("kty") == "EC" and jwk.get("crv") == "P-256":
            return ECKey.import_key(jwk)
        if jwk.get("kty") != "RSA":
            raise Unreadable("key")
        key = RSAKey.import_key(jwk)
    except (JoseError, ValueError, TypeError):
        raise Unreadable("key") from None
    if key.public_key.key_size < MINIMUM_RSA_BITS:
        raise Unreadable("key")
    return key


def whole_seconds(claims: Claims, name: str) -> int:
    """A numeric date (RFC 7519, section 2). Raises Unreadable."""
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e11:
        raise Unreadable(f"{name}_missing")
    return int(value)


def _check_header(header: Header, types: Collection[str | None], algorithms: Collection[str]) -> None:
    kind = header.get("typ")
    if (kind.lower() if isinstance(kind, str) else kind) not in types:
        raise Unreadable("type")
    if header.get("alg") not in algorithms:
        raise Unreadable("algorithm")
    if "crit" in header or "b64" in header:
        raise Unreadable("critical")
