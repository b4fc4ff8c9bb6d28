"""One spelling for each ECDSA signature on P-256: of the two values that fit, r and s or r and n - s, the lower s.

Anybody can turn the one into the other without the key, which would change a sealed file without breaking its seal.
"""

from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # SP 800-186, 3.2.1.3
_INTEGER = 32


def is_low(s: int) -> bool:
    """Whether this is the lower one of the two."""
    return s <= _ORDER // 2


def with_low_s(signature: bytes) -> bytes:
    """The same signature (DER, Ecdsa-Sig-Value) with the lower s. Raises ValueError when it is not one."""
    r, s = decode_dss_signature(signature)
    return encode_dss_signature(r, s if is_low(s) else _ORDER - s)


def plain(signature: bytes) -> bytes:
    """From DER to r followed by s, 64 bytes (RFC 7518, 3.4)."""
    r, s = decode_dss_signature(signature)
    return r.to_bytes(_INTEGER, "big") + s.to_bytes(_INTEGER, "big")


def is_plain_with_low_s(signature: bytes) -> bool:
    """Whether r followed by s has the lower s."""
    return is_low(int.from_bytes(signature[_INTEGER:], "big"))
