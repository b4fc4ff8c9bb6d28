"""The seal itself (CMS, RFC 5652) rewritten: what its signature does not cover, and what only its maker can change."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from asn1crypto import cms, core
from asn1crypto import crl as asn1_crl
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding

from signing.keys.backend import signature_for_cms
from signing.sealing import der
from signing.sealing.pdf import PdfSeal
from tests.corpus.case import Case, Group, given
from tests.corpus.world import World
from tests.support.pdf_builder import build_pdf
from tests.support.seals import days_ago

CMS, ATTRIBUTES = Group("cms", 3), Group("attributes", 3)
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
Change = Callable[[cms.SignedData, World], None]


def cases() -> Iterator[Case]:
    for name, (why, change) in _SPELLINGS.items():
        yield CMS.case(name, why, given(lambda w, c: w.small_with_cms(c), change))
    for name, (why, change_parsed) in _PARSED.items():
        yield CMS.case(name, why, _with_parsed(change_parsed))
    yield CMS.case("rsa-without-null", "an RSA algorithm without its parameter", _rsa_without_null)
    for name, (why, attributes) in _ATTRIBUTES.items():
        yield ATTRIBUTES.case(name, f"sealed by ourselves: {why}", _with_attributes(attributes))


def _padded(seal: bytes) -> bytes:
    return seal[:2] + (int.from_bytes(seal[2:4], "big") + 4).to_bytes(2, "big") + seal[4:] + bytes(4)


def _indefinite_length(seal: bytes) -> bytes:
    return b"\x30\x80" + seal[4:] + bytes(2)


def _signer_in_capitals(seal: bytes) -> bytes:
    before, name, after = seal.rpartition(b"Simulatie Zegel CA")
    return before + name.upper() + after


def _certificates_turned(seal: bytes) -> bytes:
    first, second = (one.dump() for one in cms.ContentInfo.load(seal)["content"]["certificates"])
    return seal.replace(first + second, second + first)


def _zero(seal: bytes) -> bytes:
    """ECDSA with r = s = 0, which careless verifiers accept (CVE-2022-21449); the length stays."""
    [signer] = cms.ContentInfo.load(seal)["content"]["signer_infos"]
    old = signer["signature"].dump()
    assert seal.endswith(old)
    values = der.sequence(der.tlv(der.INTEGER, bytes(1)), der.tlv(der.INTEGER, bytes(len(old) - 9)))
    return seal[: -len(old)] + der.octets(values).ljust(len(old), b"\0")


_SPELLINGS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "padded": ("zeros inside the outer element", _padded),
    "long-length": ("a length with a leading zero", lambda seal: b"\x30\x83\x00" + seal[2:]),
    "indefinite-length": ("a length that is not stated (BER)", _indefinite_length),
    "signer-in-capitals": ("the signer's name in capitals", _signer_in_capitals),
    "certificates-turned": ("certificates in another order", _certificates_turned),
    "zero-signature": ("a signature of zeros (CVE-2022-21449)", _zero),
    "empty": ("no CMS at all", lambda _: b"\x30\x00"),
    "not-der": ("something else than ASN.1", lambda seal: b"\xff" * len(seal)),
    "cut": ("the last part of the CMS is missing", lambda seal: seal[:-40]),
}


def _with_parsed(change: Change) -> Callable[[World], bytes]:
    def build(world: World) -> bytes:
        def rewritten(seal: bytes) -> bytes:
            container = cms.ContentInfo.load(seal)
            change(container["content"], world)
            return bytes(container.dump(force=True))

        return world.small_with_cms(rewritten)

    return build


def _other_version(content: cms.SignedData, _: World) -> None:
    content["version"] = "v3"


def _more_digests(content: cms.SignedData, _: World) -> None:
    content["digest_algorithms"].append({"algorithm": "sha512"})


def _revocation_list(content: cms.SignedData, world: World) -> None:
    crl = asn1_crl.CertificateList.load(world.town.authority.crls()[0])
    content["crls"] = cms.RevocationInfoChoices([cms.RevocationInfoChoice("crl", crl)])


def _unsigned_attribute(content: cms.SignedData, _: World) -> None:
    moment = cms.Time({"utc_time": datetime(2026, 1, 1, tzinfo=UTC)})
    attribute = cms.CMSAttribute({"type": "signing_time", "values": [moment]})
    content["signer_infos"][0]["unsigned_attrs"] = cms.CMSAttributes([attribute])


def _foreign_time_stamp(content: cms.SignedData, world: World) -> None:
    """A time-stamp that somebody bought later and put into a seal that had none."""
    [signer] = content["signer_infos"]
    token = world.town.tsa.token(hashlib.sha256(signer["signature"].native).digest())
    values = [cms.ContentInfo.load(token)]
    attribute = cms.CMSAttribute({"type": "signature_time_stamp_token", "values": values})
    signer["unsigned_attrs"] = cms.CMSAttributes([attribute])


def _foreign_certificate(content: cms.SignedData, world: World) -> None:
    root = asn1_x509.Certificate.load(world.stranger.authority.seal_root_der())
    content["certificates"].append(cms.CertificateChoices("certificate", root))


def _no_intermediate(content: cms.SignedData, world: World) -> None:
    leaf = world.town.identity.certificate.public_bytes(Encoding.DER)
    content["certificates"] = [one for one in content["certificates"] if one.chosen.dump() == leaf]


def _no_certificates(content: cms.SignedData, _: World) -> None:
    content["certificates"] = cms.CertificateSet([])


def _two_signers(content: cms.SignedData, _: World) -> None:
    content["signer_infos"].append(content["signer_infos"][0].copy())


def _no_signer(content: cms.SignedData, _: World) -> None:
    content["signer_infos"] = cms.SignerInfos([])


def _content_inside(content: cms.SignedData, _: World) -> None:
    content["encap_content_info"]["content"] = core.OctetString(b"iets anders")


def _other_s(content: cms.SignedData, _: World) -> None:
    [signer] = content["signer_infos"]
    r, s = decode_dss_signature(signer["signature"].native)
    signer["signature"] = core.OctetString(encode_dss_signature(r, _ORDER - s))


def _no_signed_attributes(content: cms.SignedData, _: World) -> None:
    """Then the signature would have to be over the content itself, which confuses some verifiers."""
    [signer] = content["signer_infos"]
    kept = ("version", "sid", "digest_algorithm", "signature_algorithm", "signature")
    content["signer_infos"] = cms.SignerInfos([cms.SignerInfo({name: signer[name] for name in kept})])


_PARSED: dict[str, tuple[str, Change]] = {
    "version": ("another version", _other_version),
    "more-digests": ("a digest algorithm that is not used", _more_digests),
    "revocation-list": ("a revocation list added", _revocation_list),
    "unsigned-attribute": ("a moment added outside the signature", _unsigned_attribute),
    "later-time-stamp": ("a genuine time-stamp added afterwards", _foreign_time_stamp),
    "foreign-certificate": ("a certificate of somebody else added", _foreign_certificate),
    "no-intermediate": ("the intermediate certificate taken out", _no_intermediate),
    "no-certificates": ("all certificates taken out", _no_certificates),
    "two-signers": ("the signature twice", _two_signers),
    "no-signer": ("no signature left", _no_signer),
    "content-inside": ("content of its own inside", _content_inside),
    "other-s": ("the other of the two ECDSA signatures", _other_s),
    "no-signed-attributes": ("the signed attributes taken out", _no_signed_attributes),
}


def _rsa_without_null(world: World) -> bytes:
    old, new = (
        bytes.fromhex("300d06092a864886f70d01010b0500"),
        bytes.fromhex("300f06092a864886f70d01010b04020000"),
    )
    assert len(new) == len(old) + 2

    def change(seal: bytes) -> bytes:
        before, found, after = seal.rpartition(old)
        assert found
        return before + old[:-2] + b"\x04\x00" + after

    return world.small_with_cms(change, "rsa3072")


Attributes = Callable[[tuple[bytes, ...], bytes], list[bytes]]


def _with_attributes(choose: Attributes) -> Callable[[World], bytes]:
    """`choose` gets the three fixed attributes of our seals and that of the digest, and returns those to sign."""

    def build(world: World) -> bytes:
        seal = PdfSeal(world.town.key)

        def cms_of(digest: bytes) -> bytes:
            own = _attribute("1.2.840.113549.1.9.4", der.octets(digest))
            attributes = der.set_of(*choose(seal._fixed_attributes, own))
            return seal._assemble(attributes, signature_for_cms(world.town.key, attributes))

        return build_pdf(world.plan(), cms_of)

    return build


def _attribute(oid: str, value: bytes) -> bytes:
    return der.sequence(der.oid(oid), der.set_of(value))


def _moment() -> bytes:
    return cms.CMSAttribute({"type": "signing_time", "values": [cms.Time({"utc_time": days_ago(0)})]}).dump()  # type: ignore[no-any-return]


def _named(digest: bytes) -> bytes:
    names = der.sequence(der.sequence(der.sequence(der.octets(digest))))
    return _attribute("1.2.840.113549.1.9.16.2.47", names)


_ATTRIBUTES: dict[str, tuple[str, Attributes]] = {
    "signing-time": ("states its moment in the CMS too", lambda fixed, own: [*fixed, own, _moment()]),
    "no-signing-certificate": ("does not name its certificate", lambda f, own: [f[0], f[2], own]),
    "other-certificate-named": ("names another certificate", lambda f, own: [f[0], f[2], own, _named(bytes(32))]),
    "no-algorithm-protection": ("does not protect its algorithms", lambda f, own: [f[0], f[1], own]),
    "no-content-type": ("does not say what it seals", lambda f, own: [f[1], f[2], own]),
    "no-digest": ("has no digest of the file", lambda f, _: [*f]),
    "two-digests": (
        "has two digests of the file",
        lambda f, own: [*f, own, _attribute("1.2.840.113549.1.9.4", der.octets(bytes(32)))],
    ),
    "reason": (
        "has an attribute that we never write",
        lambda f, own: [*f, own, _attribute("1.2.840.113549.1.9.16.2.16", der.sequence(der.oid("1.2.3")))],
    ),
}  # fmt: skip
