"""The kinds of keys that seal: exactly these four are made, loaded, used and recognised.

    kind                 in a CMS (PDF)              in a JWS (JSON)
    P-256                ECDSA with SHA-256          ES256
    P-384                ECDSA with SHA-256          ES384 (hashes with SHA-384: RFC 7518, 3.4)
    RSA-3072, RSA-4096   PKCS#1 v1.5 with SHA-256    PS256 (PSS, MGF1 with SHA-256, salt of 32 bytes: RFC 7518, 3.5)

A CMS hashes with SHA-256 whatever the key is: the hash of the document and that of the signature must be the same
(RFC 8933), and the document is hashed before anybody asks for a key.
"""

from enum import Enum

from cryptography.hazmat.primitives.asymmetric import ec, rsa

from signing.ecdsa import P256, P384, Curve


class KeyKind(Enum):
    """A kind of key, by the name that operators use."""

    P256 = "P-256"
    P384 = "P-384"
    RSA3072 = "RSA-3072"
    RSA4096 = "RSA-4096"

    @property
    def curve(self) -> Curve | None:
        """None for RSA."""
        return _CURVES.get(self)

    @property
    def rsa_bits(self) -> int:
        """Size of the modulus in bits; 0 for a curve."""
        return _RSA_BITS.get(self, 0)

    @property
    def jws_algorithm(self) -> str:
        """`alg` in a JWS."""
        return _JWS.get(self, "PS256")

    @property
    def largest_signature(self) -> int:
        """Bytes of the longest signature in a CMS: two numbers with their headers, or the size of the modulus."""
        curve = self.curve
        return self.rsa_bits // 8 if curve is None else 2 * (curve.size + 3) + 2


_CURVES = {KeyKind.P256: P256, KeyKind.P384: P384}
_RSA_BITS = {KeyKind.RSA3072: 3072, KeyKind.RSA4096: 4096}
_JWS = {KeyKind.P256: "ES256", KeyKind.P384: "ES384"}
JWS_ALGORITHMS = frozenset(kind.jws_algorithm for kind in KeyKind)


def kind_of(public_key: object) -> KeyKind | None:
    """The kind of a public key of the library `cryptography`; None when it does not seal."""
    if isinstance(public_key, ec.EllipticCurvePublicKey):
        return next((kind for kind, curve in _CURVES.items() if curve.name == public_key.curve.name), None)
    if isinstance(public_key, rsa.RSAPublicKey):
        return next((kind for kind, bits in _RSA_BITS.items() if bits == public_key.key_size), None)
    return None
