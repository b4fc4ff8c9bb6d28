"""Verify a sealed JSON: a flattened JWS (RFC 7515) in exactly the form in which we seal.

Choices where the verdict table leaves room:
- `alg` "none", HS256 or any other registered algorithm than ES256, ES384 and PS256: not a sealed overview at all;
- a key or an address of a key in the header (jwk, jku, x5u), or no certificate: sealed by a stranger;
- everything else that is not as we seal it, including text that decodes to the same bytes: altered.
"""

import base64
import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc.jwk import ECKey, RSAKey
from joserfc.jws import JWSRegistry

from signing.key_kinds import JWS_ALGORITHMS, KeyKind
from signing.policy import TrustPolicy
from signing.report import B_B, CheckId, Finding, SealReport
from signing.verifying.judgement import Intact, judge
from signing.verifying.look import once_sealed
from signing.verifying.record import Record, Refused
from signing.verifying.strict_json import NotStrictJson, parse, parse_object
from signing.verifying.trust import SealCertificates

_MEMBERS = {"payload", "protected", "signature"}
_OUR_HEADER = {"alg", "cty", "iat", "x5c", "x5t#S256"}
_FOREIGN_KEY = {"jwk", "jku", "x5u"}
_ALGORITHMS = JWSRegistry(algorithms=sorted(JWS_ALGORITHMS))
_CURVES = {kind.jws_algorithm: kind.curve for kind in KeyKind}
_MAX_CERTIFICATES = 8
_LATEST = 253402300799  # the last second of the year 9999


@dataclass(frozen=True)
class _Jws:
    members: dict[str, Any]
    payload: bytes
    header: dict[str, Any]
    signing_input: bytes
    signature: bytes


def verify_json(data: bytes, policy: TrustPolicy, now: datetime) -> SealReport:
    """The report about a JSON file. `now` is aware. Never raises for anything that is in the file."""
    record = Record.of(data, "json")
    try:
        jws = _read(record, data)
        certificates = _check_unchanged(record, jws)
        intact = Intact(
            certificates, _sealed_at(jws.header), lambda: _check_form(record, data, jws, certificates)
        )
        return record.report(judge(record, intact, policy, now))
    except Refused as refused:
        return record.report(refused.finding)


def _read(record: Record, data: bytes) -> _Jws:
    members = _members(record, data)
    try:
        payload, protected, signature = (
            _decode(members[name]) for name in ("payload", "protected", "signature")
        )
        header = parse_object(protected)
    except (ValueError, NotStrictJson):
        record.refuse(CheckId.UNCHANGED, Finding.ALTERED, "a part of the seal is damaged")
    signing_input = f"{members['protected']}.{members['payload']}".encode("ascii")
    return _Jws(members, payload, header, signing_input, signature)


def _members(record: Record, data: bytes) -> dict[str, Any]:
    try:
        value = parse(data)
    except NotStrictJson:
        if once_sealed(data, "json"):
            record.refuse(
                CheckId.READABLE, Finding.ALTERED, "damaged: remains of a seal, but not readable as JSON"
            )
        record.refuse(CheckId.READABLE, Finding.NOT_SEALED, "not readable as JSON")
    record.ok(CheckId.READABLE, "readable as JSON")
    members = value if isinstance(value, dict) else {}
    if len(_MEMBERS & set(members)) < 2 and not {"payload", "signatures"} <= set(members):
        record.refuse(CheckId.ONE_SEAL, Finding.NOT_SEALED, "there is no seal in it")
    if set(members) != _MEMBERS:
        reason = "not exactly one seal: members are missing or were added"
        record.refuse(CheckId.ONE_SEAL, Finding.ALTERED, reason)
    record.ok(CheckId.ONE_SEAL, "exactly one seal")
    return members


def _decode(text: object) -> bytes:
    """Base64url without padding; only the one spelling that an encoder writes (RFC 7515, appendix C)."""
    if not isinstance(text, str):
        raise ValueError("not base64url")
    content = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    if base64.urlsafe_b64encode(content).rstrip(b"=").decode("ascii") != text:
        raise ValueError("not the usual spelling")
    return content


