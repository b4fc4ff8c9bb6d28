"""Is this certificate of the organisation that we expect? Chain to our anchors, and the OIN in its subject."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.x509.oid import NameOID
from cryptography.x509.verification import ExtensionPolicy, PolicyBuilder, Store, VerificationError

from sources.errors import Misconfigured, SourceUntrusted


def load_anchors(file: Path) -> list[x509.Certificate]:
    """All certificates of a PEM file. Raises Misconfigured."""
    try:
        return x509.load_pem_x509_certificates(file.read_bytes())
    except (OSError, ValueError):
        raise Misconfigured("the file with trusted issuers cannot be used") from None


def verify_chain(
    certificate: x509.Certificate, anchors: list[x509.Certificate], oin: str, now: datetime
) -> None:
    """Raises SourceUntrusted unless an anchor issued it, it is valid now, may sign, and names exactly this OIN.

    Issuers between root and certificate belong in the file with anchors: a message carries one certificate only.
    """
    builder = PolicyBuilder().store(Store(anchors)).time(now).max_chain_depth(3)
    builder = builder.extension_policies(
        ca_policy=ExtensionPolicy.webpki_defaults_ca(), ee_policy=ExtensionPolicy.permit_all()
    )
    try:
        builder.build_client_verifier().verify(certificate, [])
    except (VerificationError, ValueError):
        raise SourceUntrusted("the certificate of the signer is not of a trusted issuer") from None
    if not _may_sign(certificate):
        raise SourceUntrusted("the certificate of the signer is not for signing")
    numbers = [
        attribute.value for attribute in certificate.subject.get_attributes_for_oid(NameOID.SERIAL_NUMBER)
    ]
    if numbers != [oin]:
        raise SourceUntrusted("the signer is another organisation")


def _may_sign(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.KeyUsage).value.digital_signature
    except x509.ExtensionNotFound:
        return True
