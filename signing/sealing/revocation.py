"""Long-term data for seals: fetched beforehand in the background, checked before use, refused when too old.

What is fetched is one `Material` for all processes: revocation lists of our seal certificate, of the certificate of the
time-stamp authority and of the authorities above them, and the certificates of the time-stamps.
"""

import base64
import hashlib
import json
import logging
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from signing.errors import KeyRevoked, NoTimeStamp
from signing.policy import TrustedOrganisation
from signing.sealing.fetching import fetch_lists, published_at
from signing.sealing.pdf import LongTermData
from signing.sealing.timestamps import TimeStampClient
from signing.time_stamp import read_time_stamp
from signing.verifying.paths import validate_path
from signing.verifying.revocation import current_lists, find_revocation, read_lists, signed_lists

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Material:
    """What was fetched, DER. `complete_at`: when everything that B-LT needs was last fetched, None: never.

    `stamp_certificates` begins with that of the time-stamps; empty without time-stamp authority.
    """

    complete_at: datetime | None
    crls: tuple[bytes, ...] = ()
    stamp_certificates: tuple[bytes, ...] = ()

    def to_bytes(self) -> bytes:
        """As JSON, to be kept."""
        members = {
            "complete_at": self.complete_at and self.complete_at.isoformat(),
            "crls": _encoded(self.crls),
            "stamp_certificates": _encoded(self.stamp_certificates),
        }
        return json.dumps(members).encode("ascii")

    @classmethod
    def from_bytes(cls, content: bytes) -> "Material":
        """Back from `to_bytes`. Raises ValueError, KeyError or TypeError when it is not one."""
        members = json.loads(content)
        moment = members["complete_at"]
        return cls(
            datetime.fromisoformat(moment) if moment else None,
            _decoded(members["crls"]),
            _decoded(members["stamp_certificates"]),
        )


_NOTHING = Material(None)


@dataclass(frozen=True)
class Own:
    """Our own seal certificate with the authorities below the root, and how we are trusted (roots of both kinds)."""

    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    organisation: TrustedOrganisation

    def seal_path(self, now: datetime) -> tuple[bytes, ...]:
        """From our certificate to the root; nothing when there is no valid path."""
        others = tuple(_der(one) for one in self.chain)
        return validate_path(_der(self.certificate), others, self.organisation.roots, now)


@dataclass(frozen=True)
class Refresher:
    """Fetches everything anew. `urls`: addresses of lists besides those that the certificates name."""

    own: Own
    client: TimeStampClient | None
    urls: tuple[str, ...] = ()

    def refreshed(self, held: Material | None, now: datetime) -> Material:
        """What there is to use from now on. What could not be fetched stays as it was, but then is not complete."""
        old = held or _NOTHING
        stamp_path = self._stamp_path() or old.stamp_certificates
        paths = (self.own.seal_path(now), stamp_path)
        named = published_at(_load(one) for path in paths for one in path)
        fetched = _ours(paths, fetch_lists((*self.urls, *named)))
        listed = read_lists(fetched)
        found = Material(old.complete_at, _newest((*_ours(paths, old.crls), *fetched)), stamp_path)
        missing = [path for path in paths if not current_lists(_loaded(path), listed, now)]
        if missing or self.client is None:
            return found
        return Material(now, found.crls, found.stamp_certificates)

    def _stamp_path(self) -> tuple[bytes, ...]:
        """The certificates with which the authority makes time-stamps now, by asking for one."""
        if self.client is None:
            return ()
        try:
            token = self.client.token(hashlib.sha256(secrets.token_bytes(32)).digest())
        except NoTimeStamp:
            return ()
        stamp = read_time_stamp(token)
        return validate_path(stamp.leaf, stamp.others, self.own.organisation.time_stamp_roots, stamp.at)


@dataclass
class LongTermSource:
    """What a process that seals uses of the material. `load` reads what the background work has stored."""

    own: Own
    load: Callable[[], bytes | None]
    max_age: timedelta
    _seen: tuple[bytes, LongTermData | None, datetime] | None = field(default=None, repr=False)

    def current(self) -> LongTermData | None:
        """Long-term data that is fresh and fits, or None. Raises KeyRevoked when our own certificate was revoked."""
        content, now = self.load(), datetime.now(UTC)
        if content is None:
            return None
        if self._seen is None or self._seen[0] != content:
            self._seen = (content, *self._checked(Material.from_bytes(content), now))
        _, data, until = self._seen
        if data is None or now >= until:
            _log.warning("no fresh revocation data")
            return None
        return data

    def _checked(self, material: Material, now: datetime) -> tuple[LongTermData | None, datetime]:
        """The data and until when they are fresh enough."""
        seal_path, stamp_path = self.own.seal_path(now), material.stamp_certificates
        known = read_lists(material.crls)
        revoked = find_revocation(_loaded(seal_path), known)
        if revoked is not None:
            raise KeyRevoked(f"our seal certificate was revoked on {revoked.at:%Y-%m-%d %H:%M} UTC")
        lists = [current_lists(_loaded(path), known, now) for path in (seal_path, stamp_path)]
        if material.complete_at is None or not all(lists):
            return None, now
        if find_revocation(_loaded(stamp_path), known) is not None:
            return None, now
        used = dict.fromkeys(one for found in lists for one in found)
        ends = [x509.load_der_x509_crl(one).next_update_utc for one in used]
        until = min([material.complete_at + self.max_age, *(end for end in ends if end is not None)])
        certificates = tuple(dict.fromkeys((*seal_path, *stamp_path)))
        return LongTermData(certificates, tuple(used)), until


def _ours(paths: Iterable[tuple[bytes, ...]], lists: Iterable[bytes]) -> tuple[bytes, ...]:
    """Those that an issuer of ours signed: what comes over plain http may be anybody's."""
    known = read_lists(lists)
    return tuple(one for path in paths for one in signed_lists(_loaded(path), known))


def _newest(lists: Iterable[bytes]) -> tuple[bytes, ...]:
    """One of each kind: whoever repeats an older list takes nothing of what we know away."""
    newest: dict[tuple[bytes, ...], tuple[datetime, bytes]] = {}
    for one in lists:
        crl = x509.load_der_x509_crl(one)
        kind, made_at = (crl.issuer.public_bytes(), *_scope(crl)), crl.last_update_utc
        if kind not in newest or made_at >= newest[kind][0]:
            newest[kind] = (made_at, one)
    return tuple(one for _, one in newest.values())


def _scope(crl: x509.CertificateRevocationList) -> tuple[bytes, ...]:
    """What a list is about, when it is not about everything."""
    about = (x509.IssuingDistributionPoint, x509.DeltaCRLIndicator)
    return tuple(one.value.public_bytes() for one in crl.extensions if isinstance(one.value, about))


def _der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.DER)


def _load(certificate: bytes) -> x509.Certificate:
    return x509.load_der_x509_certificate(certificate)


def _loaded(path: Iterable[bytes]) -> list[x509.Certificate]:
    return [_load(one) for one in path]


def _encoded(parts: Iterable[bytes]) -> list[str]:
    return [base64.b64encode(part).decode("ascii") for part in parts]


def _decoded(parts: Iterable[str]) -> tuple[bytes, ...]:
    return tuple(base64.b64decode(part, validate=True) for part in parts)
