"""What people with bad intentions, or with a PDF editor, do to a sealed file."""

import io
import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pikepdf
from asn1crypto import crl as asn1_crl
from asn1crypto import keys as asn1_keys
from asn1crypto import parser
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko_certvalidator.registry import SimpleCertificateStore

from signing.ecdsa import P256
from simulators.certificates import Identity


def flip_bit(data: bytes, place: int, bit: int = 0) -> bytes:
    """The same bytes with one bit changed."""
    return data[:place] + bytes([data[place] ^ (1 << bit)]) + data[place + 1 :]


def one_other_letter(sealed: bytes) -> bytes:
    """Another letter in what was sealed, where it breaks nothing else: the file can still be read."""
    start, other = (
        (b"<pdfaid:conformance>", b"B") if sealed.startswith(b"%PDF") else (b'"payload":"eyJ', b"Q")
    )
    place = sealed.index(start) + len(start)
    assert sealed[place : place + 1] != other
    return sealed[:place] + other + sealed[place + 1 :]


def white_box(pdf: bytes) -> bytes:
    """Draw a white box over the page by an incremental update, as every PDF editor does."""
    writer: Any = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
    box = generic.StreamObject(stream_data=b"1 g 100 100 200 50 re f")
    writer.add_stream_to_page(0, writer.add_object(box))
    return _written(writer)


def change_title(pdf: bytes) -> bytes:
    """Change the title by an incremental update that touches no page."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
    writer.trailer["/Info"][generic.NameObject("/Title")] = generic.TextStringObject("Anders")
    writer.update_container(writer.trailer["/Info"])
    return _written(writer)


def append_store(pdf: bytes, certificates: Iterable[bytes], crls: Iterable[bytes]) -> bytes:
    """Put long-term data behind the seal, in a revision of its own, as most programs do."""
    file = io.BytesIO(pdf)
    DocumentSecurityStore.add_dss(
        file,
        sig_contents=None,
        certs=[asn1_x509.Certificate.load(one) for one in certificates],
        crls=[asn1_crl.CertificateList.load(one) for one in crls],
    )
    return file.getvalue()


def _written(writer: Any) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def sign_again(pdf: bytes, identity: Identity, field_name: str = "Handtekening") -> bytes:
    """Put an ordinary approval signature behind it (or on an unsigned file, the only one)."""
    new_store: Any = SimpleCertificateStore
    store = new_store()
    store.register_multiple(asn1_x509.Certificate.load(c.public_bytes(Encoding.DER)) for c in identity.chain)
    key = identity.private_key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    signer = SimpleSigner(
        signing_cert=asn1_x509.Certificate.load(identity.certificate.public_bytes(Encoding.DER)),
        signing_key=asn1_keys.PrivateKeyInfo.load(key),
        cert_registry=store,
    )
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
    metadata = PdfSignatureMetadata(field_name=field_name)
    return bytes(PdfSigner(metadata, signer).sign_pdf(writer).getvalue())


def save_again(pdf: bytes, encryption: pikepdf.Encryption | None = None) -> bytes:
    """Open and save it as a new file, which moves every byte."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        document.save(out, encryption=encryption if encryption else False, static_id=True)
    return out.getvalue()


def without_signature(pdf: bytes) -> bytes:
    """Take the form with the seal out, and every trace of it, and save."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for key in ("/AcroForm", "/Perms"):
            del document.Root[key]
        for page in document.pages:
            if "/Annots" in page.obj:
                del page.obj["/Annots"]
        document.save(out)
    return out.getvalue()


def cms_range(pdf: bytes) -> tuple[int, int]:
    """Where the hexadecimal digits of the CMS begin and end, without the zeros behind it."""
    match = re.search(rb"/Contents <([0-9A-Fa-f]*?)0*>", pdf)
    assert match is not None
    return match.start(1), match.end(1)


def respelled(identity: Identity, unused_bits: int | None = None) -> Identity:
    """The same certificate in other bytes, as whoever has its key can put it into a file: the other of the two values
    of its issuer's signature (P-256), or a signature of which the last bits do not count."""
    parsed = asn1_x509.Certificate.load(identity.certificate.public_bytes(Encoding.DER))
    r, s = decode_dss_signature(identity.certificate.signature)
    content = b"\0" + encode_dss_signature(r, P256.order - s)
    if unused_bits is not None:
        content = bytes([unused_bits]) + identity.certificate.signature
    covered = parsed["tbs_certificate"].dump() + parsed["signature_algorithm"].dump()
    other = parser.emit(0, 1, 16, covered + parser.emit(0, 0, 3, content))
    return replace(identity, certificate=x509.load_der_x509_certificate(other))
