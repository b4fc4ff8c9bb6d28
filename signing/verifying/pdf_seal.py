"""The seal inside a PDF: does the CMS fit the bytes, which bytes does it cover, and is it in exactly our form?"""

import hashlib

from asn1crypto import cms, parser, tsp
from pyhanko.sign.validation.generic_cms import get_signing_cert_attr, validate_sig_integrity
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from signing.verifying.cms_spelling import in_our_spelling
from signing.verifying.pdf_file import PdfFile, SignatureField, reading
from signing.verifying.trust import SealCertificates

_OUR_ATTRIBUTES = {"content_type", "message_digest", "signing_certificate_v2", "cms_algorithm_protection"}


class PdfSealData:
    """The one seal of a PDF. Methods raise Unreadable or OverLimits."""

    def __init__(self, file: PdfFile, field: SignatureField) -> None:
        self._file = file
        with reading():
            self._seal = EmbeddedPdfSignature(file.reader, field.field, field.name)
            self._cms: bytes = self._seal.pkcs7_content

    def certificates(self) -> SealCertificates:
        """The certificate that made the signature, and the others in the CMS."""
        with reading():
            others = tuple(other.dump() for other in self._seal.other_embedded_certs)
            return SealCertificates(self._seal.signer_cert.dump(), others)

    def is_unchanged(self) -> bool:
        """Whether digest, signature, algorithms and the certificates that the seal names all fit."""
        with reading():
            digest = self._seal.compute_digest()
            checked = validate_sig_integrity(self._seal.signer_info, self._seal.signer_cert, "data", digest)
            intact, valid = checked
            return bool(intact and valid) and self._named_certificates() <= self._present_certificates()

    def covers_whole_file(self) -> bool:
        """Whether the seal covers every byte but its own, and its own are nothing but its hexadecimal digits.

        The room behind the CMS must be zeros, and all digits of one case: otherwise bytes of the file could be
        changed without touching what the signature covers.
        """
        with reading():
            start, before, after, rest = (int(number) for number in self._seal.byte_range)
        data = self._file.data
        if start != 0 or not before < after or after + rest != len(data):
            return False
        digits = self._cms.hex().encode("ascii")
        return data[before:after] in (
            b"<%s>" % digits,
            b"<%s>" % digits.upper(),
        ) and not self._trailer().strip(b"\0")

    def is_in_our_form(self) -> bool:
        """Whether the CMS holds exactly what our seals hold, byte for byte in our spelling (PAdES B-B or B-T)."""
        with reading():
            attributes = [attribute["type"].native for attribute in self._seal.signer_info["signed_attrs"]]
            return (
                len(attributes) == len(_OUR_ATTRIBUTES)
                and set(attributes) == _OUR_ATTRIBUTES
                and self._named_certificates() == self._present_certificates()
                and self._cms[: parser.peek(self._cms)]
                == in_our_spelling(self._seal.signed_data, self._seal.signer_cert, self.token())
            )

    def token(self) -> bytes | None:
        """The time-stamp over the signature; None when there is none, or other unsigned attributes too."""
        with reading():
            attributes = self._seal.signer_info["unsigned_attrs"]
            if len(attributes) != 1 or attributes[0]["type"].native != "signature_time_stamp_token":
                return None
            [token] = attributes[0]["values"]
            encoded: bytes = token.dump()
            return encoded

    def signature_digest(self) -> bytes:
        """SHA-256 of the signature value: what a time-stamp must be over."""
        with reading():
            return hashlib.sha256(self._seal.signer_info["signature"].native).digest()

    def _trailer(self) -> bytes:
        """What follows the CMS in its room."""
        with reading():
            parsed = parser.peek(self._cms)
            return self._cms[parsed:]

    def _named_certificates(self) -> set[bytes]:
        """SHA-256 of the certificates in signing-certificate-v2; empty when they are named in another way."""
        attribute = get_signing_cert_attr(self._seal.signer_info["signed_attrs"])
        if not isinstance(attribute, tsp.SigningCertificateV2):
            return set()
        names = attribute["certs"]
        return {
            name["cert_hash"].native
            for name in names
            if name["hash_algorithm"]["algorithm"].native == "sha256"
        }

    def _present_certificates(self) -> set[bytes]:
        present: cms.CertificateSet = self._seal.signed_data["certificates"]
        return {hashlib.sha256(one.chosen.dump()).digest() for one in present}
