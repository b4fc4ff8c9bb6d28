"""Our own keys towards the broker: some prove who we are, some open what is encrypted to us."""

import base64
import re
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from joserfc.jwk import ECKey, RSAKey

from app.oidc.config import ClientCertificate, Connection

SigningKey = RSAKey | ECKey
Chain = tuple[x509.Certificate, ...]

MINIMUM_RSA_BITS = 2048  # of a provider: its choice, and weaker ones are skipped
OWN_RSA_BITS = 3072  # 128 bits of strength (NIST SP 800-57 part 1, table 2; docs/cryptography.md)
_BLOCK = re.compile(r"-----BEGIN ((?:[A-Z]+ )*PRIVATE KEY)-----.*?-----END \1-----", re.DOTALL)


def load_signing_key(pem: str) -> SigningKey:
    """The key that signs client assertions. Raises ValueError unless RSA of 3072 bits or more, or EC P-256."""
    private = _load(pem)
    if isinstance(private, ec.EllipticCurvePrivateKey) and isinstance(private.curve, ec.SECP256R1):
        return ECKey.import_key(private)
    return _rsa(private)


def load_decryption_key(pem: str) -> RSAKey:
    """The key that opens userinfo and ID tokens. Raises ValueError unless RSA of 3072 bits or more."""
    return _rsa(_load(pem))


@dataclass(frozen=True)
class OwnKey:
    """`chain`: its certificates, leaf first, for whoever registers us by PKIoverheid (OAuth-NL, client keys); or empty."""

    key: SigningKey
    chain: Chain = ()

    def public(self, use: str) -> dict[str, Any]:
        algorithm = algorithm_of(self.key) if use == "sig" else "RSA-OAEP-256"
        return {**_public(self.key, use, algorithm), **_x5c(self.chain)}


@dataclass(frozen=True)
class OwnKeys:
    """The first key for signatures signs; every key for encryption opens. The others are there for a provider that does not
    know the first one yet, or not only. There is none for signatures where a certificate of the connection proves who we
    are."""

    for_signatures: tuple[OwnKey, ...]
    for_encryption: tuple[OwnKey, ...]

    @property
    def signing(self) -> SigningKey | None:
        return self.for_signatures[0].key if self.for_signatures else None

    @property
    def signing_chain(self) -> Chain:
        return self.for_signatures[0].chain if self.for_signatures else ()

    @property
    def openers(self) -> tuple[RSAKey, ...]:
        return tuple(own.key for own in self.for_encryption if isinstance(own.key, RSAKey))

    def public_jwks(self) -> dict[str, Any]:
        """What the provider must know of our keys. Holds no private part."""
        signatures = [own.public("sig") for own in self.for_signatures]
        return {"keys": [*signatures, *(own.public("enc") for own in self.for_encryption)]}

    def __repr__(self) -> str:
        return "OwnKeys(…)"


def load_keys(config: Connection) -> OwnKeys:
    """Everything that this connection needs. Raises ValueError when something cannot be used."""
    if config.client_certificate is not None:
        _check_certificate(config.client_certificate)
    keys = OwnKeys(
        _own_keys(config.signing_key_pem, load_signing_key, config.signing_certificates_pem),
        _own_keys(config.decryption_key_pem, load_decryption_key, config.decryption_certificates_pem),
    )
    if config.assertion_names_certificate and not keys.signing_chain:
        raise ValueError("the certificate of the log-in key that signs is not in its file")
    return keys


def encryption_keys(pem: str) -> OwnKeys:
    """Keys that only open what is encrypted to us. Raises ValueError."""
    return OwnKeys((), _own_keys(pem, load_decryption_key, None))


def private_key_blocks(pem: str) -> list[str]:
    """A file may hold several keys, one after the other. What is not a private key (parameters, remarks) is passed over."""
    return [match[0] for match in _BLOCK.finditer(pem)]


def _own_keys(
    pem: str | None, load: Callable[[str], SigningKey], certificates_pem: str | None
) -> tuple[OwnKey, ...]:
    keys = [] if pem is None else [load(block) for block in private_key_blocks(pem) or [pem]]
    chains = _load_chains(certificates_pem, keys)
    return tuple(OwnKey(key, chains.get(key.thumbprint(), ())) for key in keys)


def _load_chains(pem: str | None, keys: Sequence[SigningKey]) -> dict[str, Chain]:
    """By thumbprint of the key: the certificate of a key begins its chain."""
    chains: dict[str, Chain] = {}
    current = ""
    for certificate in [] if pem is None else _certificates(pem):
        own = [key for key in keys if certificate.public_key() == key.public_key]
        current = own[0].thumbprint() if own else current
        if not current:
            raise ValueError("the certificate of a log-in key belongs to another key")
        chains[current] = (*chains.get(current, ()), certificate)
    return chains


def _certificates(pem: str) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(pem.encode())
    except ValueError:
        raise ValueError("the certificate of a log-in key is not a readable PEM certificate") from None


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


@lru_cache(maxsize=16)
def _load(pem: str) -> object:
    """The settings are checked with the keys that are used later, and proving again that the numbers of an RSA key are prime
    takes a tenth of a second for each. What is kept here, every connection keeps anyway."""
    try:
        return load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        # The library's text may quote what it read: a private key.
        raise ValueError("the log-in key is not a readable PEM private key") from None


def _rsa(private: object) -> RSAKey:
    if not isinstance(private, rsa.RSAPrivateKey):
        raise ValueError("the log-in key is of the wrong kind")
    if private.key_size < OWN_RSA_BITS:
        raise ValueError(f"the log-in key is shorter than {OWN_RSA_BITS} bits")
    return RSAKey.import_key(private)
