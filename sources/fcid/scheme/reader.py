"""From the signed bytes of a list to organisations that may be asked. One doubtful entry costs the whole list: the list
before it stays in force, and nobody disappears because of somebody else's mistake."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from joserfc.jwk import Key

from claims.identity import Oin
from claims.strict_json import canonical_json
from sources.fcid.scheme.errors import ListRefused
from sources.fcid.scheme.names import CLAIMS_REQUEST, LIST, LIST_TYPE, ORGANISATION
from sources.fcid.scheme.signed import key_of_jwk, open_signed
from sources.transport.address import parse_address

MOST_ORGANISATIONS = 2000
_CLOCKS_MAY_DIFFER = timedelta(minutes=5)
_LONGEST_TEXT = 200
_LONGEST_ADDRESS = 500
_HIGHEST_NUMBER = 2**53  # beyond it, JSON readers differ


@dataclass(frozen=True, slots=True)
class ListedOrganisation:
    """One entry. `key` opens what this organisation signs."""

    oin: str
    name: str
    discovery_url: str
    key: Key = field(repr=False, compare=False)
    key_thumbprint: str
    supplies_claims: bool
    withdrawn: bool

    @property
    def can_be_asked(self) -> bool:
        return self.supplies_claims and not self.withdrawn


@dataclass(frozen=True, slots=True)
class SchemeList:
    """A list of which the signature is right. `fingerprint`: what it says apart from its times; `signer`: thumbprint
    (RFC 7638) of the pinned key that signed it; `issuer`: the OIN that it states."""

    version: int
    issued_at: datetime
    valid_until: datetime
    issuer: str
    signer: str
    fingerprint: str
    organisations: tuple[ListedOrganisation, ...]

    def is_valid_at(self, now: datetime) -> bool:
        return self.issued_at - _CLOCKS_MAY_DIFFER <= now < self.valid_until


def read_list(unverified: bytes, keys: Sequence[Key]) -> SchemeList:
    """Raises SourceUntrusted when none of the keys signed it, and ListRefused when it says anything doubtful. Whether it
    is valid now is not looked at."""
    content, key = open_signed(unverified, keys, LIST_TYPE.name)
    issued_at, valid_until = (_moment(content, name) for name in ("issued_at", "valid_until"))
    if valid_until <= issued_at:
        raise ListRefused("the list ends before it begins")
    times = {LIST["issued_at"].name, LIST["valid_until"].name}
    timeless = {name: value for name, value in content.items() if name not in times}
    return SchemeList(
        version=_number(content, "version"),
        issued_at=issued_at,
        valid_until=valid_until,
        issuer=_oin(content.get(LIST["issuer"].name)),
        signer=key.thumbprint(),
        fingerprint=hashlib.sha256(canonical_json(timeless)).hexdigest(),
        organisations=_organisations(content.get(LIST["organisations"].name)),
    )


def _organisations(unverified: object) -> tuple[ListedOrganisation, ...]:
    if not isinstance(unverified, list) or len(unverified) > MOST_ORGANISATIONS:
        raise ListRefused("the list holds no organisations, or too many")
    organisations = tuple(_organisation(entry) for entry in unverified)
    if len({one.oin for one in organisations}) < len(organisations):
        raise ListRefused("two organisations in the list have the same OIN")
    if not any(one.can_be_asked for one in organisations):
        raise ListRefused("no organisation in the list supplies claims")
    return organisations


def _organisation(unverified: object) -> ListedOrganisation:
    if not isinstance(unverified, dict):
        raise ListRefused("an organisation in the list is not an object")
    entry = {ours: unverified.get(wire.name) for ours, wire in ORGANISATION.items()}
    try:
        key = key_of_jwk(entry["key"])
    except ValueError:
        raise ListRefused("the key of an organisation is not a public key that we can use") from None
    return ListedOrganisation(
        oin=_oin(entry["oin"]),
        name=_text(entry["name"]),
        discovery_url=_address(entry["discovery_url"]),
        key=key,
        key_thumbprint=key.thumbprint(),
        supplies_claims=CLAIMS_REQUEST.name in _texts(entry["document_types"]),
        withdrawn=_withdrawn(entry["withdrawn"]),
    )


def _number(content: Mapping[str, object], name: str) -> int:
    value = content.get(LIST[name].name)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < _HIGHEST_NUMBER:
        raise ListRefused("a number in the list is missing or absurd")
    return value


def _moment(content: Mapping[str, object], name: str) -> datetime:
    """NumericDate (RFC 7519, section 2), in whole seconds."""
    try:
        return datetime.fromtimestamp(_number(content, name), UTC)
    except (ValueError, OverflowError, OSError):
        raise ListRefused("a moment in the list is absurd") from None


def _oin(unverified: object) -> str:
    try:
        return Oin(unverified if isinstance(unverified, str) else "").digits
    except ValueError:
        raise ListRefused("an OIN in the list does not have twenty digits") from None


def _text(unverified: object) -> str:
    text = unverified.strip() if isinstance(unverified, str) else ""
    if not text or len(text) > _LONGEST_TEXT or not text.isprintable():
        raise ListRefused("a text in the list is missing, too long, or not printable")
    return text


def _texts(unverified: object) -> tuple[str, ...]:
    if not isinstance(unverified, list):
        raise ListRefused("an organisation in the list names no document types")
    return tuple(_text(one) for one in unverified)


def _address(unverified: object) -> str:
    try:
        url = unverified if isinstance(unverified, str) and len(unverified) <= _LONGEST_ADDRESS else ""
        parse_address(url)
    except ValueError:
        raise ListRefused("an address in the list is not a plain https address") from None
    return url


def _withdrawn(unverified: object) -> bool:
    if unverified is not None and not isinstance(unverified, bool):
        raise ListRefused("whether an organisation is withdrawn is neither true nor false")
    return unverified is True
