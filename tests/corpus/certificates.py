"""Intact files by the wrong maker, or with a certificate that was not good at the moment (rows 4 and 5)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from simulators.authority import DEMO_IDENTIFIER, Authority
from simulators.certificates import (
    CertificateAuthority,
    CertificateOrder,
    Identity,
    key_usage,
    new_key,
    subject_name,
)
from tests.corpus.case import Case, Group, given
from tests.corpus.world import World
from tests.support.seals import NAME, days_ago
from tests.support.tampering import respelled

PDF, JSON = Group("maker-pdf", 4), Group("maker-json", 4, "json")
PROVEN_PDF = Group("revoked-later-pdf", 11)
REVOKED_PDF, REVOKED_JSON = Group("revoked-since-pdf", 5), Group("revoked-since-json", 5, "json")
Issue = Callable[[World], Identity]
_SEALS = (key_usage("digital_signature", "content_commitment"), True)


def cases() -> Iterator[Case]:
    for name, (why, issue, sealed_at) in _MAKERS.items():
        yield PDF.case(name, why, given(lambda w, x: w.forged_pdf(x[0](w), x[1]()), (issue, sealed_at)))
        yield JSON.case(name, why, given(lambda w, x: w.forged_json(x[0](w), x[1]()), (issue, sealed_at)))
    for name, reason in _REASONS.items():
        why = f"the key was revoked after sealing ({name})"
        yield REVOKED_PDF.case(
            name, why, given(lambda w, r: w.forged_pdf(_revoked(w, 0.1, r), days_ago(0.3)), reason)
        )
        yield REVOKED_JSON.case(
            name, why, given(lambda w, r: w.forged_json(_revoked(w, 0.1, r), days_ago(0.3)), reason)
        )
    yield REVOKED_PDF.case(
        "authority", "its authority was revoked after sealing", lambda w: _by_lost_authority(w, 0.3)
    )
    yield PDF.case(
        "revoked-authority", "its authority had been revoked before", lambda w: _by_lost_authority(w, 0.05)
    )
    for level in ("B-T", "B-LT"):
        why = f"the key was revoked after sealing, but the time-stamp proves the moment ({level})"
        yield PROVEN_PDF.case(level.lower(), why, given(_revoked_after_stamp, level))
    yield PROVEN_PDF.case("archived", "the key was revoked after archiving", _revoked_after_archiving, row=10)
    yield PDF.case(
        "b-t-revoked-before", "backdated; the time-stamp shows that it was revoked before", _backdated
    )
    why = "the signature on the certificate ends in part of a byte"
    for group, forge in ((PDF, World.forged_pdf), (JSON, World.forged_json)):
        build = given(lambda w, f: f(w, _in_part_of_a_byte(w)), forge)
        yield replace(group.case("part-of-a-byte", why, build), judged=False)


def _in_part_of_a_byte(world: World) -> Identity:
    """Libraries want the bits that do not count to be zero."""
    town = world.town
    while town.identity.certificate.signature[-1] % 2:
        town = town.with_seal()
    return respelled(town.identity, unused_bits=1)


def _order(**changes: object) -> CertificateOrder:
    subject = subject_name(NAME, f"{NAME} - elektronisch zegel", DEMO_IDENTIFIER)
    order = CertificateOrder(subject, days_ago(1), days_ago(-900), (_SEALS,))
    return replace(order, **changes)  # type: ignore[arg-type]


def _issued(**changes: object) -> Issue:
    return lambda world: world.town.authority.seal_intermediate.issue(_order(**changes), new_key())


def _named(name: str, identifier: str | None) -> Issue:
    return lambda world: world.town.authority.issue_seal(name, identifier)


def _profile(**changes: object) -> Issue:
    return lambda world: world.town.with_seal(**changes).identity


def _usage(*bits: str) -> Issue:
    return _profile(key_usage=bits)


def _purpose(*purposes: x509.ObjectIdentifier) -> Issue:
    return _issued(extensions=(_SEALS, (x509.ExtendedKeyUsage(purposes), False)))


def _with_names(*more: x509.NameAttribute[str]) -> Issue:
    subject = _order().subject
    return _issued(subject=x509.Name([*subject, *more]))


def _weak(world: World) -> Identity:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return world.town.authority.seal_intermediate.issue(_order(), key)


def _authority_itself(world: World) -> Identity:
    return world.town.authority.seal_intermediate.issue(_order(), new_key(), is_authority=True)


def _self_signed(world: World) -> Identity:
    return CertificateAuthority.root(_order()).identity


def _below_a_seal(world: World) -> Identity:
    """A seal certificate used as if it were an authority (basic constraints ignored)."""
    return CertificateAuthority(world.town.identity).issue(_order(), new_key())


def _below_expired_authority(world: World) -> Identity:
    order = CertificateOrder(
        subject_name("Simulatie", "Verlopen Zegel CA"), days_ago(90), days_ago(30),
        ((key_usage("key_cert_sign", "crl_sign"), True),),
    )  # fmt: skip
    expired = world.town.authority.seal_root.issue(order, new_key(), is_authority=True)
    return CertificateAuthority(expired).issue(_order(), new_key())


def _of_another_root(world: World) -> Identity:
    return Authority.create("Andere Simulatie").issue_seal(NAME, DEMO_IDENTIFIER)


def _stolen_chain(world: World) -> Identity:
    """A stranger's certificate with our intermediate put beside it."""
    return replace(world.stranger.identity, chain=world.town.identity.chain)


