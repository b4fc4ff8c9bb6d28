"""A throw-away organisation that seals, with the policy that trusts it. Real keys, real certificates."""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa

from signing.key_kinds import KeyKind, kind_of
from signing.keys.backend import KeyBackend, signature_for_jws
from signing.keys.software import SoftwareKey
from signing.policy import TrustedOrganisation, TrustPolicy
from signing.report import SealReport
from signing.sealing.jws import JsonSeal, base64url
from signing.sealing.pdf import PdfSeal
from signing.sealing.timestamps import TimeStampClient
from signing.verifying.examination import examine_here
from simulators.authority import DEMO_IDENTIFIER, Authority, SealProfile
from simulators.certificates import Identity, PrivateKey
from simulators.certificates import KeyKind as KindName
from simulators.time_stamps import TimeStampIssuer
from tests.support.pdf_builder import PAYLOAD, PdfPlan, build_pdf

NAME = "Gemeente Voorbeeld"


def now() -> datetime:
    """This moment in whole seconds, as files state it."""
    return datetime.now(UTC).replace(microsecond=0)


def key_of(identity: Identity) -> SoftwareKey:
    """A sealing key without the checks of `load_software_key`: tests need bad ones too."""
    known = kind_of(identity.private_key.public_key())
    return (SoftwareKey if known else _ForeignKey)(identity.private_key, identity.certificate, identity.chain)


class _ForeignKey(SoftwareKey):
    """A key of a kind that we never seal with, used as its nearest kin: nobody can stop others from doing so."""

    def __init__(
        self, private_key: PrivateKey, certificate: x509.Certificate, chain: tuple[x509.Certificate, ...] = ()
    ) -> None:
        self._private_key, self.certificate, self.chain = private_key, certificate, chain
        self.public_key = private_key.public_key()
        self.kind = KeyKind.RSA4096 if isinstance(private_key, rsa.RSAPrivateKey) else KeyKind.P384


@dataclass(frozen=True)
class Town:
    """An organisation with its authority. `policy` trusts exactly this organisation."""

    authority: Authority
    identity: Identity
    tsa: TimeStampIssuer = field(default_factory=TimeStampIssuer.create)

    @classmethod
    def create(cls, key_kind: KindName = "p256") -> "Town":
        """A fresh one."""
        authority = Authority.create()
        return cls(authority, authority.issue_seal(NAME, DEMO_IDENTIFIER, SealProfile(key_kind=key_kind)))

    @property
    def key(self) -> SoftwareKey:
        """The sealing key."""
        return key_of(self.identity)

    @property
    def policy(self) -> TrustPolicy:
        """Trust in this organisation alone, with its current revocation lists."""
        authority = self.authority
        trusted = TrustedOrganisation(
            NAME,
            DEMO_IDENTIFIER,
            (authority.seal_root_der(),),
            authority.crls(),
            (self.tsa.root_der(),),
            self.tsa.crls(),
        )
        return TrustPolicy(frozenset({trusted}))

    def pdf(self, plan: PdfPlan | None = None) -> bytes:
        """A PDF sealed now."""
        return build_pdf(plan or PdfPlan(), PdfSeal(self.key).cms)

    def json(self, payload: bytes = PAYLOAD, sealed_at: datetime | None = None) -> bytes:
        """A JSON sealed now or at another moment."""
        return JsonSeal(self.key).seal(payload, sealed_at or now())

    def with_seal(self, **profile: Any) -> "Town":
        """The same organisation with another seal certificate."""
        seal = self.authority.issue_seal(NAME, DEMO_IDENTIFIER, replace(SealProfile(), **profile))
        return replace(self, identity=seal)

    def examine(self, data: bytes) -> SealReport:
        """What our verifier says of these bytes now."""
        return examine_here(data, self.policy, datetime.now(UTC))


def days_ago(days: float) -> datetime:
    """A moment in the past (or, when negative, the future)."""
    return now() - timedelta(days=days)


def cms_at_any_time(key: KeyBackend, client: TimeStampClient | None = None) -> Callable[[bytes], bytes]:
    """A sealing function that does not mind the validity of its certificate, as a forger would not."""
    seal = _CarelessSeal(key)
    return seal.cms if client is None else seal.with_time_stamp(client).cms


class _CarelessCertificate:
    """A certificate that claims to be valid always; everything else is passed on."""

    not_valid_before_utc = datetime(2000, 1, 1, tzinfo=UTC)
    not_valid_after_utc = datetime(2100, 1, 1, tzinfo=UTC)

    def __init__(self, certificate: Any) -> None:
        self._certificate = certificate

    def __getattr__(self, name: str) -> Any:
        return getattr(self._certificate, name)


class _CarelessSeal(PdfSeal):
    def __init__(self, key: KeyBackend) -> None:
        assert isinstance(key, SoftwareKey)
        careless: Any = _CarelessCertificate(key.certificate)
        super().__init__(type(key)(key._private_key, careless, key.chain))


def forge_jws(key: KeyBackend, **header: Any) -> bytes:
    """A flattened JWS with changed header members; the value None leaves a member out."""
    honest = json.loads(JsonSeal(key).seal(PAYLOAD, now()))
    members = json.loads(base64.urlsafe_b64decode(honest["protected"] + "=="))
    members = {name: value for name, value in {**members, **header}.items() if value is not None}
    return sign_jws(key, PAYLOAD, members)


def sign_jws(key: KeyBackend, payload: bytes, header: dict[str, Any]) -> bytes:
    """A flattened JWS with exactly this header."""
    protected = base64url(json.dumps(header).encode())
    signature = signature_for_jws(key, f"{protected}.{base64url(payload)}".encode())
    members = {"payload": base64url(payload), "protected": protected, "signature": base64url(signature)}
    return json.dumps(members, separators=(",", ":")).encode()
