"""From a seal certificate to an organisation that we trust, and whether that certificate was good at the moment.

Roots and revocation lists come from the policy; intermediates may come from the file.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.x509.oid import NameOID

from signing.key_kinds import kind_of
from signing.policy import TrustedOrganisation, TrustPolicy
from signing.verifying.certificate_spelling import is_whole_bytes, other_spelling
from signing.verifying.paths import validate_path

_PERSONAL = (NameOID.GIVEN_NAME, NameOID.SURNAME, NameOID.PSEUDONYM)
_FOR_DOCUMENTS = frozenset(
    x509.ObjectIdentifier(dotted)
    for dotted in (
        "2.5.29.37.0",  # any purpose
        "1.3.6.1.5.5.7.3.36",  # document signing (RFC 9336)
        "1.3.6.1.5.5.7.3.4",  # e-mail protection: what authorities wrote before RFC 9336
        "1.3.6.1.4.1.311.10.3.12",  # document signing (Microsoft)
        "1.2.840.113583.1.1.5",  # authentic documents (Adobe)
    )
)


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

    @property
    def other_key_id(self) -> str | None:
        """Hex SHA-256 of the seal certificate in the other spelling of its issuer's signature, if there is one."""
        other = other_spelling(self.leaf, self.certificates[:2][-1])
        return None if other is None else hashlib.sha256(other).hexdigest()


def find_trusted_path(seal: SealCertificates, policy: TrustPolicy, moment: datetime) -> TrustedPath | None:
    """The path to the configured organisation that the certificate names, or None.

    Authorities must be valid at `moment`; for the seal certificate itself the moment is moved into its validity,
    so that "issued by a trusted organisation, but outside its validity" can be told apart from "a stranger".
    """
    try:
        leaf = x509.load_der_x509_certificate(seal.leaf)
        if not is_whole_bytes(seal.leaf):
            return None
        identifiers = leaf.subject.get_attributes_for_oid(NameOID.ORGANIZATION_IDENTIFIER)
    except Exception:  # noqa: BLE001 -- a strange certificate makes the library raise more than ValueError
        return None
    if len(identifiers) != 1:
        return None
    moment = max(leaf.not_valid_before_utc, min(moment, leaf.not_valid_after_utc))
    for organisation in policy.organisations:
        if organisation.organization_identifier == identifiers[0].value:
            certificates = _as_objects(validate_path(seal.leaf, seal.others, organisation.roots, moment))
            return TrustedPath(organisation, certificates) if certificates else None
    return None


def without_root(path: tuple[bytes, ...]) -> tuple[bytes, ...]:
    """The certificates of a path without what is issued by itself."""
    return tuple(one for one in path if not _is_self_issued(one))


def _is_self_issued(certificate: bytes) -> bool:
    parsed = asn1_x509.Certificate.load(certificate)
    return bool(parsed.issuer == parsed.subject)


def _as_objects(path: tuple[bytes, ...]) -> tuple[x509.Certificate, ...]:
    return tuple(x509.load_der_x509_certificate(one) for one in path)


def may_seal(certificate: x509.Certificate) -> bool:
    """Whether the certificate is one with which an organisation seals documents (ETSI EN 319 412-3).

    An organisation has more certificates with its number below the same root: for its servers, and for its
    employees, who sign in their own name. What those make is no seal.
    """
    return _key_seals(certificate) and not _is_of_a_person(certificate) and _is_for_documents(certificate)


def _key_seals(certificate: x509.Certificate) -> bool:
    try:
        return kind_of(certificate.public_key()) is not None
    except (ValueError, UnsupportedAlgorithm):  # also curves that nobody knows
        return False


def _is_of_a_person(certificate: x509.Certificate) -> bool:
    return any(certificate.subject.get_attributes_for_oid(oid) for oid in _PERSONAL)


def _is_for_documents(certificate: x509.Certificate) -> bool:
    """Key usage allows signatures, extended key usage (when stated) documents, and it is no authority's."""
    try:
        extensions = {one.oid: one.value for one in certificate.extensions}
    except (ValueError, x509.DuplicateExtension, x509.UnsupportedGeneralNameType):
        return False
    usage, basic = extensions.get(x509.KeyUsage.oid), extensions.get(x509.BasicConstraints.oid)
    purposes = extensions.get(x509.ExtendedKeyUsage.oid)
    return (
        isinstance(usage, x509.KeyUsage)
        and (usage.digital_signature or usage.content_commitment)
        and not (isinstance(basic, x509.BasicConstraints) and basic.ca)
        and (not isinstance(purposes, x509.ExtendedKeyUsage) or not _FOR_DOCUMENTS.isdisjoint(purposes))
    )
