"""Sealed JSON files with the tricks that JOSE is known for (RFC 8725; CVE-2015-9235, CVE-2018-0114, CVE-2022-21449)."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from signing.sealing.jws import base64url
from tests.corpus.case import Case, Group, given
from tests.corpus.world import World, decoded, header_of
from tests.support.seals import sign_jws
from tests.support.tampering import flip_bit

ALGORITHM, KEY = Group("jws-algorithm", 2, "json"), Group("jws-key", 4, "json")
HEADER, MEMBERS = Group("jws-header", 3, "json"), Group("jws-members", 3, "json")
BYTES, RECORD = Group("jws-bytes", 3, "json"), Group("jws-record", 3, "json")

_ALGORITHMS = ("none", "HS256", "HS512", "RS256", "RS512", "ES512", "EdDSA")
_ODD_ALGORITHMS: dict[str, Any] = {
    "None": "None",
    "unknown": "XX999",
    "list": ["ES256"],
    "number": 256,
    "ps256": "PS256",
}
_FOREIGN_KEYS: dict[str, Any] = {
    "jwk": {"kty": "EC"}, "jku": "https://example.invalid/keys", "x5u": "https://example.invalid/cert",
}  # fmt: skip
_HEADERS: dict[str, tuple[str, dict[str, Any]]] = {
    "crit": ("a critical header that most libraries do not know", {"crit": ["iat"]}),
    "crit-unknown": ("a critical header that does not exist", {"crit": ["geheim"], "geheim": 1}),
    "crit-empty": ("an empty list of critical headers", {"crit": []}),
    "b64": ("an unencoded payload (RFC 7797) announced", {"b64": False}),
    "b64-crit": ("an unencoded payload announced as critical", {"b64": False, "crit": ["b64"]}),
    "kid": ("a key's name", {"kid": "../../etc/passwd"}),
    "typ": ("another type", {"typ": "JWT"}),
    "cty": ("another kind of content", {"cty": "text/plain"}),
    "no-cty": ("no kind of content", {"cty": None}),
    "zip": ("a packed payload announced", {"zip": "DEF"}),
    "sig-t": ("the older way to state the moment", {"sigT": "2026-11-22T00:00:00Z"}),
    "exp": ("an end of validity", {"exp": 1}),
    "thumbprint": ("names another certificate than it brings", {"x5t#S256": "AAAA"}),
    "no-thumbprint": ("does not name its certificate", {"x5t#S256": None}),
    "sha-1-thumbprint": ("names its certificate by SHA-1 as well", {"x5t": "AAAA"}),
    "no-moment": ("does not state its moment", {"iat": None}),
    "moment-text": ("states its moment as text", {"iat": "1763800000"}),
    "moment-broken": ("states a fraction of a second", {"iat": 1763800000.5}),
    "moment-true": ("states its moment as true", {"iat": True}),
    "moment-far": ("states a moment beyond all calendars", {"iat": 10**20}),
    "moment-negative": ("states a moment before 1970", {"iat": -1}),
    "chain-not-base64": ("certificates that cannot be read", {"x5c": ["!"]}),
    "chain-text": ("certificates as one text", {"x5c": "MII"}),
    "chain-numbers": ("certificates as numbers", {"x5c": [5]}),
    "chain-long": ("nine certificates", {"x5c": ["MIIB"] * 9}),
}
_MEMBERS: dict[str, tuple[str, dict[str, Any]]] = {
    "unprotected-header": ("an unprotected header added", {"header": {"alg": "none"}}),
    "unprotected-key": ("an unprotected header with a key added", {"header": {"jwk": {"kty": "EC"}}}),
    "signatures": ("a list of signatures beside the one", {"signatures": []}),
    "etsi-u": ("unprotected ETSI data added", {"etsiU": []}),
    "other-member": ("a member added", {"opmerking": "betaald"}),
    "no-signature": ("the signature taken out", {"signature": None}),
    "empty-signature": ("an empty signature", {"signature": ""}),
    "number-signature": ("a number as signature", {"signature": 5}),
    "short-signature": ("a signature of four bytes", {"signature": "AAAAAA"}),
    "zero-signature": ("a signature of zeros (CVE-2022-21449)", {"signature": base64url(bytes(64))}),
    "broken-header": ("a header that cannot be read", {"protected": "!!"}),
    "no-header": ("the header taken out", {"protected": None}),
    "header-twice-alg": (
        "a header with two algorithms",
        {"protected": base64url(b'{"alg":"ES256","alg":"none"}')},
    ),
    "empty-payload": ("an empty payload", {"payload": ""}),
    "letter-in-payload": ("a letter outside base64url", {"payload": "é"}),
    "padded-payload": ("a payload with a filling sign", {"payload": "e30="}),
}
_RECORDS: dict[str, tuple[str, bytes]] = {
    "not-json": ("a text", b"not json"),
    "list": ("a list", b"[]"),
    "twice": ("a member twice", b'{"a":1,"a":2}'),
    "deep": ("nested a hundred deep", b'{"a":' * 100 + b"1" + b"}" * 100),
    "nan": ("a number that is none", b'{"bedrag":NaN}'),
    "not-utf-8": ("no UTF-8", b'{"a":"\xff"}'),
    "empty": ("nothing", b""),
}


def cases() -> Iterator[Case]:
    for name in _ALGORITHMS:
        why = f"sealed by ourselves, but says algorithm {name}"
        yield ALGORITHM.case(name.lower(), why, given(lambda w, a: w.jws(alg=a), name))
    yield ALGORITHM.case("none-unsigned", "algorithm none and no signature", _unsigned)
    yield ALGORITHM.case("hmac-by-public-key", "HS256 with the public key as secret (CVE-2015-9235)", _hmac)
    yield ALGORITHM.case("missing", "no algorithm", lambda w: w.jws(alg=None))
    for name, value in _ODD_ALGORITHMS.items():
        yield HEADER.case(
            f"alg-{name.lower()}-odd", f"algorithm {value}", given(lambda w, v: w.jws(alg=v), value)
        )
    for name, (why, header) in _HEADERS.items():
        yield HEADER.case(name, f"sealed by ourselves: {why}", given(lambda w, h: w.jws(**h), header))
    yield from _keys()
    for name, (why, members) in _MEMBERS.items():
        yield MEMBERS.case(name, why, given(lambda w, m: w.members(**m), members))
    yield MEMBERS.case("amount", "a lower amount", lambda w: w.members(payload=w.other_record()))
    yield MEMBERS.case("general-form", "the same in the form for several signatures", _general)
    yield MEMBERS.case("payload-twice", "a second payload behind the first", _payload_twice)
    yield MEMBERS.case("payload-of-another", "the payload of another sealed file", _payload_of_another)
    for name, (why, record) in _RECORDS.items():
        yield RECORD.case(name, f"sealed by ourselves: {why}", given(lambda w, r: w.town.json(r), record))
    why = "sealed by ourselves, but no overview"
    yield RECORD.case("other-document", why, lambda w: w.town.json(b'{"soort":"iets anders"}'), row=2)
    yield from _bytes()


def _keys() -> Iterator[Case]:
    for name, value in _FOREIGN_KEYS.items():
        yield KEY.case(
            f"{name}-own",
            f"{name} beside our certificate",
            given(lambda w, x: w.jws(**{x[0]: x[1]}), (name, value)),
        )
        yield KEY.case(
            f"{name}-foreign", f"{name} in place of a certificate, sealed by a stranger (CVE-2018-0114)",
            given(lambda w, x: w.jws(w.stranger, **{x[0]: x[1], "x5c": None}), (name, value)),
        )  # fmt: skip
    yield KEY.case("no-chain", "no certificate", lambda w: w.jws(x5c=None))
    yield KEY.case("empty-chain", "an empty list of certificates", lambda w: w.jws(x5c=[]))
    why = "our header and certificates, signed with a stranger's key"
    yield KEY.case(
        "our-header", why, lambda w: sign_jws(w.stranger.key, w.record, header_of(w.json())), row=3
    )
    why = "a stranger's certificate first, ours behind it"
    yield KEY.case(
        "stranger-first", why, lambda w: w.jws(w.stranger, x5c=_chain(w.stranger.json()) + _chain(w.json()))
    )
    yield KEY.case(
        "ours-first", "our certificate first, a stranger's key signed",
        lambda w: w.jws(w.stranger, x5c=_chain(w.json()) + _chain(w.stranger.json())), row=3,
    )  # fmt: skip


def _chain(data: bytes) -> list[str]:
    chain: list[str] = header_of(data)["x5c"]
    return chain


def _unsigned(world: World) -> bytes:
    return json.dumps({**json.loads(world.jws(alg="none")), "signature": ""}).encode()


def _hmac(world: World) -> bytes:
    public_key = world.town.identity.certificate.public_key()
    secret = public_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    members = json.loads(world.jws(alg="HS256"))
    signing_input = f"{members['protected']}.{members['payload']}".encode()
    return json.dumps(
        {**members, "signature": base64url(hmac.new(secret, signing_input, hashlib.sha256).digest())}
    ).encode()


def _general(world: World) -> bytes:
    members = json.loads(world.json())
    one = {"protected": members["protected"], "signature": members["signature"]}
    return json.dumps({"payload": members["payload"], "signatures": [one]}).encode()


def _payload_twice(world: World) -> bytes:
    return world.json()[:-1] + b',"payload":"' + world.other_record().encode() + b'"}'


def _payload_of_another(world: World) -> bytes:
    other = json.loads(world.town.json(world.record.replace(b"46112", b"99999")))
    return world.members(payload=other["payload"])


def _bytes() -> Iterator[Case]:
    for name, why, change in (
        ("newline-behind", "an empty line behind it", lambda d: d + b"\n"),
        ("space-before", "a space before it", lambda d: b" " + d),
        ("byte-order-mark", "a byte order mark before it", lambda d: b"\xef\xbb\xbf" + d),
        ("spaces-inside", "written with spaces", lambda d: json.dumps(json.loads(d)).encode()),
        ("indented", "written over several lines", lambda d: json.dumps(json.loads(d), indent=2).encode()),
        ("other-order", "members in another order", lambda d: json.dumps(json.loads(d), sort_keys=True).encode()),
        ("escaped", "a letter written as escape", lambda d: d.replace(b'"payload"', b'"p\\u0061yload"')),
        ("cut", "without its last byte", lambda d: d[:-1]),
        ("half", "the first half of it", lambda d: d[: len(d) // 2]),
        ("bit", "one bit flipped in the payload", lambda d: flip_bit(d, 200, 1)),
        ("bit-in-signature", "one bit flipped in the signature", lambda d: flip_bit(d, len(d) - 20, 1)),
        ("last-letter", "a second spelling of the last letter of the signature", _second_spelling),
    ):  # fmt: skip
        yield BYTES.case(name, why, _of_json(change))
    yield BYTES.case("other-s", "the other of the two ECDSA signatures", _other_s)
    yield BYTES.case("compact", "the compact form", _compact, row=2)
    yield BYTES.case("twice", "the same file once more behind it", lambda w: w.json() * 2)


def _of_json(change: Callable[[bytes], bytes]) -> Callable[[World], bytes]:
    return lambda world: change(world.json())


def _second_spelling(data: bytes) -> bytes:
    """The last of 86 letters holds only two bits of the signature."""
    return flip_bit(data, len(data) - 3, 0)


def _other_s(world: World) -> bytes:
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    signature = decoded(json.loads(world.json())["signature"])
    other = order - int.from_bytes(signature[32:], "big")
    return world.members(signature=base64url(signature[:32] + other.to_bytes(32, "big")))


def _compact(world: World) -> bytes:
    members = json.loads(world.json())
    return f"{members['protected']}.{members['payload']}.{members['signature']}".encode()
