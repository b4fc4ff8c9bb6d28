"""A throw-away public key infrastructure for the demo and the tests.

Two separate hierarchies, as in real life: one for seals (root, intermediate, seal certificates, revocation
lists) and one for TLS between our service and the simulated organisations (root, server and client certificates).

    authority = create_authority(folder)                 # made at the first call, loaded afterwards
    seal = authority.issue_seal("Gemeente Voorbeeld", "NTRNL-90000001")
    files = seal.write(folder, "zegel")                  # files.key_file, .certificate_file, .chain_file
    authority.write_trust(folder / "vertrouwd", "Gemeente Voorbeeld", "NTRNL-90000001")
    tls = authority.issue_server().write(folder, "server")
    client = authority.issue_client("Schuldenoverzicht", oin="00000001900000010000").write(folder, "client")
    authority.write_tls_root(folder / "tls-root.pem")
"""

import ipaddress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.x509.oid import ExtendedKeyUsageOID

from simulators.certificates import (
    ONE_YEAR,
    CertificateAuthority,
    CertificateOrder,
    Identity,
    KeyKind,
    PublicKey,
    key_usage,
    new_key,
    read_private_key,
    subject_name,
    write_certificates,
    write_private_key,
)

DEMO_IDENTIFIER = "NTRNL-90000001"
DEMO_OIN = "00000001900000010000"
_AUTHORITY_USAGE = (key_usage("key_cert_sign", "crl_sign"), True)


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


@dataclass(frozen=True)
class SealProfile:
    """What may differ between seal certificates; the defaults are what a good one has."""

    key_kind: KeyKind = "p256"
    not_before: datetime = field(default_factory=lambda: _now() - timedelta(days=1))
    not_after: datetime = field(default_factory=lambda: _now() + 3 * ONE_YEAR)
    key_usage: tuple[str, ...] = ("digital_signature", "content_commitment")
    oin: str = DEMO_OIN
    crl_url: str | None = None


