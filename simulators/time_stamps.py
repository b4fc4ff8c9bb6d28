"""A time-stamp authority (RFC 3161) of the simulation: its own root, an issuing authority and a signing certificate.

tsa = TimeStampIssuer.create()                    # or load_time_stamps(folder): made at the first call
answer = tsa.answer(question, Mood.SOUND)         # DER in, DER out; moods are the ways in which it can go wrong
"""

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import Enum
from pathlib import Path
from typing import Any

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from simulators.certificates import (
    ONE_YEAR,
    CertificateAuthority,
    CertificateOrder,
    Identity,
    KeyKind,
    key_usage,
    new_key,
    read_private_key,
    subject_name,
    write_certificates,
    write_private_key,
)

POLICY = "1.3.6.1.4.1.99999.1"  # a private arc: nobody's real policy
_AUTHORITY_USAGE = (key_usage("key_cert_sign", "crl_sign"), True)
_TIME_STAMPING = (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), True)


class Mood(Enum):
    """What the authority does with a question."""

    SOUND = "sound"
    DOWN = "down"
    SLOW = "slow"
    DRIPPING = "dripping"
    REFUSING = "refusing"
    GARBLED = "garbled"
    WRONG_NONCE = "wrong-nonce"
    WRONG_DIGEST = "wrong-digest"
    WRONG_SIGNATURE = "wrong-signature"
    WRONG_CLOCK = "wrong-clock"
    OTHER_CERTIFICATE = "other-certificate"
    STRANGER = "stranger"
    EXPIRED = "expired"
    NOT_FOR_TIME_STAMPS = "not-for-time-stamps"


@dataclass(frozen=True)
class StampProfile:
    """What may differ between certificates of the authority."""

    key_kind: KeyKind = "p256"
    not_before: datetime | None = None
    not_after: datetime | None = None
    purpose: tuple[x509.ExtensionType, bool] = _TIME_STAMPING


