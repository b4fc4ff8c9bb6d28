"""Whose a published key is, by its certificate: OAuth-NL, "signed with the use of a PKIoverheid certificate with OIN"."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.x509.oid import NameOID
from cryptography.x509.verification import ExtensionPolicy, PolicyBuilder, Store, VerificationError
from joserfc.jwk import Key

_LONGEST_CHAIN = 6


@dataclass(frozen=True)
class Owner:
    """The organisation with this OIN, for whom one of these authorities vouches."""

    oin: str
    authorities: tuple[x509.Certificate, ...]


def load_authorities(pem: str) -> tuple[x509.Certificate, ...]:
    """Raises ValueError."""
    try:
        return tuple(x509.load_pem_x509_certificates(pem.encode()))
    except ValueError:
        raise ValueError("the authorities of an issuer are not readable PEM certificates") from None


def keys_of(owner: Owner, keys: Sequence[Key], now: datetime) -> tuple[Key, ...]:
    """Those keys whose certificate (`x5c`, RFC 7517, section 4.7) is for this key and this owner, and good now."""
    return tuple(key for key in keys if _is_of(owner, key, now))


def _is_of(owner: Owner, key: Key, now: datetime) -> bool:
    chain = _chain(key.get("x5c"))
    if not chain or chain[0].public_key() != getattr(key, "public_key", None):
        return False
    numbers = [one.value for one in chain[0].subject.get_attributes_for_oid(NameOID.SERIAL_NUMBER)]
    return numbers == [owner.oin] and _is_trusted(owner, chain, now)


def _chain(stated: object) -> list[x509.Certificate]:
    """Leaf first; empty when anything in it cannot be read."""
    if not isinstance(stated, list) or not 1 <= len(stated) <= _LONGEST_CHAIN:
        return []
    try:
        return [x509.load_der_x509_certificate(base64.b64decode(one, validate=True)) for one in stated]
    except (TypeError, ValueError, binascii.Error):
        return []


def _is_trusted(owner: Owner, chain: Sequence[x509.Certificate], now: datetime) -> bool:
    """RFC 5280. The certificate of a signature has no name of a host, and no purpose that TLS knows."""
    policy = PolicyBuilder().store(Store(list(owner.authorities))).time(now)
    extensions = policy.extension_policies(
        ca_policy=ExtensionPolicy.webpki_defaults_ca(), ee_policy=ExtensionPolicy.permit_all()
    )
    try:
        extensions.build_client_verifier().verify(chain[0], list(chain[1:]))
    except VerificationError:
        return False
    return True
