"""Building blocks of the throw-away certificate authorities: keys, names, certificates, revocation lists.

Only for the demo and the tests. The certificates follow ETSI EN 319 412-1 and -3 as far as our own checks
look at them: `organizationIdentifier` (OID 2.5.4.97) names the legal person, key usage is critical.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
PublicKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey
KeyKind = Literal["p256", "p384", "rsa3072", "rsa4096"]

ONE_YEAR = timedelta(days=365)
_CURVES: dict[KeyKind, ec.EllipticCurve] = {"p256": ec.SECP256R1(), "p384": ec.SECP384R1()}


def new_key(kind: KeyKind = "p256") -> PrivateKey:
    """A fresh key of one of the kinds that the product supports."""
    if kind in _CURVES:
        return ec.generate_private_key(_CURVES[kind])
    return rsa.generate_private_key(public_exponent=65537, key_size=int(kind.removeprefix("rsa")))


def subject_name(
    organisation: str, common_name: str, organization_identifier: str | None = None, oin: str | None = None
) -> x509.Name:
    """A Dutch subject; `oin` is the twenty-digit number that PKIoverheid puts in serialNumber."""
    attributes = [
        x509.NameAttribute(NameOID.COUNTRY_NAME, "NL"),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
    ]
    if organization_identifier is not None:
        attributes.append(x509.NameAttribute(NameOID.ORGANIZATION_IDENTIFIER, organization_identifier))
    if oin is not None:
        attributes.append(x509.NameAttribute(NameOID.SERIAL_NUMBER, oin))
    attributes.append(x509.NameAttribute(NameOID.COMMON_NAME, common_name))
    return x509.Name(attributes)


def key_usage(*allowed: str) -> x509.KeyUsage:
    """Key usage (RFC 5280, 4.2.1.3) with only the named bits set, in the names of `cryptography`."""
    bits = [
        *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment"),
        *("key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
    ]
    unknown = set(allowed) - set(bits)
    if unknown:
        raise ValueError(f"no such key usage: {sorted(unknown)}")
    return x509.KeyUsage(**{bit: bit in allowed for bit in bits})


@dataclass(frozen=True)
class CertificateOrder:
    """What a new certificate must say. Times are aware; `extensions` are (extension, critical)."""

    subject: x509.Name
    not_before: datetime
    not_after: datetime
    extensions: Sequence[tuple[x509.ExtensionType, bool]] = ()


@dataclass(frozen=True)
class IdentityFiles:
    """Where an identity was written, as PEM. `chain_file` is absent when the root issued it directly."""

    key_file: Path
    certificate_file: Path
    chain_file: Path | None


@dataclass(frozen=True)
class Identity:
    """A certificate with its private key and the intermediate certificates above it (without the root)."""

    certificate: x509.Certificate
    private_key: PrivateKey = field(repr=False)
    chain: tuple[x509.Certificate, ...] = ()

    def write(self, folder: Path, stem: str) -> IdentityFiles:
        """Write `stem.key.pem` (mode 0600), `stem.pem` and, with intermediates, `stem.chain.pem`."""
        folder.mkdir(parents=True, exist_ok=True)
        key_file, certificate_file = folder / f"{stem}.key.pem", folder / f"{stem}.pem"
        write_private_key(key_file, self.private_key)
        write_certificates(certificate_file, [self.certificate])
        if not self.chain:
            return IdentityFiles(key_file, certificate_file, None)
        chain_file = folder / f"{stem}.chain.pem"
        write_certificates(chain_file, self.chain)
        return IdentityFiles(key_file, certificate_file, chain_file)


class CertificateAuthority:
    """One issuing authority: signs certificates and keeps its own list of revoked ones."""

    def __init__(self, identity: Identity, revoked: Sequence[x509.RevokedCertificate] = ()) -> None:
        self.identity = identity
        self.revoked = list(revoked)

    @classmethod
    def root(cls, order: CertificateOrder) -> "CertificateAuthority":
        """A self-signed authority."""
        key = new_key()
        certificate = _sign(order, key.public_key(), order.subject, key, is_authority=True)
        return cls(Identity(certificate, key))

    @property
    def certificate(self) -> x509.Certificate:
        """The authority's own certificate."""
        return self.identity.certificate

    def issue(self, order: CertificateOrder, key: PrivateKey, *, is_authority: bool = False) -> Identity:
        """Sign a certificate for `key`; the chain holds every authority below the root."""
        certificate = self.certify(order, key.public_key(), is_authority=is_authority)
        return Identity(certificate, key, self.chain_below_root)

    def certify(
        self, order: CertificateOrder, key: PublicKey, *, is_authority: bool = False
    ) -> x509.Certificate:
        """Sign a certificate for a key of which we have the public half only."""
        return _sign(
            order, key, self.certificate.subject, self.identity.private_key, is_authority=is_authority
        )

    @property
    def chain_below_root(self) -> tuple[x509.Certificate, ...]:
        """What stands between a certificate of this authority and the root."""
        own = () if self.certificate.subject == self.certificate.issuer else (self.certificate,)
        return own + self.identity.chain

    def revoke(self, certificate: x509.Certificate, revoked_at: datetime, reason: x509.ReasonFlags) -> None:
        """Put a certificate on the next revocation list."""
        entry = x509.RevokedCertificateBuilder().serial_number(certificate.serial_number)
        entry = entry.revocation_date(revoked_at.astimezone(UTC))
        self.revoked.append(entry.add_extension(x509.CRLReason(reason), critical=False).build())

    def crl(self, made_at: datetime | None = None) -> x509.CertificateRevocationList:
        """A revocation list of this moment, valid for a year (it is a demo: nobody renews it)."""
        made_at = made_at or datetime.now(UTC)
        builder = x509.CertificateRevocationListBuilder().issuer_name(self.certificate.subject)
        builder = builder.last_update(made_at - timedelta(minutes=1)).next_update(made_at + ONE_YEAR)
        builder = builder.add_extension(_authority_key_identifier(self.identity.private_key), critical=False)
        builder = builder.add_extension(x509.CRLNumber(int(made_at.timestamp() * 1000)), critical=False)
        for entry in self.revoked:
            builder = builder.add_revoked_certificate(entry)
        return builder.sign(self.identity.private_key, hashes.SHA256())


