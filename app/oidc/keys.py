"""Our own two keys towards the broker: one proves who we are, one opens what is encrypted to us."""

import base64
import ssl
from dataclasses import dataclass
from typing import Any

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from joserfc.jwk import ECKey, RSAKey

from app.oidc.config import ClientCertificate, Connection

SigningKey = RSAKey | ECKey
Chain = tuple[x509.Certificate, ...]

MINIMUM_RSA_BITS = 2048


def load_signing_key(pem: str) -> SigningKey:
    """The key that signs client assertions. Raises ValueError unless RSA of 2048 bits or more, or EC P-256."""
    private = _load(pem)
    if isinstance(private, ec.EllipticCurvePrivateKey) and isinstance(private.curve, ec.SECP256R1):
        return ECKey.import_key(private)
    return _rsa(private)


def load_decryption_key(pem: str) -> RSAKey:
    """The key that opens userinfo and ID tokens. Raises ValueError unless RSA of 2048 bits or more."""
    return _rsa(_load(pem))


@dataclass(frozen=True)
class OwnKeys:
    """`signing` is None where a certificate of the connection proves who we are. The chains are the certificates of these
    keys, leaf first, for whoever registers us by PKIoverheid (OAuth-NL, client keys); or empty."""

    signing: SigningKey | None
    decryption: RSAKey | None
    signing_chain: Chain = ()
    decryption_chain: Chain = ()

    def public_jwks(self) -> dict[str, Any]:
        """What the provider must know of our keys. Holds no private part."""
        jwks = public_jwks(self.signing, self.decryption)
        chains = {"sig": self.signing_chain, "enc": self.decryption_chain}
        return {"keys": [{**key, **_x5c(chains[key["use"]])} for key in jwks["keys"]]}

    def __repr__(self) -> str:
        return "OwnKeys(…)"


def load_keys(config: Connection) -> OwnKeys:
    """Everything that this connection needs. Raises ValueError when something cannot be used."""
    if config.client_certificate is not None:
        _check_certificate(config.client_certificate)
    signing = None if config.signing_key_pem is None else load_signing_key(config.signing_key_pem)
    pem = config.decryption_key_pem
    decryption = None if pem is None else load_decryption_key(pem)
    return OwnKeys(
        signing,
        decryption,
        _load_chain(config.signing_certificates_pem, signing),
        _load_chain(config.decryption_certificates_pem, decryption),
    )


def _load_chain(pem: str | None, key: SigningKey | None) -> Chain:
    if pem is None:
        return ()
    try:
        chain = tuple(x509.load_pem_x509_certificates(pem.encode()))
    except ValueError:
        raise ValueError("the certificate of a log-in key is not a readable PEM certificate") from None
    if key is None or chain[0].public_key() != key.public_key:
        raise ValueError("the certificate of a log-in key belongs to another key")
    return chain


def _x5c(chain: Chain) -> dict[str, list[str]]:
    """RFC 7517, 4.7: base64 of DER, not base64url."""
    ders = [certificate.public_bytes(Encoding.DER) for certificate in chain]
    return {"x5c": [base64.b64encode(der).decode() for der in ders]} if ders else {}


def _check_certificate(certificate: ClientCertificate) -> None:
    """Raises ValueError unless the certificate and the key for mTLS can be read and belong together."""
    try:
        ssl.create_default_context().load_cert_chain(
            certificate.certificate_file, certificate.key_file, password=lambda: ""
        )
    except (OSError, ValueError):
        raise ValueError("the log-in certificate and its key cannot be used together") from None


def algorithm_of(key: SigningKey) -> str:
    """The signature algorithm (RFC 7518) that we use with this key."""
    return "PS256" if isinstance(key, RSAKey) else "ES256"


def public_jwks(signing: SigningKey | None, decryption: RSAKey | None) -> dict[str, Any]:
    """What the broker must know of our keys, as a JWK set to register there. Holds no private part."""
    keys = [] if signing is None else [_public(signing, "sig", algorithm_of(signing))]
    if decryption is not None:
        keys.append(_public(decryption, "enc", "RSA-OAEP-256"))
    return {"keys": keys}


def _public(key: SigningKey, use: str, algorithm: str) -> dict[str, Any]:
    return {**key.as_dict(private=False), "kid": key.thumbprint(), "use": use, "alg": algorithm}


def _load(pem: str) -> object:
    try:
        return load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        # The library's text may quote what it read: a private key.
        raise ValueError("the log-in key is not a readable PEM private key") from None


def _rsa(private: object) -> RSAKey:
    if not isinstance(private, rsa.RSAPrivateKey):
        raise ValueError("the log-in key is of the wrong kind")
    if private.key_size < MINIMUM_RSA_BITS:
        raise ValueError("the log-in key is shorter than 2048 bits")
    return RSAKey.import_key(private)