def _check_unchanged(record: Record, jws: _Jws) -> SealCertificates:
    algorithm = jws.header.get("alg")
    if not isinstance(algorithm, str) or algorithm not in JWS_ALGORITHMS:
        is_other = isinstance(algorithm, str) and algorithm in JWSRegistry.algorithms
        finding = Finding.NOT_SEALED if is_other or algorithm is None else Finding.ALTERED
        record.refuse(CheckId.UNCHANGED, finding, "not sealed with an algorithm that we seal with")
    if _FOREIGN_KEY & set(jws.header) or not jws.header.get("x5c"):
        reason = "the header brings its own key, or no certificate"
        record.refuse(CheckId.ORGANISATION, Finding.UNTRUSTED, reason)
    certificates = _certificates(jws.header["x5c"])
    if certificates is None or not _is_signed_by(certificates.leaf, algorithm, jws):
        record.refuse(CheckId.UNCHANGED, Finding.ALTERED, "the signature does not fit the content")
    record.ok(CheckId.UNCHANGED, "the signature fits the content")
    return certificates


def _certificates(unverified_x5c: object) -> SealCertificates | None:
    if not isinstance(unverified_x5c, list) or len(unverified_x5c) > _MAX_CERTIFICATES:
        return None
    try:
        leaf, *others = [base64.b64decode(one, validate=True) for one in unverified_x5c]
    except (TypeError, ValueError):
        return None
    return SealCertificates(leaf, tuple(others))


def _is_signed_by(leaf: bytes, algorithm: str, jws: _Jws) -> bool:
    try:
        public_key = x509.load_der_x509_certificate(leaf).public_key()
        if not isinstance(public_key, ec.EllipticCurvePublicKey | rsa.RSAPublicKey):
            return False
        pem = public_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        key = (RSAKey if isinstance(public_key, rsa.RSAPublicKey) else ECKey).import_key(pem)
        operation = _ALGORITHMS.get_alg(algorithm)
        operation.check_key(key)
        return operation.verify(jws.signing_input, jws.signature, key)
    except Exception:  # noqa: BLE001 -- a strange certificate or key makes libraries raise all sorts of errors
        return False


def _sealed_at(header: dict[str, Any]) -> datetime | None:
    moment = header.get("iat")
    if type(moment) is not int or not 0 < moment <= _LATEST:
        return None
    return datetime.fromtimestamp(moment, UTC)


def _check_form(record: Record, data: bytes, jws: _Jws, certificates: SealCertificates) -> bytes:
    if data != _as_we_write_it(jws.members):
        record.refuse(
            CheckId.WHOLE_FILE, Finding.ALTERED, "the file holds more than the seal and what it covers"
        )
    record.ok(CheckId.WHOLE_FILE, "the file holds nothing but the seal and what it covers")
    thumbprint = (
        base64.urlsafe_b64encode(hashlib.sha256(certificates.leaf).digest()).rstrip(b"=").decode("ascii")
    )
    if set(jws.header) != _OUR_HEADER or jws.header["cty"] != "application/json":
        record.refuse(CheckId.FORM, Finding.ALTERED, "the header is not that of a sealed overview")
    if jws.header["x5t#S256"] != thumbprint:
        record.refuse(
            CheckId.FORM, Finding.ALTERED, "the header names another certificate than it brings along"
        )
    curve = _CURVES.get(jws.header["alg"])
    if curve is not None and not curve.is_plain_with_low_s(jws.signature):
        record.refuse(CheckId.FORM, Finding.ALTERED, "the signature is spelled in another way than ours")
    record.ok(CheckId.FORM, "the form is that of a sealed overview")
    record.know(level=B_B)
    try:
        parse_object(jws.payload)
    except NotStrictJson:
        record.refuse(CheckId.CONTENT, Finding.ALTERED, "the sealed content is not readable as JSON")
    record.ok(CheckId.CONTENT, "the sealed content is readable")
    record.not_done(CheckId.CONTROL_CODE, "a JSON file has no printed control code")
    return jws.payload


def _as_we_write_it(members: dict[str, Any]) -> bytes:
    """The file as we seal it: these members in this order without spaces. Anything else was changed on its way."""
    ordered = {name: members[name] for name in ("payload", "protected", "signature")}
    return json.dumps(ordered, separators=(",", ":")).encode("ascii")
