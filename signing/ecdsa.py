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
_P521 = Curve(
    "secp521r1",
    int(
        "01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709"
        "a5d03bb5c9b8899c47aebb6fb71e91386409",
        16,
    ),
    66,
)
_BRAINPOOL = (
    Curve("brainpoolp256r1", 0xA9FB57DBA1EEA9BC3E660A909D838D718C397AA3B561A6F7901E0E82974856A7, 32),
    Curve(
        "brainpoolp384r1",
        0x8CB91E82A3386D280F5D6F7E50E641DF152F7109ED5456B31F166E6CAC0425A7CF3AB6AF6B7FC3103B883202E9046565,
        48,
    ),
    Curve(
        "brainpoolp512r1",
        int(
            "aadd9db8dbe9c48b3fd4e6ae33c9fc07cb308db3b3c9d20ed6639cca70330870553e5c414ca92619418661197fac1047"
            "1db1d381085ddaddb58796829ca90069",
            16,
        ),
        64,
    ),
)
"""RFC 5639, 3; authorities in several EU countries use them."""
_BY_NAME = {curve.name: curve for curve in (P256, P384, _P521, *_BRAINPOOL)}


def curve_of_authority(name: str) -> Curve | None:
    """The curve of a key that signs certificates or time-stamps; None when no authority that we know of uses it."""
    return _BY_NAME.get(name.lower())
