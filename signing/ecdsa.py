"""One spelling for each ECDSA signature: of the two values that fit, r and s or r and n - s, the lower s.

Anybody can turn the one into the other without the key, which would change a sealed file without breaking its seal.
"""

from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature


@dataclass(frozen=True)
class Curve:
    """A curve by its name in SEC 2: the order n of its base point, and how many bytes a number below n takes."""

    name: str
    order: int
    size: int

    def is_low(self, s: int) -> bool:
        """Whether this is the lower one of the two."""
        return s <= self.order // 2

    def with_low_s(self, signature: bytes) -> bytes:
        """The same signature (DER, Ecdsa-Sig-Value) with the lower s. Raises ValueError when it is not one."""
        r, s = decode_dss_signature(signature)
        return encode_dss_signature(r, s if self.is_low(s) else self.order - s)

    def plain(self, signature: bytes) -> bytes:
        """From DER to r followed by s, each `size` bytes (RFC 7518, 3.4)."""
        return b"".join(number.to_bytes(self.size, "big") for number in decode_dss_signature(signature))

    def is_plain_with_low_s(self, signature: bytes) -> bool:
        """Whether r followed by s has the lower s."""
        return self.is_low(int.from_bytes(signature[self.size :], "big"))


P256 = Curve("secp256r1", 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551, 32)
"""SP 800-186, 3.2.1.3."""
P384 = Curve(
    "secp384r1",
    0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973,
    48,
)
"""SP 800-186, 3.2.1.4."""
