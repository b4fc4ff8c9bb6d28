"""Opening what the broker signed or encrypted (RFC 7515, 7516, 7519). Only explicitly listed algorithms count."""

import contextlib
import json
from collections.abc import Callable, Collection, Sequence
from typing import Any

from joserfc import jwe, jws
from joserfc.errors import JoseError
from joserfc.jwk import Key, RSAKey

from app.ports.login import LoginRefused

FindKey = Callable[[str | None, str], Key]
Claims = dict[str, Any]

# Access tokens, logout tokens and the like are signed with the same keys and must not pass for another (RFC 8725, 3.11).
ANSWER = frozenset({None, "jwt", "application/jwt"})
METADATA = ANSWER
LOGOUT = frozenset({"logout+jwt", "application/logout+jwt"})


class _JwsRules(jws.JWSRegistry):
    max_header_length = 8 * 1024  # brokers put whole certificates in it; we do not use them


class _JweRules(jwe.JWERegistry):
    max_protected_header_length = 8 * 1024
    max_ciphertext_length = 256 * 1024


def is_encrypted(token: str) -> bool:
    """Whether this has the shape of a compact JWE."""
    return token.count(".") == 4


def open_signed(
    token: str, find_key: FindKey, algorithms: Collection[str], types: Collection[str | None] = ANSWER
) -> Claims:
    """The claims of a token of one of these types whose signature is right. Raises LoginRefused."""
    rules = _JwsRules(algorithms=algorithms, strict_check_header=False)
    try:
        header = jws.extract_compact(token.encode(), registry=rules).headers()
        _check_type(header.get("typ"), types)
        key = find_key(*_check_header(header, algorithms))
        payload = jws.deserialize_compact(token, key, registry=rules).payload
        claims = json.loads(payload)
        json.dumps(
            claims, ensure_ascii=False
        ).encode()  # half a surrogate pair is no text: it cannot be hashed or stored
    except JoseError:
        raise LoginRefused("signature") from None
    except (ValueError, TypeError, RecursionError):
        raise LoginRefused("token_malformed") from None
    if not isinstance(claims, dict):
        raise LoginRefused("token_malformed")
    return claims


def _check_header(header: dict[str, Any], algorithms: Collection[str]) -> tuple[str | None, str]:
    """Key id and algorithm. Keys that the token brings along (`jwk`, `x5c`, ...) are never looked at."""
    algorithm, kid = header.get("alg"), header.get("kid")
    if algorithm not in algorithms:
        raise LoginRefused("algorithm")
    if "crit" in header or "b64" in header:
        raise LoginRefused("header_critical")
    if kid is not None and not isinstance(kid, str):
        raise LoginRefused("token_malformed")
    return kid, str(algorithm)


def _check_type(kind: object, types: Collection[str | None]) -> None:
    if (kind.lower() if isinstance(kind, str) else kind) not in types:
        raise LoginRefused("token_type")


def decrypt(token: str, keys: Sequence[RSAKey], algorithms: Collection[str]) -> str:
    """The signed token inside an encrypted one, whichever of our keys it is for: some brokers do not say. Raises LoginRefused.
    Compressed content is refused."""
    if not keys:
        raise LoginRefused("encrypted_without_key")
    rules = _JweRules(algorithms=algorithms, strict_check_header=False)
    for key in keys:
        with contextlib.suppress(JoseError, ValueError, TypeError, RecursionError):
            content = jwe.decrypt_compact(token, key, registry=rules).plaintext or b""
            return content.decode("ascii")
    raise LoginRefused("decryption")  # one reason for all causes: no oracle
