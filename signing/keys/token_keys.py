"""Making a sealing key inside a token: it cannot be read out, and can do nothing but sign."""

import os
from typing import Any

from cryptography.hazmat.primitives.serialization import load_der_public_key

from signing.errors import KeyRefused, SigningError
from signing.key_kinds import KeyKind
from signing.keys.backend import KeyBackend, PublicKey
from signing.keys.certificates import CertificateChain, seals_or_refuse
from signing.keys.pkcs11 import Pkcs11Key, TokenKey
from signing.keys.token_module import TokenModule, TokenPlace, module_at


def create(place: TokenPlace, label: str, kind: KeyKind) -> PublicKey:
    """Make a key pair with this label; gives the public key. Raises KeyRefused, also when the label is in use."""
    module = module_at(place.library)
    import pkcs11

    try:
        with module.turn():
            der = _create(module, place, label, kind)
    except (pkcs11.PKCS11Error, SigningError) as error:
        raise KeyRefused(f"token {place.token_label!r}: no key was made ({error!r})") from error
    return seals_or_refuse(load_der_public_key(der), place.token_label)[0]


def backend(key: TokenKey, chain: CertificateChain) -> KeyBackend:
    """The key with a certificate that nobody has checked. Raises KeyRefused."""
    return Pkcs11Key(key, chain.certificate, chain.chain)


def _create(module: TokenModule, place: TokenPlace, label: str, kind: KeyKind) -> bytes:
    import pkcs11

    session = module.session(place, writable=True)
    wanted = {pkcs11.Attribute.CLASS: pkcs11.ObjectClass.PRIVATE_KEY, pkcs11.Attribute.LABEL: label}
    if any(True for _ in session.get_objects(wanted)):
        raise KeyRefused(f"token {place.token_label!r}: has a key {label!r} already; it is never overwritten")
    public_key, _ = _generate(session, kind, label)
    if kind.curve is None:
        return pkcs11.util.rsa.encode_rsa_public_key(public_key)
    return pkcs11.util.ec.encode_ec_public_key(public_key)


def _generate(session: Any, kind: KeyKind, label: str) -> Any:
    import pkcs11
    from pkcs11.util.ec import encode_named_curve_parameters

    options = {
        "id": os.urandom(16),
        "label": label,
        "store": True,
        "capabilities": pkcs11.MechanismFlag.SIGN | pkcs11.MechanismFlag.VERIFY,
        "private_template": {pkcs11.Attribute.SENSITIVE: True, pkcs11.Attribute.EXTRACTABLE: False},
    }
    if kind.curve is None:
        return session.generate_keypair(pkcs11.KeyType.RSA, kind.rsa_bits, **options)
    curve = {pkcs11.Attribute.EC_PARAMS: encode_named_curve_parameters(kind.curve.name)}
    parameters = session.create_domain_parameters(pkcs11.KeyType.EC, curve, local=True)
    return parameters.generate_keypair(**options)
