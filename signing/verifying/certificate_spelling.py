"""The same certificate in other bytes: what an issuer's signature leaves open (X.690, 11.2.1; SEC 1, 4.1.4).

A certificate is named by the SHA-256 of its bytes. Whoever has a sealing key can choose in which bytes its certificate
goes into a file: the issuer's signature stands outside what it covers, and of an ECDSA signature two values fit. So a
key that was revoked by its name could seal on under another name, if nobody looked for both.
"""

from asn1crypto import parser
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding

from signing.ecdsa import curve_of_authority

_UNIVERSAL, _SEQUENCE, _BIT_STRING = 0, 16, 3
_NO_UNUSED_BITS = b"\x00"


def is_whole_bytes(certificate: bytes) -> bool:
    """Whether the issuer's signature is written as whole bytes, as every signature is: else it could be written anew."""
    encoded: bytes = asn1_x509.Certificate.load(certificate)["signature_value"].contents
    return encoded.startswith(_NO_UNUSED_BITS)


def other_spelling(certificate: x509.Certificate, issuer: x509.Certificate) -> bytes | None:
    """The certificate (DER) with the other of the two values that fit; None when there are no two, as with RSA."""
    key = issuer.public_key()
    curve = curve_of_authority(key.curve.name) if isinstance(key, ec.EllipticCurvePublicKey) else None
    if curve is None:
        return None
    r, s = decode_dss_signature(certificate.signature)
    return _with_signature(certificate, encode_dss_signature(r, curve.order - s))


def _with_signature(certificate: x509.Certificate, signature: bytes) -> bytes:
    parsed = asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))
    bits = parser.emit(_UNIVERSAL, 0, _BIT_STRING, _NO_UNUSED_BITS + signature)
    parts = (parsed["tbs_certificate"].dump(), parsed["signature_algorithm"].dump(), bits)
    encoded: bytes = parser.emit(_UNIVERSAL, 1, _SEQUENCE, b"".join(parts))
    return encoded
