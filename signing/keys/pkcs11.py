"""A sealing key in a hardware module (PKCS#11); tried with SoftHSM2 2.6.1.

The key is looked up once and used by its handle. When the token went away, everything is opened anew, once; when that
fails too the caller gets a SigningError, and the next document tries again. Each time the key was opened it must make a
signature that fits the certificate: another key never seals.
"""

import hashlib
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from signing.errors import KeyRefused, SigningError
from signing.keys.backend import Scheme, fits_key
from signing.keys.certificates import check_certificate, read_chain, seals_or_refuse
from signing.keys.token_module import TokenModule, TokenPlace, module_at

_log = logging.getLogger(__name__)
_TRIAL = b"blauwe-knop: does this key belong to its certificate?"


@dataclass(frozen=True)
class TokenKey:
    """Which private key: on what token, by its label, its id (any bytes) or both."""

    place: TokenPlace
    label: str | None = None
    id: bytes | None = None

    def __str__(self) -> str:
        name = f"label {self.label!r}" if self.label else f"id {(self.id or b'').hex()}"
        return f"token {self.place.token_label!r}, key with {name}"


class Pkcs11Signer:
    """A `Signer` around a key that never leaves its token; `public_key` says which one it must be."""

    def __init__(self, key: TokenKey, public_key: object) -> None:
        self._key = key
        self._module = module_at(key.place.library)
        self._beginning = -1
        self._handle: Any = None  # a private key; the stubs of python-pkcs11 do not say that it signs
        self.public_key, self.kind = seals_or_refuse(public_key, key)

    def sign(self, data: bytes, scheme: Scheme) -> bytes:
        """See `Signer.sign`. Raises SigningError, with one line for the operator."""
        if not scheme.fits(self.kind):
            raise SigningError(f"a key of kind {self.kind.value} cannot sign with {scheme.name}")
        with self._module.turn():
            return self._sign_or_reopen(data, scheme)

    def _sign_or_reopen(self, data: bytes, scheme: Scheme) -> bytes:
        import pkcs11

        try:
            return _sign(self._opened(), data, scheme)
        except pkcs11.PKCS11Error as error:
            _log.warning("the token failed, opening it again", extra={"kind": type(error).__name__})
        try:
            self._module.restart()
            return _sign(self._opened(), data, scheme)
        except pkcs11.PKCS11Error as error:
            self._handle = None
            reason = f"{type(error).__name__} {error}".strip()
            raise SigningError(f"{self._key}: cannot be used now ({reason})") from error

    def _opened(self) -> Any:
        if self._handle is None or self._beginning != self._module.beginning:
            handle = find_private_key(self._module, self._key)
            self._refuse_other_key(handle)
            self._handle, self._beginning = handle, self._module.beginning
        return self._handle

    def _refuse_other_key(self, handle: Any) -> None:
        scheme = Scheme.RSA_PKCS1 if self.kind.curve is None else Scheme.ECDSA_SHA256
        if not fits_key(self.public_key, _TRIAL, _sign(handle, _TRIAL, scheme)):
            raise SigningError(f"{self._key}: this key does not belong to the certificate")


class Pkcs11Key(Pkcs11Signer):
    """A `KeyBackend` around such a key. Use `load_pkcs11_key`, which also checks it."""

    def __init__(
        self, key: TokenKey, certificate: x509.Certificate, chain: tuple[x509.Certificate, ...] = ()
    ) -> None:
        super().__init__(key, certificate.public_key())
        self.certificate = certificate
        self.chain = chain


def find_private_key(module: TokenModule, key: TokenKey) -> Any:
    """The key; for who has the turn. Raises an error of the library."""
    import pkcs11

    session = module.session(key.place)
    return session.get_key(object_class=pkcs11.ObjectClass.PRIVATE_KEY, label=key.label, id=key.id)


def load_pkcs11_key(
    key: TokenKey, certificate_file: Path, chain_file: Path | None = None, *, at_any_time: bool = False
) -> Pkcs11Key:
    """Open and check a key in a token, with its certificates in PEM. `at_any_time`: see `check_certificate`.

    Raises:
        KeyRefused: a file is not readable; the key is not in the token, or belongs to another certificate; the
            certificate may not seal now.
    """
    found = read_chain(certificate_file, chain_file)
    check_certificate(found.certificate, certificate_file, at_any_time=at_any_time)
    opened = Pkcs11Key(key, found.certificate, found.chain)
    try:
        opened.sign(_TRIAL, Scheme.RSA_PKCS1 if opened.kind.curve is None else Scheme.ECDSA_SHA256)
    except SigningError as error:
        raise KeyRefused(str(error)) from error
    return opened


def _sign(key: Any, data: bytes, scheme: Scheme) -> bytes:
    """As `KeyBackend.sign`. Raw ECDSA over a digest of our own: SoftHSM2 has no other, and every module has it."""
    from pkcs11 import MGF, Mechanism

    if scheme is Scheme.RSA_PKCS1:
        return bytes(key.sign(data, mechanism=Mechanism.SHA256_RSA_PKCS))
    if scheme is Scheme.RSA_PSS:
        pss = (Mechanism.SHA256, MGF.SHA256, hashlib.sha256().digest_size)
        return bytes(key.sign(data, mechanism=Mechanism.SHA256_RSA_PKCS_PSS, mechanism_param=pss))
    digest = hashlib.new("sha384" if scheme is Scheme.ECDSA_SHA384 else "sha256", data).digest()
    plain = key.sign(digest, mechanism=Mechanism.ECDSA)
    half = len(plain) // 2
    return encode_dss_signature(int.from_bytes(plain[:half], "big"), int.from_bytes(plain[half:], "big"))