def _unknown_critical(world: World) -> Identity:
    extension = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.3.6.1.4.1.99999.7"), b"\x05\x00")
    return world.town.authority.seal_intermediate.issue(
        _order(extensions=(_SEALS, (extension, True))), new_key()
    )


def _revoked(world: World, days: float, reason: x509.ReasonFlags) -> Identity:
    """A seal of ours that was revoked so many days ago."""
    identity = world.town.with_seal().identity
    world.town.authority.revoke(identity, days_ago(days), reason)
    return identity


def _revoked_before(world: World) -> Identity:
    return _revoked(world, 0.5, x509.ReasonFlags.key_compromise)


def _lost_authority(world: World) -> CertificateAuthority:
    root = world.town.authority.seal_root
    order = CertificateOrder(
        subject_name("Simulatie", "Ingetrokken Zegel CA"), days_ago(90), days_ago(-900),
        ((key_usage("key_cert_sign", "crl_sign"), True),),
    )  # fmt: skip
    lost = CertificateAuthority(root.issue(order, new_key(), is_authority=True))
    root.revoke(lost.certificate, days_ago(0.1), x509.ReasonFlags.ca_compromise)
    return lost


def _by_lost_authority(world: World, sealed_days_ago: float) -> bytes:
    return world.forged_pdf(_lost_authority(world).issue(_order(), new_key()), days_ago(sealed_days_ago))


def _backdated(world: World) -> bytes:
    town = world.town.with_seal()
    world.town.authority.revoke(town.identity, days_ago(0.1))
    return world.small_at_level("B-T", town=town, sealed_at=days_ago(0.3))


def _revoked_after_stamp(world: World, level: str) -> bytes:
    town = world.town.with_seal()
    data = world.small_at_level(level, town=town)
    world.town.authority.revoke(town.identity, days_ago(-0.001))
    return data


def _revoked_after_archiving(world: World) -> bytes:
    town = world.town.with_seal()
    data = world.place.archived(world.small(town))
    world.town.authority.revoke(town.identity, days_ago(-0.001))
    return data


def _now() -> datetime:
    return days_ago(0)


def _tomorrow() -> datetime:
    return days_ago(0) + timedelta(days=1)


_MAKERS: dict[str, tuple[str, Issue, Callable[[], datetime]]] = {
    "same-names": ("an authority with the same names", lambda w: w.stranger.identity, _now),
    "other-authority": ("another authority, the same organisation", _of_another_root, _now),
    "stolen-chain": ("a stranger with our intermediate certificate beside it", _stolen_chain, _now),
    "self-signed": ("signed by itself, with our names", _self_signed, _now),
    "below-a-seal": ("issued by a seal certificate", _below_a_seal, _now),
    "neighbour": ("another organisation below the same root", _named("Gemeente Buurt", "NTRNL-90000002"), _now),
    "same-name-other-number": ("our name with another number", _named(NAME, "NTRNL-90000003"), _now),
    "no-number": ("no organisation number", _named(NAME, None), _now),
    "number-with-space": ("our number with a space behind it", _named(NAME, DEMO_IDENTIFIER + " "), _now),
    "number-in-small-letters": ("our number in small letters", _named(NAME, DEMO_IDENTIFIER.lower()), _now),
    "two-numbers": (
        "two organisation numbers",
        _with_names(x509.NameAttribute(NameOID.ORGANIZATION_IDENTIFIER, "NTRNL-90000009")), _now,
    ),
    "person": (
        "an employee's certificate",
        _with_names(x509.NameAttribute(NameOID.GIVEN_NAME, "Jo"), x509.NameAttribute(NameOID.SURNAME, "Jansen")), _now,
    ),
    "for-encryption": ("a key for encryption", _usage("key_encipherment"), _now),
    "for-agreement": ("a key for key agreement", _usage("key_agreement"), _now),
    "for-data": ("a key for data", _usage("data_encipherment"), _now),
    "for-servers": ("a server's certificate", _purpose(ExtendedKeyUsageOID.SERVER_AUTH), _now),
    "for-clients": ("a client's certificate", _purpose(ExtendedKeyUsageOID.CLIENT_AUTH), _now),
    "for-code": ("a certificate for programs", _purpose(ExtendedKeyUsageOID.CODE_SIGNING), _now),
    "no-usage": ("says nothing about its use", _issued(extensions=()), _now),
    "authority-itself": ("an authority's certificate", _authority_itself, _now),
    "weak-key": ("RSA with 2048 bits", _weak, _now),
    "unknown-critical": ("a critical extension that nobody knows", _unknown_critical, _now),
    "expired-authority": ("its authority had expired", _below_expired_authority, _now),
    "not-yet-valid": ("sealed before the certificate was valid", _profile(not_before=days_ago(-2)), _now),
    "expired": ("sealed after the certificate had expired", _profile(not_before=days_ago(9), not_after=days_ago(2)), _now),
    "future": ("sealed tomorrow", _profile(), _tomorrow),
    "revoked-before": ("the key had been revoked before", _revoked_before, _now),
}  # fmt: skip
_REASONS = {
    "key-compromise": x509.ReasonFlags.key_compromise,
    "superseded": x509.ReasonFlags.superseded,
    "ceased": x509.ReasonFlags.cessation_of_operation,
    "affiliation": x509.ReasonFlags.affiliation_changed,
}
