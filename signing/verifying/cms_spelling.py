"""The one spelling of a CMS in which we seal (DER, ITU-T X.690; RFC 5652, 5.1), to compare a foreign CMS with.

The signature in a CMS covers its signed attributes only. Around them much can be written in several ways that mean the
same: the order of certificates, optional parameters of algorithms, padded numbers and identifiers, the other s of an
ECDSA signature. Whoever changes one of those changes a sealed file without breaking its seal.
"""

from asn1crypto import cms, core, parser
from asn1crypto import x509 as asn1_x509

from signing.key_kinds import KeyKind

_UNIVERSAL, _CONTEXT = 0, 2
_SEQUENCE, _SET = 16, 17
_VERSION_1 = core.Integer(1).dump()
_DATA = core.ObjectIdentifier("1.2.840.113549.1.7.1").dump()
_TIME_STAMP = core.ObjectIdentifier("1.2.840.113549.1.9.16.2.14").dump()
_SIGNED_DATA = core.ObjectIdentifier("1.2.840.113549.1.7.2").dump()


def in_our_spelling(
    seal: cms.SignedData, certificate: asn1_x509.Certificate, token: bytes | None = None
) -> bytes | None:
    """A CMS in our spelling that holds the signed attributes, signature and certificates of `seal` and nothing else.

    `certificate` is the one that sealed; None when its key is not of a kind that seals. `token` is the time-stamp.
    """
    [signer] = seal["signer_infos"]
    ours = _signature(certificate, signer["signature"].native)
    if ours is None:
        return None
    algorithm, signature = ours
    signer_info = _sequence(
        _VERSION_1,
        _sequence(certificate.issuer.dump(), core.Integer(certificate.serial_number).dump()),
        _SHA256,
        _tagged(signer["signed_attrs"].contents),
        algorithm,
        core.OctetString(signature).dump(),
        *([] if token is None else [_tagged(_sequence(_TIME_STAMP, _set(token)), 1)]),
    )
    certificates = sorted(one.chosen.dump() for one in seal["certificates"])
    content = (_VERSION_1, _set(_SHA256), _sequence(_DATA), _tagged(b"".join(certificates)))
    return _sequence(_SIGNED_DATA, _tagged(_sequence(*content, _set(signer_info))))


def _signature(certificate: asn1_x509.Certificate, signature: bytes) -> tuple[bytes, bytes] | None:
    """Algorithm and value as the key of this certificate gives them."""
    key = certificate.public_key
    if key.algorithm == "rsa":
        return _RSA_SHA256, signature
    curves = {("named", kind.curve.name): kind.curve for kind in KeyKind if kind.curve}
    if key.algorithm == "ec" and key.curve in curves:
        return _ECDSA_SHA256, curves[key.curve].with_low_s(signature)
    return None


def _sequence(*parts: bytes) -> bytes:
    encoded: bytes = parser.emit(_UNIVERSAL, 1, _SEQUENCE, b"".join(parts))
    return encoded


def _set(*parts: bytes) -> bytes:
    encoded: bytes = parser.emit(_UNIVERSAL, 1, _SET, b"".join(parts))
    return encoded


def _tagged(content: bytes, tag: int = 0) -> bytes:
    """Constructed, with a tag of its context."""
    encoded: bytes = parser.emit(_CONTEXT, 1, tag, content)
    return encoded


_SHA256 = _sequence(core.ObjectIdentifier("2.16.840.1.101.3.4.2.1").dump())
_ECDSA_SHA256 = _sequence(core.ObjectIdentifier("1.2.840.10045.4.3.2").dump())
_RSA_SHA256 = _sequence(core.ObjectIdentifier("1.2.840.113549.1.1.11").dump(), core.Null().dump())
