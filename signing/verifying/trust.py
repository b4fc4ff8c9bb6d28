"""From a seal certificate to an organisation that we trust, and whether that certificate was good at the moment.

The path is built and validated (RFC 5280, section 6) by pyhanko_certvalidator, always with explicit roots and
never fetching anything. Roots and revocation lists come from the policy; intermediates may come from the file.
"""

import asyncio
import hashlib
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.x509.oid import NameOID
from pyhanko_certvalidator import CertificateValidator, ValidationContext

from signing.policy import TrustedOrganisation, TrustPolicy


@dataclass(frozen=True)
class SealCertificates:
    """What a file brings along, DER: the certificate that sealed it, and others that may help to build a path."""

    leaf: bytes
    others: tuple[bytes, ...]

    @property
    def key_id(self) -> str:
        """Hex SHA-256 of the seal certificate."""
        return hashlib.sha256(self.leaf).hexdigest()


@dataclass(frozen=True)
class TrustedPath:
    """A validated path: `certificates` runs from the seal certificate up to the organisation's root."""

    organisation: TrustedOrganisation
    certificates: tuple[x509.Certificate, ...]

    @property
    def leaf(self) -> x509.Certificate:
        """The seal certificate."""
        return self.certificates[0]


def find_trusted_path(seal: SealCertificates, policy: TrustPolicy, moment: datetime) -> TrustedPath | None:
    """The path to the configured organisation that the certificate names, or None.

    Authorities must be valid at `moment`; for the seal certificate itself the moment is moved into its validity,
    so that "issued by a trusted organisation, but outside its validity" can be told apart from "a stranger".
    """
    try:
        leaf = x509.load_der_x509_certificate(seal.leaf)
        identifiers = leaf.subject.get_attributes_for_oid(NameOID.ORGANIZATION_IDENTIFIER)
    except ValueError:
        return None
    if len(identifiers) != 1:
        return None
    moment = max(leaf.not_valid_before_utc, min(moment, leaf.not_valid_after_utc))
    for organisation in policy.organisations:
        if organisation.organization_identifier == identifiers[0].value:
            certificates = _validate(seal, organisation, moment)
            return TrustedPath(organisation, certificates) if certificates else None
    return None


def _validate(
    seal: SealCertificates, organisation: TrustedOrganisation, moment: datetime
) -> tuple[x509.Certificate, ...]:
    """The certificates of a valid path, or nothing."""
    try:
        context = ValidationContext(
            trust_roots=[asn1_x509.Certificate.load(root) for root in organisation.roots],
            other_certs=[asn1_x509.Certificate.load(other) for other in seal.others],
            moment=moment,
            allow_fetching=False,
        )
        validator = CertificateValidator(asn1_x509.Certificate.load(seal.leaf), validation_context=context)
        path = asyncio.run(validator.async_validate_path())
        return tuple(x509.load_der_x509_certificate(one.dump()) for one in reversed(list(path)))
    except Exception:  # noqa: BLE001 -- whatever a strange certificate makes the library raise: there is no path
        return ()


def may_seal(certificate: x509.Certificate) -> bool:
    """Whether key usage allows signatures and the certificate is not that of an authority."""
    extensions = certificate.extensions
    try:
        usage = extensions.get_extension_for_class(x509.KeyUsage).value
        if extensions.get_extension_for_class(x509.BasicConstraints).value.ca:
            return False
    except x509.ExtensionNotFound as error:
        return error.oid == x509.BasicConstraints.oid and (
            usage.digital_signature or usage.content_commitment
        )
    return usage.digital_signature or usage.content_commitment