def _sign(
    order: CertificateOrder, key: PublicKey, issuer: x509.Name, issuer_key: PrivateKey, *, is_authority: bool
) -> x509.Certificate:
    builder = x509.CertificateBuilder().subject_name(order.subject).issuer_name(issuer)
    builder = builder.public_key(key).serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(order.not_before).not_valid_after(order.not_after)
    builder = builder.add_extension(x509.BasicConstraints(is_authority, None), critical=True)
    subject_key = x509.SubjectKeyIdentifier.from_public_key(key)
    builder = builder.add_extension(subject_key, critical=False)
    builder = builder.add_extension(_authority_key_identifier(issuer_key), critical=False)
    for extension, critical in order.extensions:
        builder = builder.add_extension(extension, critical=critical)
    return builder.sign(issuer_key, hashes.SHA256())


def _authority_key_identifier(issuer_key: PrivateKey) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key())


def write_private_key(file: Path, key: PrivateKey) -> None:
    """Write a PKCS#8 PEM that only the owner can read."""
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.unlink(missing_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(pem)


def read_private_key(file: Path) -> PrivateKey:
    """Read back what `write_private_key` wrote."""
    key = serialization.load_pem_private_key(file.read_bytes(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise TypeError(f"{file}: not a key of a kind that we make")
    return key


def write_certificates(file: Path, certificates: Sequence[x509.Certificate]) -> None:
    """Write certificates one after another as PEM."""
    file.write_bytes(b"".join(c.public_bytes(serialization.Encoding.PEM) for c in certificates))
