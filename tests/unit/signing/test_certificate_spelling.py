"""Whoever has a sealing key can write its certificate in other bytes: under another fingerprint it is the same key."""

from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from signing.ecdsa import curve_of_authority
from signing.key_kinds import KeyKind
from signing.keys.backend import key_id
from signing.report import CheckId, Finding, Outcome
from tests.support.seals import Town
from tests.support.tampering import respelled


def test_both_fingerprints_of_a_certificate_are_told() -> None:
    town = Town.create()
    other = replace(town, identity=respelled(town.identity))
    known, new = key_id(town.identity.certificate), key_id(other.identity.certificate)
    for file in (town.pdf(), town.json()):
        report = town.examine(file)
        assert (report.finding, report.key_id, report.other_key_id) == (Finding.GENUINE, known, new)
    for file in (other.pdf(), other.json()):
        report = town.examine(file)
        assert (report.finding, report.key_id, report.other_key_id) == (Finding.GENUINE, new, known)


def test_a_signature_in_part_of_a_byte_leads_nowhere() -> None:
    """Bits that do not count can be written in several ways, and libraries do not mind."""
    town = _town_with_even_certificate()
    odd = replace(town, identity=respelled(town.identity, unused_bits=1))
    for file in (odd.pdf(), odd.json()):
        report = town.examine(file)
        failed = [check.id for check in report.checks if check.outcome is Outcome.FAILED]
        assert (report.finding, failed) == (Finding.UNTRUSTED, [CheckId.ORGANISATION])


def _town_with_even_certificate() -> Town:
    """Libraries want the bits that do not count to be zero."""
    town = Town.create()
    while town.identity.certificate.signature[-1] % 2:
        town = town.with_seal()
    return town


@pytest.mark.parametrize(
    "curve",
    [
        *(ec.SECP256R1(), ec.SECP384R1(), ec.SECP521R1()),
        *(ec.BrainpoolP256R1(), ec.BrainpoolP384R1(), ec.BrainpoolP512R1()),
    ],
    ids=lambda curve: curve.name,
)
def test_of_every_curve_of_an_authority_two_values_fit(curve: ec.EllipticCurve) -> None:
    key, known = ec.generate_private_key(curve), curve_of_authority(curve.name)
    assert known is not None
    r, s = decode_dss_signature(key.sign(b"text", ec.ECDSA(SHA256())))
    key.public_key().verify(encode_dss_signature(r, known.order - s), b"text", ec.ECDSA(SHA256()))


def test_curves_that_seal_are_among_those_of_authorities() -> None:
    for kind in KeyKind:
        assert kind.curve is None or curve_of_authority(kind.curve.name) is kind.curve
