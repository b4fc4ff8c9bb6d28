"""The public keys of a client: from what an operator got to what we keep."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from app.oauth.faults import MOST_KEYS, Fault, Field, Problem, RegistrationRefused
from app.oauth.jwts import Unreadable, public_key
from app.ports.clients import ClientAuthentication

Jwk = Mapping[str, Any]
_KEPT = ("kty", "crv", "x", "y", "n", "e", "kid", "x5c")
_PEM = re.compile(rb"-----BEGIN ([A-Z0-9 ]+)-----.+?-----END \1-----", re.DOTALL)
_SECRET_MEMBERS = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """What people see of a registered key. `thumbprint`: RFC 7638. `ends_at`: of its certificate, None without one."""

    kid: str
    kind: str
    thumbprint: str
    ends_at: datetime | None


def facts_of(jwk: Jwk) -> KeyFacts:
    """Of a key that was checked before. Raises Unreadable."""
    key, certificate = public_key(jwk), certificate_of(jwk)
    kind = "EC P-256" if isinstance(key, ECKey) else f"RSA {key.public_key.key_size} bits"
    ends_at = None if certificate is None else certificate.not_valid_after_utc
    return KeyFacts(str(jwk.get("kid", "")), kind, key.thumbprint(), ends_at)


def lost_keys(before: Sequence[Jwk], after: Sequence[Jwk]) -> bool:
    """Whether a key that counted before counts no more. Another name or certificate for the same key is no other key."""
    return not _thumbprints(before) <= _thumbprints(after)


def _thumbprints(keys: Sequence[Jwk]) -> set[str]:
    return {public_key(jwk).thumbprint() for jwk in keys}


def holds_private_key(data: bytes) -> bool:
    """Whether somebody handed over what they should have kept, whole or broken."""
    if b"PRIVATE KEY-----" in data:
        return True
    return any(_is_secret(jwk) for jwk in _listed(_json(data)))


def read_keys(data: bytes, now: datetime) -> list[Jwk]:
    """JWKs from the content of a file: a JWK set (RFC 7517, section 5), one JWK, or PEM with certificates or public keys, which
    get their thumbprint (RFC 7638) as `kid`. A certificate goes along as `x5c`, and must not have ended. Raises
    RegistrationRefused."""
    if holds_private_key(data):
        raise _refused(Problem.PRIVATE_KEY)
    if data.lstrip().startswith(b"-----BEGIN "):
        return _of_pem(data, now)
    listed = _listed(_json(data))
    if not listed or not all(isinstance(jwk, dict) for jwk in listed):
        raise _refused(Problem.KEY_FORM)
    return listed


def checked_keys(keys: Sequence[Jwk], authentication: ClientAuthentication) -> list[dict[str, Any]]:
    """Those for signatures, with the members that we keep. Raises RegistrationRefused with all that is wrong."""
    if not 1 <= len(keys) <= MOST_KEYS:
        raise _refused(Problem.KEY_COUNT)
    faults = []
    for place, jwk in enumerate(keys, 1):
        if jwk.get("use") != "enc" and (problem := _problem(jwk, authentication)):
            faults.append(Fault(Field.KEYS, problem, place if len(keys) > 1 else None))
    if faults:
        raise RegistrationRefused(*faults)
    kept = [{name: jwk[name] for name in _KEPT if name in jwk} for jwk in keys if jwk.get("use") != "enc"]
    names = [jwk.get("kid") for jwk in kept]
    if not kept or len(set(names)) != len(names) or (len(names) > 1 and None in names):
        raise _refused(Problem.KEY_NAMES)
    return kept


def certificate_of(jwk: Jwk) -> x509.Certificate | None:
    """The first of `x5c` (RFC 7517, section 4.7); None when there is none that can be read."""
    chain = jwk.get("x5c")
    try:
        leaf = base64.b64decode(chain[0], validate=True) if isinstance(chain, list) else b""
        return x509.load_der_x509_certificate(leaf)
    except (IndexError, TypeError, ValueError, binascii.Error):
        return None


def _problem(jwk: Jwk, authentication: ClientAuthentication) -> Problem | None:
    """RFC 8705, section 2.2: of who proves itself by certificate, the certificate itself is registered."""
    try:
        key = public_key(jwk)
    except Unreadable:
        return Problem.KEY
    if authentication is not ClientAuthentication.CERTIFICATE:
        return None
    certificate = certificate_of(jwk)
    if certificate is None:
        return Problem.CERTIFICATE_MISSING
    return None if certificate.public_key() == key.public_key else Problem.CERTIFICATE_OF_OTHER_KEY


def _of_pem(data: bytes, now: datetime) -> list[Jwk]:
    """Every block counts: a half one, or one of another kind, is not passed over."""
    blocks = [(match[0], match[1]) for match in _PEM.finditer(data)]
    if len(blocks) != data.count(b"-----BEGIN "):
        raise _refused(Problem.KEY_FORM)
    return [_of_block(block, kind, now) for block, kind in blocks]


def _of_block(block: bytes, kind: bytes, now: datetime) -> Jwk:
    try:
        if kind == b"CERTIFICATE":
            return _of_certificate(x509.load_pem_x509_certificate(block), now)
        return _of_public(load_pem_public_key(block))
    except RegistrationRefused:
        raise
    except (ValueError, TypeError, UnsupportedAlgorithm, JoseError):
        raise _refused(Problem.KEY_FORM) from None


def _of_certificate(certificate: x509.Certificate, now: datetime) -> Jwk:
    if certificate.not_valid_after_utc <= now:
        raise _refused(Problem.CERTIFICATE_ENDED)
    chain = [base64.b64encode(certificate.public_bytes(Encoding.DER)).decode()]
    return {**_of_public(certificate.public_key()), "x5c": chain}


def _of_public(key: object) -> Jwk:
    if not isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey):
        raise _refused(Problem.KEY)
    pem = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    kind = RSAKey if isinstance(key, rsa.RSAPublicKey) else ECKey
    made = kind.import_key(pem)
    return {**made.as_dict(private=False), "kid": made.thumbprint()}


def _json(data: bytes) -> object:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


def _listed(found: object) -> list[Any]:
    """The keys of a JWK set, or the one that it is."""
    if not isinstance(found, dict):
        return []
    listed = found.get("keys", [found] if "kty" in found else [])
    return listed if isinstance(listed, list) else []


def _is_secret(jwk: object) -> bool:
    return isinstance(jwk, dict) and not _SECRET_MEMBERS.isdisjoint(jwk)


def _refused(problem: Problem) -> RegistrationRefused:
    return RegistrationRefused(Fault(Field.KEYS, problem))
