"""The quick library's word counts only where it agrees with the thorough one, about paths that it understands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from signing.verifying import paths
from signing.verifying.paths import validate_path
from simulators.certificates import key_usage

NOW = datetime(2026, 6, 1, tzinfo=UTC)
DAY = timedelta(days=1)
ROOT_KEY, MIDDLE_KEY, LEAF_KEY, OTHER_KEY = (ec.generate_private_key(ec.SECP256R1()) for _ in range(4))
Extensions = tuple[tuple[x509.ExtensionType, bool], ...]


def name(common_name: str, organisation: str = "Gemeente Voorbeeld") -> x509.Name:
    values = ((NameOID.ORGANIZATION_NAME, organisation), (NameOID.COMMON_NAME, common_name))
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in values])


@dataclass(frozen=True)
class Plan:
    """One certificate; valid for a day before and after NOW."""

    subject: x509.Name
    issuer: x509.Name
    key: ec.EllipticCurvePrivateKey
    signer: ec.EllipticCurvePrivateKey
    extensions: Extensions = ()
    begins: datetime = NOW - DAY
    ends: datetime = NOW + DAY

    def made(self) -> bytes:
        builder = x509.CertificateBuilder().subject_name(self.subject).issuer_name(self.issuer)
        builder = builder.public_key(self.key.public_key()).serial_number(x509.random_serial_number())
        builder = builder.not_valid_before(self.begins).not_valid_after(self.ends)
        own = x509.SubjectKeyIdentifier.from_public_key(self.key.public_key())
        issuers = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.signer.public_key())
        for extension, critical in (*self.extensions, (own, False), (issuers, False)):
            builder = builder.add_extension(extension, critical)
        return builder.sign(self.signer, SHA256()).public_bytes(Encoding.DER)


def authority(path_length: int | None = None, ca: bool = True) -> Extensions:
    constraints = x509.BasicConstraints(ca, path_length if ca else None)
    return ((constraints, True), (key_usage("key_cert_sign", "crl_sign"), True))


LEAF_EXTENSIONS: Extensions = (
    (x509.BasicConstraints(False, None), True),
    (key_usage("content_commitment"), True),
)
ROOT = Plan(name("Root"), name("Root"), ROOT_KEY, ROOT_KEY, authority())
MIDDLE = Plan(name("Middle"), name("Root"), MIDDLE_KEY, ROOT_KEY, authority(0))
UPPER = Plan(name("Upper"), name("Root"), OTHER_KEY, ROOT_KEY, authority(1))
BELOW_UPPER = replace(MIDDLE, issuer=name("Upper"), signer=OTHER_KEY)
LEAF = Plan(name("Seal"), name("Middle"), LEAF_KEY, MIDDLE_KEY, LEAF_EXTENSIONS)


def found(leaf: Plan, *above: Plan, moment: datetime = NOW) -> tuple[int, int]:
    """How many certificates each library finds; what we find is the one or the other."""
    seal, *helpers, root = (one.made() for one in (leaf, *above))
    by_each = (
        paths._plain_path(seal, helpers, (root,), moment),
        paths._any_path(seal, helpers, (root,), moment),
    )
    path = validate_path(seal, tuple(helpers), (root,), moment)
    assert path == (by_each[0] or by_each[1])
    assert path in ((), (seal, *helpers, root))
    return len(by_each[0]), len(by_each[1])


def with_extension(plan: Plan, extension: x509.ExtensionType, critical: bool = False) -> Plan:
    return replace(plan, extensions=(*plan.extensions, (extension, critical)))


def policy(dotted: str) -> x509.CertificatePolicies:
    return x509.CertificatePolicies([x509.PolicyInformation(x509.ObjectIdentifier(dotted), None)])


@pytest.mark.parametrize(
    "above",
    [
        (MIDDLE, ROOT),
        (with_extension(MIDDLE, x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION])), ROOT),
        (with_extension(MIDDLE, policy("2.16.528.1.1003.1.2.5.7")), ROOT),
    ],
    ids=["as ours", "of an authority for documents", "under a policy"],
)
def test_a_plain_path_is_found_by_both(above: Sequence[Plan]) -> None:
    assert found(LEAF, *above) == (3, 3)


def test_without_an_authority_between_too() -> None:
    assert found(replace(LEAF, issuer=name("Root"), signer=ROOT_KEY), ROOT) == (2, 2)


def test_with_one_more_authority_too() -> None:
    assert found(LEAF, BELOW_UPPER, UPPER, ROOT) == (4, 4)


_UNKNOWN = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00")
_REFUSED = {
    "the leaf has expired": (replace(LEAF, ends=NOW - DAY / 2), MIDDLE, ROOT),
    "the leaf is of tomorrow": (replace(LEAF, begins=NOW + DAY / 2), MIDDLE, ROOT),
    "the authority has expired": (LEAF, replace(MIDDLE, ends=NOW - DAY / 2), ROOT),
    "signed by another key of that name": (replace(LEAF, signer=OTHER_KEY), MIDDLE, ROOT),
    "an authority of another root": (LEAF, replace(MIDDLE, signer=OTHER_KEY), ROOT),
    "named after another": (replace(LEAF, issuer=name("Muddle")), MIDDLE, ROOT),
    "no authority": (LEAF, replace(MIDDLE, extensions=LEAF_EXTENSIONS), ROOT),
    "says that it is no authority": (LEAF, replace(MIDDLE, extensions=authority(ca=False)), ROOT),
    "may not sign certificates": (
        LEAF,
        replace(MIDDLE, extensions=(authority()[0], (key_usage("crl_sign"), True))),
        ROOT,
    ),
    "may have no authority below it": (
        LEAF,
        BELOW_UPPER,
        replace(UPPER, extensions=authority(0)),
        ROOT,
    ),
    "a leaf with a demand that nobody knows": (with_extension(LEAF, _UNKNOWN, critical=True), MIDDLE, ROOT),
    "an authority with one": (LEAF, with_extension(MIDDLE, _UNKNOWN, critical=True), ROOT),
}


@pytest.mark.parametrize("path", _REFUSED.values(), ids=_REFUSED)
def test_a_bad_path_is_found_by_neither(path: tuple[Plan, ...]) -> None:
    assert found(*path) == (0, 0)


def constraints(organisation: str) -> x509.NameConstraints:
    attribute = x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation)
    return x509.NameConstraints([x509.DirectoryName(x509.Name([attribute]))], None)


@pytest.mark.parametrize(
    ("extension", "is_good"),
    [
        (constraints("Gemeente Voorbeeld"), True),
        (constraints("Gemeente Buurt"), False),
        (x509.PolicyConstraints(0, None), False),
        (x509.InhibitAnyPolicy(0), True),
    ],
    ids=["our name", "another's name", "a policy asked for", "no policy asked for"],
)
@pytest.mark.parametrize("critical", [True, False])
def test_what_the_quick_one_does_not_know_is_left_to_the_thorough_one(
    extension: x509.ExtensionType, is_good: bool, critical: bool
) -> None:
    assert found(LEAF, with_extension(MIDDLE, extension, critical), ROOT) == (0, 3 * is_good)
    assert found(LEAF, MIDDLE, with_extension(ROOT, extension, critical))[0] == 0


def test_another_moment_is_another_answer() -> None:
    assert found(LEAF, MIDDLE, ROOT, moment=NOW + 2 * DAY) == (0, 0)


def test_a_root_alone_and_no_root_at_all() -> None:
    root, leaf = ROOT.made(), LEAF.made()
    assert validate_path(root, (), (root,), NOW) == (root,)
    assert validate_path(leaf, (MIDDLE.made(), root), (), NOW) == ()


def test_what_is_no_certificate_helps_nobody_and_hurts_nobody() -> None:
    leaf, middle, root = LEAF.made(), MIDDLE.made(), ROOT.made()
    assert validate_path(b"no certificate", (middle,), (root,), NOW) == ()
    assert validate_path(leaf, (middle, leaf, root, middle), (root,), NOW) == (leaf, middle, root)