class TimeStampIssuer:
    """The authority. `now` is its clock."""

    def __init__(self, root: CertificateAuthority, issuing: CertificateAuthority, identity: Identity) -> None:
        self.root = root
        self.issuing = issuing
        self.identity = identity
        self.clock_offset = timedelta(0)

    @classmethod
    def create(cls, profile: StampProfile | None = None, name: str = "Simulatie") -> "TimeStampIssuer":
        root = CertificateAuthority.root(_order(name, "Tijdstempel Root CA", (_AUTHORITY_USAGE,)))
        order = _order(name, "Tijdstempel CA", (_AUTHORITY_USAGE,))
        issuing = CertificateAuthority(root.issue(order, new_key(), is_authority=True))
        return cls(root, issuing, _issue(issuing, profile or StampProfile(), name))

    def with_profile(self, profile: StampProfile) -> "TimeStampIssuer":
        """The same authority with a new certificate."""
        return TimeStampIssuer(self.root, self.issuing, _issue(self.issuing, profile, "Simulatie"))

    def root_der(self) -> bytes:
        """The trust anchor."""
        return self.root.certificate.public_bytes(Encoding.DER)

    def crls(self, made_at: datetime | None = None) -> tuple[bytes, ...]:
        """The revocation lists of root and issuing authority, DER; made now, or as if made then."""
        return tuple(one.crl(made_at).public_bytes(Encoding.DER) for one in (self.root, self.issuing))

    def answer(self, question: bytes, mood: Mood = Mood.SOUND) -> bytes:
        """The answer to a question, both DER."""
        if mood is Mood.GARBLED:
            return b"this is no answer"
        asked = tsp.TimeStampReq.load(question)
        if mood is Mood.REFUSING:
            return _REFUSAL
        return _granted(self._token(_Wish.of(asked), mood))

    def token(self, digest: bytes, at: datetime | None = None) -> bytes:
        """A token over a SHA-256 digest, without a question; `at` another moment than now."""
        return self._made(_Wish(digest, secrets.randbits(63)), self.identity, at or datetime.now(UTC))

    def _token(self, wish: "_Wish", mood: Mood) -> bytes:
        at, identity = datetime.now(UTC) + self.clock_offset, self.identity
        match mood:
            case Mood.WRONG_NONCE:
                wish = replace(wish, nonce=wish.nonce + 1)
            case Mood.WRONG_DIGEST:
                wish = replace(wish, digest=hashlib.sha256(wish.digest).digest())
            case Mood.WRONG_CLOCK:
                at += timedelta(hours=1)
            case Mood.OTHER_CERTIFICATE:
                identity = self.with_profile(StampProfile()).identity
            case Mood.STRANGER:
                identity = TimeStampIssuer.create().identity
            case Mood.EXPIRED:
                identity = self.with_profile(StampProfile(not_after=at - timedelta(hours=1))).identity
            case Mood.NOT_FOR_TIME_STAMPS:
                signing = (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CODE_SIGNING]), True)
                identity = self.with_profile(StampProfile(purpose=signing)).identity
        token = self._made(wish, identity, at)
        return _with_broken_signature(token) if mood is Mood.WRONG_SIGNATURE else token

    def _made(self, wish: "_Wish", identity: Identity, at: datetime) -> bytes:
        info = tsp.TSTInfo(
            {
                "version": "v1",
                "policy": POLICY,
                "message_imprint": {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": wish.digest},
                "serial_number": secrets.randbits(64),
                "gen_time": at.replace(microsecond=0),
                "nonce": wish.nonce,
            }
        ).dump()
        certificates = [asn1_x509.Certificate.load(one) for one in _encoded(identity)]
        signed: Any = cms.SignedData(
            {
                "version": "v3",
                "digest_algorithms": [{"algorithm": "sha256"}],
                "encap_content_info": {"content_type": "tst_info", "content": core.ParsableOctetString(info)},
                "certificates": certificates,
                "signer_infos": [_signer_info(identity, certificates[0], info)],
            }
        )
        encoded: bytes = cms.ContentInfo({"content_type": "signed_data", "content": signed}).dump()
        return encoded

    def write_trust(self, entry: Path) -> None:
        """Beside the seal roots of an organisation in a trust folder."""
        folder = entry / "tijdstempel"
        folder.mkdir(parents=True, exist_ok=True)
        write_certificates(folder / "root.pem", [self.root.certificate])

    def save(self, folder: Path) -> None:
        """Write everything with its keys (mode 0600)."""
        folder.mkdir(parents=True, exist_ok=True)
        for stem, identity in self._by_stem():
            write_certificates(folder / f"{stem}.pem", [identity.certificate, *identity.chain])
            write_private_key(folder / f"{stem}.key.pem", identity.private_key)

    def _by_stem(self) -> tuple[tuple[str, Identity], ...]:
        return ("root", self.root.identity), ("ca", self.issuing.identity), ("tsa", self.identity)


def load_time_stamps(folder: Path) -> TimeStampIssuer:
    """The authority kept in `folder`: made and saved at the first call, loaded afterwards."""
    if not (folder / "tsa.key.pem").exists():
        TimeStampIssuer.create().save(folder)
    root, issuing, identity = (_load(folder, stem) for stem in ("root", "ca", "tsa"))
    return TimeStampIssuer(CertificateAuthority(root), CertificateAuthority(issuing), identity)


def _load(folder: Path, stem: str) -> Identity:
    certificate, *chain = x509.load_pem_x509_certificates((folder / f"{stem}.pem").read_bytes())
    return Identity(certificate, read_private_key(folder / f"{stem}.key.pem"), tuple(chain))


@dataclass(frozen=True)
class _Wish:
    digest: bytes
    nonce: int

    @classmethod
    def of(cls, asked: tsp.TimeStampReq) -> "_Wish":
        return cls(asked["message_imprint"]["hashed_message"].native, asked["nonce"].native)


def _order(
    organisation: str, common_name: str, extensions: tuple[tuple[x509.ExtensionType, bool], ...]
) -> CertificateOrder:
    now = datetime.now(UTC).replace(microsecond=0)
    subject = subject_name(organisation, f"{organisation} {common_name}")
    return CertificateOrder(subject, now - 10 * ONE_YEAR, now + 20 * ONE_YEAR, extensions)


def _issue(issuing: CertificateAuthority, profile: StampProfile, name: str) -> Identity:
    order = _order(name, "Tijdstempeldienst", ((key_usage("digital_signature"), True), profile.purpose))
    order = replace(
        order,
        not_before=profile.not_before or order.not_before,
        not_after=profile.not_after or order.not_after,
    )
    return issuing.issue(order, new_key(profile.key_kind))


def _encoded(identity: Identity) -> list[bytes]:
    return [one.public_bytes(Encoding.DER) for one in (identity.certificate, *identity.chain)]


def _signer_info(identity: Identity, certificate: asn1_x509.Certificate, info: bytes) -> cms.SignerInfo:
    named = {"cert_hash": hashlib.sha256(certificate.dump()).digest()}
    attributes = cms.CMSAttributes(
        [
            {"type": "content_type", "values": ["tst_info"]},
            {"type": "message_digest", "values": [hashlib.sha256(info).digest()]},
            {"type": "signing_certificate_v2", "values": [{"certs": [named]}]},
        ]
    )
    key, data = identity.private_key, attributes.dump()
    if isinstance(key, ec.EllipticCurvePrivateKey):
        algorithm, signature = "sha256_ecdsa", key.sign(data, ec.ECDSA(hashes.SHA256()))
    else:
        algorithm, signature = "rsassa_pkcs1v15", key.sign(data, padding.PKCS1v15(), hashes.SHA256())
    issuer = {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
    return cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier("issuer_and_serial_number", issuer),
            "digest_algorithm": {"algorithm": "sha256"},
            "signed_attrs": attributes,
            "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": algorithm}),
            "signature": signature,
        }
    )


def _with_broken_signature(token: bytes) -> bytes:
    parsed = cms.ContentInfo.load(token)
    [signer] = parsed["content"]["signer_infos"]
    value = signer["signature"].native
    signer["signature"] = value[:-1] + bytes([value[-1] ^ 1])
    encoded: bytes = parsed.dump(force=True)
    return encoded


def _granted(token: bytes) -> bytes:
    members = {"status": {"status": "granted"}, "time_stamp_token": cms.ContentInfo.load(token)}
    encoded: bytes = tsp.TimeStampResp(members).dump()
    return encoded


# PKIStatusInfo with status 2, rejection, and no token (RFC 3161, 2.4.2). The library takes the token for required.
_REFUSAL = bytes.fromhex("30053003020102")
