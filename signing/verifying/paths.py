"""Certification paths (RFC 5280, section 6): from a certificate to one of the roots of a policy, never fetching anything.

Two libraries find and validate them. The one of `cryptography` is as fast as its language, Rust, but was made for the web: it
knows neither policies nor constraints on names. So its word counts only for a plain path, of certificates that hold none of
what it does not know. For every other path, and for every path that it refuses, pyhanko_certvalidator decides.
"""

import asyncio
from datetime import datetime

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.x509.verification import Criticality, ExtensionPolicy, PolicyBuilder, Store
from pyhanko_certvalidator import CertificateValidator, ValidationContext

_PLAIN = frozenset(
    kind.oid
    for kind in (
        x509.BasicConstraints,
        x509.KeyUsage,
        x509.ExtendedKeyUsage,
        x509.SubjectKeyIdentifier,
        x509.AuthorityKeyIdentifier,
        x509.SubjectAlternativeName,
        x509.CertificatePolicies,
        x509.CRLDistributionPoints,
        x509.AuthorityInformationAccess,
    )
)
# What a certificate is for, be it ours or that of a time-stamp authority, is looked at elsewhere.
_AUTHORITIES = ExtensionPolicy.webpki_defaults_ca().may_be_present(
    x509.ExtendedKeyUsage, Criticality.AGNOSTIC, None
)
_LEAF = ExtensionPolicy.permit_all()


def validate_path(
    leaf: bytes, others: tuple[bytes, ...], roots: tuple[bytes, ...], moment: datetime
) -> tuple[bytes, ...]:
    """The certificates (DER) of a path that is valid at `moment`, from the leaf up to one of the roots; or nothing."""
    helpers = [one for one in dict.fromkeys(others) if one != leaf and one not in roots]
    return _plain_path(leaf, helpers, roots, moment) or _any_path(leaf, helpers, roots, moment)


def _plain_path(
    leaf: bytes, helpers: list[bytes], roots: tuple[bytes, ...], moment: datetime
) -> tuple[bytes, ...]:
    try:
        known = {x509.load_der_x509_certificate(one): one for one in (leaf, *helpers, *roots)}
        certificate, *others = known
        anchors = [one for one in others if known[one] in roots]
        builder = PolicyBuilder().store(Store(anchors)).time(moment)
        builder = builder.extension_policies(ca_policy=_AUTHORITIES, ee_policy=_LEAF)
        path = builder.build_client_verifier().verify(certificate, others[: len(helpers)]).chain
        return tuple(known[one] for one in path) if all(map(_is_plain, path)) else ()
    except Exception:  # noqa: BLE001 -- refused, or too strange for it: the other library decides
        return ()


def _is_plain(certificate: x509.Certificate) -> bool:
    return all(one.oid in _PLAIN for one in certificate.extensions)


def _any_path(
    leaf: bytes, helpers: list[bytes], roots: tuple[bytes, ...], moment: datetime
) -> tuple[bytes, ...]:
    try:
        context = ValidationContext(
            trust_roots=[asn1_x509.Certificate.load(root) for root in roots],
            other_certs=[asn1_x509.Certificate.load(helper) for helper in helpers],
            moment=moment,
            allow_fetching=False,
        )
        validator = CertificateValidator(asn1_x509.Certificate.load(leaf), validation_context=context)
        path = asyncio.run(validator.async_validate_path())
        return tuple(one.dump() for one in reversed(list(path)))
    except Exception:  # noqa: BLE001 -- whatever a strange certificate makes the library raise: there is no path
        return ()