class Authority:
    """The three authorities together. `seal_intermediate` issues seals, `tls_root` servers and clients."""

    def __init__(
        self,
        seal_root: CertificateAuthority,
        seal_intermediate: CertificateAuthority,
        tls_root: CertificateAuthority,
    ) -> None:
        self.seal_root = seal_root
        self.seal_intermediate = seal_intermediate
        self.tls_root = tls_root

    @classmethod
    def create(cls, name: str = "Simulatie") -> "Authority":
        """Make fresh authorities in memory. `name` appears in their subjects; no two share a key."""
        seal_root = CertificateAuthority.root(_authority_order(name, f"{name} Zegel Root CA"))
        order = _authority_order(name, f"{name} Zegel CA")
        intermediate = CertificateAuthority(seal_root.issue(order, new_key(), is_authority=True))
        return cls(
            seal_root, intermediate, CertificateAuthority.root(_authority_order(name, f"{name} TLS CA"))
        )

    def issue_seal(
        self, name: str, organization_identifier: str | None, profile: SealProfile | None = None
    ) -> Identity:
        """A certificate with which organisation `name` seals documents."""
        profile = profile or SealProfile()
        subject = subject_name(name, f"{name} - elektronisch zegel", organization_identifier, profile.oin)
        usage = ((key_usage(*profile.key_usage), True), *_distribution_points(profile.crl_url))
        order = CertificateOrder(subject, profile.not_before, profile.not_after, usage)
        return self.seal_intermediate.issue(order, new_key(profile.key_kind))

    def certify_seal(
        self, request: bytes, days: int = 365, usage: tuple[str, ...] = SealProfile.key_usage
    ) -> bytes:
        """Answer a request (PKCS#10, PEM) for a seal certificate, as asked: the certificate and its chain, PEM."""
        asked = x509.load_pem_x509_csr(request)
        key = asked.public_key()
        if not asked.is_signature_valid or not isinstance(key, PublicKey):
            raise ValueError("not a request that its own key signed")
        now = _now()
        extensions = ((key_usage(*usage), True),)
        order = CertificateOrder(
            asked.subject, now - timedelta(days=1), now + timedelta(days=days), extensions
        )
        chain = (self.seal_intermediate.certify(order, key), *self.seal_intermediate.chain_below_root)
        return b"".join(one.public_bytes(serialization.Encoding.PEM) for one in chain)

    def issue_server(self, hosts: tuple[str, ...] = ("127.0.0.1", "localhost")) -> Identity:
        """A TLS server certificate for addresses and host names; the first one is its common name."""
        names = x509.SubjectAlternativeName([_general_name(host) for host in hosts])
        return self._issue_tls(hosts[0], None, (names, False), ExtendedKeyUsageOID.SERVER_AUTH)

    def issue_client(self, name: str, oin: str = DEMO_OIN) -> Identity:
        """A TLS client certificate (mutual TLS) that carries the caller's OIN as serialNumber."""
        names = x509.SubjectAlternativeName([x509.DNSName("client.invalid")])
        return self._issue_tls(name, oin, (names, False), ExtendedKeyUsageOID.CLIENT_AUTH)

    def issue_signer(self, name: str, oin: str = DEMO_OIN) -> Identity:
        """A certificate with an RSA key for signing messages (WS-Security)."""
        names = x509.SubjectAlternativeName([x509.DNSName("signer.invalid")])
        usage = (key_usage("digital_signature"), True)
        now = _now()
        subject = subject_name(name, name, oin=oin)
        order = CertificateOrder(subject, now - timedelta(days=1), now + ONE_YEAR, ((names, False), usage))
        return self.tls_root.issue(order, new_key("rsa3072"))

    def _issue_tls(
        self,
        name: str,
        oin: str | None,
        names: tuple[x509.ExtensionType, bool],
        purpose: x509.ObjectIdentifier,
    ) -> Identity:
        usage = (key_usage("digital_signature"), True)
        extensions = (names, usage, (x509.ExtendedKeyUsage([purpose]), False))
        now = _now()
        subject = subject_name(name, name, oin=oin)
        order = CertificateOrder(subject, now - timedelta(days=1), now + ONE_YEAR, extensions)
        return self.tls_root.issue(order, new_key())

    def revoke(
        self,
        identity: Identity,
        revoked_at: datetime | None = None,
        reason: x509.ReasonFlags = x509.ReasonFlags.key_compromise,
    ) -> None:
        """Revoke a seal certificate; `crls()` and `write_trust` tell so from now on."""
        self.seal_intermediate.revoke(identity.certificate, revoked_at or _now(), reason)

    def crls(self, made_at: datetime | None = None) -> tuple[bytes, ...]:
        """The revocation lists of seal root and intermediate, DER; made now, or as if made then."""
        return tuple(
            issuer.crl(made_at).public_bytes(serialization.Encoding.DER)
            for issuer in (self.seal_root, self.seal_intermediate)
        )

    def seal_root_der(self) -> bytes:
        """The trust anchor of seals, DER."""
        return self.seal_root.certificate.public_bytes(serialization.Encoding.DER)

    def write_trust(self, folder: Path, name: str, organization_identifier: str) -> Path:
        """Write one entry of a trust folder: `organisatie.toml`, the root and the revocation lists."""
        entry = folder / "-".join(name.lower().split())
        entry.mkdir(parents=True, exist_ok=True)
        text = f'naam = "{name}"\norganisatie_id = "{organization_identifier}"\n'
        (entry / "organisatie.toml").write_text(text, encoding="utf-8")
        write_certificates(entry / "root.pem", [self.seal_root.certificate])
        for number, crl in enumerate(self.crls()):
            (entry / f"{number}.crl").write_bytes(crl)
        return entry

    def write_tls_root(self, file: Path) -> Path:
        """Write the root that clients and servers of the simulation must trust, PEM."""
        file.parent.mkdir(parents=True, exist_ok=True)
        write_certificates(file, [self.tls_root.certificate])
        return file

    def save(self, folder: Path) -> None:
        """Write the authorities with their keys (mode 0600), so that a later run can go on with them."""
        folder.mkdir(parents=True, exist_ok=True)
        for stem, authority in self._by_stem():
            write_certificates(folder / f"{stem}.pem", [authority.certificate, *authority.identity.chain])
            (folder / f"{stem}.crl").write_bytes(authority.crl().public_bytes(serialization.Encoding.DER))
            write_private_key(folder / f"{stem}.key.pem", authority.identity.private_key)

    def _by_stem(self) -> tuple[tuple[str, CertificateAuthority], ...]:
        return (
            ("seal-root", self.seal_root),
            ("seal-intermediate", self.seal_intermediate),
            ("tls-root", self.tls_root),
        )


def create_authority(folder: Path, name: str = "Simulatie") -> Authority:
    """The authority kept in `folder`: made and saved at the first call, loaded afterwards."""
    if (folder / "tls-root.key.pem").exists():
        return Authority(*(_load(folder, stem) for stem in ("seal-root", "seal-intermediate", "tls-root")))
    authority = Authority.create(name)
    authority.save(folder)
    return authority


def _load(folder: Path, stem: str) -> CertificateAuthority:
    certificate, *chain = x509.load_pem_x509_certificates((folder / f"{stem}.pem").read_bytes())
    identity = Identity(certificate, read_private_key(folder / f"{stem}.key.pem"), tuple(chain))
    crl = x509.load_der_x509_crl((folder / f"{stem}.crl").read_bytes())
    return CertificateAuthority(identity, tuple(crl))


def _authority_order(organisation: str, common_name: str) -> CertificateOrder:
    now = _now()
    subject = subject_name(organisation, common_name)
    return CertificateOrder(subject, now - 10 * ONE_YEAR, now + 20 * ONE_YEAR, (_AUTHORITY_USAGE,))


def _distribution_points(url: str | None) -> tuple[tuple[x509.ExtensionType, bool], ...]:
    """Where the issuer publishes its revocation list (RFC 5280, 4.2.1.13)."""
    if url is None:
        return ()
    point = x509.DistributionPoint([x509.UniformResourceIdentifier(url)], None, None, None)
    return ((x509.CRLDistributionPoints([point]), False),)


def _general_name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)
