"""The seal of a PDF: from the digest of its bytes to a detached CMS at level PAdES B-B or, with a time-stamp, B-T.

The document writer lays out the file with room for the seal, hashes everything but that room and calls `cms`
(ETSI EN 319 142-1; ISO 32000-2, 12.8). The signed attributes are the four that PAdES B-B wants: content type,
message digest, signing certificate (v2) and algorithm protection (RFC 6211). The moment of sealing is `/M` in the
PDF: PAdES forbids the CMS attribute signing-time.
"""

import hashlib
from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from signing.errors import NoTimeStamp, SealingRefused
from signing.keys.backend import KeyBackend, ensure_valid_at, key_id, signature_for_cms
from signing.report import B_B, B_LT, B_T
from signing.sealing import der
from signing.sealing.timestamps import TimeStampClient
from signing.time_stamp import read_time_stamp

SUB_FILTER = "ETSI.CAdES.detached"

_SHA256 = der.sequence(der.oid("2.16.840.1.101.3.4.2.1"))
_ECDSA_SHA256 = der.sequence(der.oid("1.2.840.10045.4.3.2"))
_RSA_SHA256 = der.sequence(der.oid("1.2.840.113549.1.1.11"), der.NULL)
_DATA = der.oid("1.2.840.113549.1.7.1")
_SIGNED_DATA = der.oid("1.2.840.113549.1.7.2")
_CONTENT_TYPE = der.oid("1.2.840.113549.1.9.3")
_MESSAGE_DIGEST = der.oid("1.2.840.113549.1.9.4")
_TIME_STAMP = der.oid("1.2.840.113549.1.9.16.2.14")
_SIGNING_CERTIFICATE_V2 = der.oid("1.2.840.113549.1.9.16.2.47")
_ALGORITHM_PROTECTION = der.oid("1.2.840.113549.1.9.52")

_DIGEST_SIZE = 32
_ROOM_STEP = 1000


@dataclass(frozen=True)
class LongTermData:
    """What lets a seal be checked long after (DER): goes into the document before it is sealed."""

    certificates: tuple[bytes, ...] = ()
    crls: tuple[bytes, ...] = ()


class PdfSeal:
    """Seals digests with one key. Everything that does not depend on the document is computed once.

    `long_term` is for the document writer, and the level says what the finished document must hold.
    """

    level = B_B
    long_term: LongTermData | None = None
    _time_stamps: TimeStampClient | None = None

    def __init__(self, key: KeyBackend) -> None:
        self._key = key
        certificate = key.certificate
        encoded = [above.public_bytes(Encoding.DER) for above in (certificate, *key.chain)]
        self._signature_algorithm = _RSA_SHA256 if key.kind.curve is None else _ECDSA_SHA256
        self._fixed_attributes = self._attributes(encoded)
        self._certificates = der.tlv(0xA0, *sorted(encoded))
        serial = der.integer(certificate.serial_number)
        self._signer = der.sequence(certificate.issuer.public_bytes(), serial)
        self.certificate_subject = certificate.subject.rfc4514_string()
        self.organisation = _subject_value(certificate, NameOID.ORGANIZATION_NAME)
        self.organization_identifier = _subject_value(certificate, NameOID.ORGANIZATION_IDENTIFIER)
        self.key_id = key_id(certificate)
        self.reserved_size = self._room()

    def with_time_stamp(self, client: TimeStampClient, long_term: LongTermData | None = None) -> Self:
        """The same seal at level B-T; with long-term data B-LT."""
        higher = copy(self)
        higher._time_stamps, higher.long_term = client, long_term
        higher.level = B_T if long_term is None else B_LT
        higher.reserved_size = self.reserved_size + client.room
        return higher

    def cms(self, digest: bytes) -> bytes:
        """The CMS SignedData (DER, at most `reserved_size` bytes) over the SHA-256 digest of the document's bytes.

        Raises:
            SealingRefused: the digest is not 32 bytes long, the certificate is not valid now, or the seal would
                not fit.
            NoTimeStamp: this level needs one and there is none; seal the document again at a lower level.
        """
        if len(digest) != _DIGEST_SIZE:
            raise SealingRefused("a seal is made over a SHA-256 digest of 32 bytes")
        ensure_valid_at(self._key.certificate, datetime.now(UTC))
        message_digest = _attribute(_MESSAGE_DIGEST, der.octets(digest))
        attributes = der.set_of(*self._fixed_attributes, message_digest)
        signature = signature_for_cms(self._key, attributes)
        seal = self._assemble(attributes, signature, self._unsigned(signature))
        if len(seal) > self.reserved_size:
            raise SealingRefused(f"the seal takes {len(seal)} bytes, reserved are {self.reserved_size}")
        return seal

    def _attributes(self, encoded: list[bytes]) -> tuple[bytes, ...]:
        """The signed attributes that are the same for every document.

        All certificates are named, not only the first: RFC 5035 then limits validation to these, and a changed
        intermediate certificate is a changed file.
        """
        names = (der.sequence(der.octets(hashlib.sha256(one).digest())) for one in encoded)
        protection = der.sequence(_SHA256, der.tlv(0xA1, _content(self._signature_algorithm)))
        return (
            _attribute(_CONTENT_TYPE, _DATA),
            _attribute(_SIGNING_CERTIFICATE_V2, der.sequence(der.sequence(*names))),
            _attribute(_ALGORITHM_PROTECTION, protection),
        )

    def _unsigned(self, signature: bytes) -> bytes:
        """The unsigned attributes: a time-stamp over the signature, or none at all."""
        if self._time_stamps is None:
            return b""
        token = self._time_stamps.token(hashlib.sha256(signature).digest())
        if self.long_term is not None and read_time_stamp(token).leaf not in self.long_term.certificates:
            raise NoTimeStamp("the time-stamp is of another certificate than the long-term data")
        return der.tlv(0xA1, _attribute(_TIME_STAMP, token))

    def _assemble(self, attributes: bytes, signature: bytes, unsigned: bytes = b"") -> bytes:
        """SignedData (RFC 5652, 5.1) around signed attributes and signature.

        Revocation data does not belong here but in the DSS of the PDF.
        """
        signer_info = der.sequence(
            der.integer(1),
            self._signer,
            _SHA256,
            der.tlv(0xA0, _content(attributes)),
            self._signature_algorithm,
            der.octets(signature),
            unsigned,
        )
        content = (der.integer(1), der.set_of(_SHA256), der.sequence(_DATA))
        signed_data = der.sequence(*content, self._certificates, der.set_of(signer_info))
        return der.sequence(_SIGNED_DATA, der.tlv(0xA0, signed_data))

    def _room(self) -> int:
        """What the largest seal of this key takes, rounded up. No more: whoever verifies reads all of the room."""
        digest = _attribute(_MESSAGE_DIGEST, der.octets(bytes(_DIGEST_SIZE)))
        largest = len(
            self._assemble(
                der.set_of(*self._fixed_attributes, digest), bytes(self._key.kind.largest_signature)
            )
        )
        return -(-largest // _ROOM_STEP) * _ROOM_STEP


def _attribute(kind: bytes, value: bytes) -> bytes:
    return der.sequence(kind, der.set_of(value))


def _content(element: bytes) -> bytes:
    """The content of an element without tag and length, to be tagged anew."""
    size = element[1]
    return element[2:] if size < 0x80 else element[2 + (size & 0x7F) :]


def _subject_value(certificate: x509.Certificate, oid: x509.ObjectIdentifier) -> str:
    values = certificate.subject.get_attributes_for_oid(oid)
    return str(values[0].value) if values else ""
