"""A time-stamp token (RFC 3161): what it proves, and the one spelling in which we keep it.

Whoever asks for a token and whoever verifies a file read it in the same way. A token's signature covers its own content
and signed attributes; around those the same can be written in several ways. So a token is written anew before it goes
into a file, without unsigned attributes, and a file that holds another spelling was changed.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import algos, cms, core, parser, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID
from pyhanko.sign.validation.generic_cms import get_signing_cert_attr, validate_sig_integrity

from signing.ecdsa import curve_of_authority

_UNIVERSAL, _CONTEXT = 0, 2
_SEQUENCE, _SET = 16, 17
_HASHES = {"sha256", "sha384", "sha512"}


class NotATimeStamp(Exception):
    """The bytes are no intact token of a time-stamp authority. The text holds nothing of them."""


@dataclass(frozen=True)
class TimeStamp:
    """An intact token, signed by the key of `leaf`; whether anybody trusts that is another question.

    `digest` is the SHA-256 that existed at `at`. Certificates are DER; `others` may help to build a path.
    """

    at: datetime
    digest: bytes
    nonce: int | None
    leaf: bytes
    others: tuple[bytes, ...]
    _signed: cms.SignedData
    _read_from: bytes

    def spelled(self, certificates: tuple[bytes, ...]) -> bytes:
        """The token (DER) in our spelling, with exactly these certificates."""
        [signer] = self._signed["signer_infos"]
        leaf = asn1_x509.Certificate.load(self.leaf)
        digest, signature = _algorithms(signer, leaf)
        content = bytes(self._signed["encap_content_info"]["content"])
        signer_info = _sequence(
            core.Integer(1).dump(),
            _sequence(leaf.issuer.dump(), core.Integer(leaf.serial_number).dump()),
            digest,
            _tagged(signer["signed_attrs"].contents),
            signature,
            core.OctetString(_signature(signer["signature"].native, leaf)).dump(),
        )
        encapsulated = _sequence(_TST_INFO, _tagged(core.OctetString(content).dump()))
        signed = _sequence(
            core.Integer(3).dump(),
            _set(digest),
            encapsulated,
            _tagged(b"".join(sorted(certificates))),
            _set(signer_info),
        )
        return _sequence(_SIGNED_DATA, _tagged(signed))

    @property
    def is_in_our_spelling(self) -> bool:
        """Whether the bytes that were read are exactly those that we would write."""
        certificates = (self.leaf, *self.others)
        return len(set(certificates)) == len(certificates) and self.spelled(certificates) == self._read_from


def read_time_stamp(token: bytes) -> TimeStamp:
    """The token, when its signature fits and its certificate is one for time-stamps. Raises NotATimeStamp."""
    try:
        return _read(token)
    except NotATimeStamp:
        raise
    except Exception as error:  # the libraries raise all sorts of errors on foreign bytes
        raise NotATimeStamp("not readable as a time-stamp") from error


def _read(token: bytes) -> TimeStamp:
    container = cms.ContentInfo.load(token, strict=True)
    signed = container["content"]
    encapsulated = signed["encap_content_info"]
    if container["content_type"].native != "signed_data" or encapsulated["content_type"].native != "tst_info":
        raise NotATimeStamp("another kind of message")
    [signer] = signed["signer_infos"]
    certificates = [one.chosen for one in signed["certificates"]]
    leaf = next(one for one in certificates if _is_signer(one, signer))
    _check_signature(signer, leaf, bytes(encapsulated["content"]))
    _check_certificate(leaf.dump())
    info = tsp.TSTInfo.load(bytes(encapsulated["content"]), strict=True)
    imprint = info["message_imprint"]
    if info["version"].native != "v1" or imprint["hash_algorithm"]["algorithm"].native != "sha256":
        raise NotATimeStamp("a kind of time-stamp that we do not ask for")
    others = tuple(one.dump() for one in certificates if one is not leaf)
    return TimeStamp(
        info["gen_time"].native,
        imprint["hashed_message"].native,
        info["nonce"].native,
        leaf.dump(),
        others,
        signed,
        token,
    )


def _is_signer(certificate: asn1_x509.Certificate, signer: cms.SignerInfo) -> bool:
    named = signer["sid"]
    if named.name != "issuer_and_serial_number":
        return bool(certificate.key_identifier == named.chosen.native)
    issuer, serial = named.chosen["issuer"], named.chosen["serial_number"].native
    if certificate.serial_number != serial:
        return False
    if certificate.issuer.dump() == issuer.dump():  # mostly; comparing names by their meaning is slow
        return True
    return bool(certificate.issuer == issuer)


def _check_signature(signer: cms.SignerInfo, leaf: asn1_x509.Certificate, content: bytes) -> None:
    algorithm = signer["digest_algorithm"]["algorithm"].native
    if algorithm not in _HASHES or not get_signing_cert_attr(signer["signed_attrs"]):
        raise NotATimeStamp("a weak digest, or no certificate is named")
    digest = hashlib.new(algorithm, content).digest()
    intact, valid = validate_sig_integrity(signer, leaf, "tst_info", digest)
    if not (intact and valid):
        raise NotATimeStamp("the signature does not fit")


def _check_certificate(leaf: bytes) -> None:
    """Extended key usage: critical, and nothing but time-stamps (RFC 3161, 2.3)."""
    found = x509.load_der_x509_certificate(leaf).extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    if not found.critical or list(found.value) != [ExtendedKeyUsageOID.TIME_STAMPING]:
        raise NotATimeStamp("the certificate is not one for time-stamps")


def _algorithms(signer: cms.SignerInfo, leaf: asn1_x509.Certificate) -> tuple[bytes, bytes]:
    """Digest and signature algorithm in one spelling; that of algorithm protection (RFC 6211) where it is signed."""
    for attribute in signer["signed_attrs"]:
        if attribute["type"].native == "cms_algorithm_protection":
            protected = attribute["values"][0]
            return protected["digest_algorithm"].untag().dump(), protected[
                "signature_algorithm"
            ].untag().dump()
    digest = _sequence(signer["digest_algorithm"]["algorithm"].dump())
    return digest, _signature_algorithm(signer["signature_algorithm"], signer, leaf)


def _signature_algorithm(
    stated: algos.SignedDigestAlgorithm, signer: cms.SignerInfo, leaf: asn1_x509.Certificate
) -> bytes:
    name = signer["digest_algorithm"]["algorithm"].native
    if leaf.public_key.algorithm == "ec":
        kind: Any = algos.SignedDigestAlgorithmId(f"{name}_ecdsa")
        return _sequence(kind.dump())
    if stated.signature_algo == "rsassa_pkcs1v15":
        kind = algos.SignedDigestAlgorithmId(f"{name}_rsa")
        return _sequence(kind.dump(), core.Null().dump())
    encoded: bytes = stated.dump()
    return encoded


def _signature(value: bytes, leaf: asn1_x509.Certificate) -> bytes:
    if leaf.public_key.algorithm != "ec":
        return value
    curve = curve_of_authority(leaf.public_key.curve[1])
    if curve is None:
        raise NotATimeStamp("a curve that no time-stamp authority uses")
    return curve.with_low_s(value)


def _sequence(*parts: bytes) -> bytes:
    encoded: bytes = parser.emit(_UNIVERSAL, 1, _SEQUENCE, b"".join(parts))
    return encoded


def _set(*parts: bytes) -> bytes:
    encoded: bytes = parser.emit(_UNIVERSAL, 1, _SET, b"".join(parts))
    return encoded


def _tagged(content: bytes) -> bytes:
    """Constructed, tag [0]."""
    encoded: bytes = parser.emit(_CONTEXT, 1, 0, content)
    return encoded


_SIGNED_DATA = core.ObjectIdentifier("1.2.840.113549.1.7.2").dump()
_TST_INFO = core.ObjectIdentifier("1.2.840.113549.1.9.16.1.4").dump()
