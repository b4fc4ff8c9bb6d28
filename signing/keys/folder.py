"""The key folder: all sealing keys of an installation, by name, and which of them seals now.

    FOLDER/actief                 one line: the name of the key that seals; replaced in one step
    FOLDER/NAME/public.pem        the public key, from the moment the key was made
    FOLDER/NAME/key.pem           the private key (PKCS#8, mode 0600); absent when it is in a token, with NAME as label
    FOLDER/NAME/certificate.pem   the seal certificate and what is between it and the root, once imported

A key and a certificate are never overwritten: a new certificate is for a new key.
"""

import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_public_key,
)

from signing.errors import KeyRefused
from signing.key_kinds import KeyKind
from signing.keys import token_keys
from signing.keys.backend import KeyBackend, PublicKey, Signer
from signing.keys.certificates import CertificateChain, is_same_key, read_chain, seals_or_refuse
from signing.keys.files import read
from signing.keys.pkcs11 import Pkcs11Signer, TokenKey, load_pkcs11_key
from signing.keys.software import SoftwareKey, SoftwareSigner, load_software_key, read_private_key
from signing.keys.token_module import TokenPlace

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_ACTIVE = "actief"


@dataclass(frozen=True)
class KeyFolder:
    """Methods raise KeyRefused with one line for the operator. `token`: where keys without a key file are."""

    folder: Path
    token: TokenPlace | None = None

    def names(self) -> tuple[str, ...]:
        """All keys."""
        return tuple(sorted(file.parent.name for file in self.folder.glob("[!.]*/public.pem")))

    def active(self) -> str | None:
        """The key that seals now; None when none was chosen yet."""
        file = self.folder / _ACTIVE
        return read(file).decode("utf-8", "replace").strip() if file.exists() else None

    def stamp(self) -> object:
        """Something that differs once another key is active; reads no file. None: no key is active."""
        try:
            state = (self.folder / _ACTIVE).stat()
        except OSError:
            return None
        return state.st_ino, state.st_mtime_ns

    def create(self, name: str, kind: KeyKind, *, in_token: bool = False) -> Path:
        """Make a key; gives its folder. Whole or not at all."""
        if not _NAME.fullmatch(name):
            raise KeyRefused(f"{name!r}: a name has at most 40 small letters, digits and hyphens")
        if (self.folder / name).exists():
            raise KeyRefused(f"{self.folder / name}: is there already; a key is never overwritten")
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=self.folder, prefix=".nieuw-") as new:
                self._fill(Path(new), name, kind, in_token=in_token)
                (Path(new) / "whole").rename(self.folder / name)
        except OSError as error:
            raise KeyRefused(f"{self.folder / name}: {error.strerror}") from error
        return self.folder / name

    def _fill(self, new: Path, name: str, kind: KeyKind, *, in_token: bool) -> None:
        whole = new / "whole"
        whole.mkdir(mode=0o700)
        public_key: PublicKey
        if in_token:
            public_key = token_keys.create(self._token(), name, kind)
        else:
            private_key = _new_key(kind)
            pem = private_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            _write(whole / "key.pem", pem, 0o600)
            public_key = private_key.public_key()
        _write(whole / "public.pem", public_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))

    def signer(self, name: str) -> Signer:
        """The key, also before it has a certificate."""
        place = self._place(name)
        public_key = self.public_key(name)
        if not (place / "key.pem").exists():
            return Pkcs11Signer(TokenKey(self._token(), name), public_key)
        private_key = read_private_key(place / "key.pem")
        if not is_same_key(private_key.public_key(), public_key):
            raise KeyRefused(f"{place}: key.pem and public.pem do not belong together")
        return SoftwareSigner(private_key)

    def public_key(self, name: str) -> PublicKey:
        """The public key, without touching the private one."""
        file = self._place(name) / "public.pem"
        try:
            return seals_or_refuse(load_pem_public_key(read(file)), file)[0]
        except ValueError as error:
            raise KeyRefused(f"{file}: not a public key in PEM") from error

    def certificate(self, name: str | None = None) -> CertificateChain:
        """The certificate of a key, or of the active one."""
        return read_chain(self._place(name or self._active()) / "certificate.pem")

    def load(self, name: str | None = None, *, at_any_time: bool = False) -> KeyBackend:
        """A key with its certificate, both checked; None: the active one. `at_any_time`: see `check_certificate`."""
        name = name or self._active()
        place = self._place(name)
        if (place / "key.pem").exists():
            return load_software_key(place / "key.pem", place / "certificate.pem", at_any_time=at_any_time)
        token_key = TokenKey(self._token(), name)
        return load_pkcs11_key(token_key, place / "certificate.pem", at_any_time=at_any_time)

    def with_certificate(self, name: str, chain: CertificateChain) -> KeyBackend:
        """The key with a certificate that is not kept yet. Only its belonging together is checked."""
        place = self._place(name)
        if not is_same_key(self.public_key(name), chain.certificate.public_key()):
            raise KeyRefused(f"{place}: this certificate belongs to another key")
        if (place / "key.pem").exists():
            return SoftwareKey(read_private_key(place / "key.pem"), chain.certificate, chain.chain)
        return token_keys.backend(TokenKey(self._token(), name), chain)

    def keep_certificate(self, name: str, chain: CertificateChain) -> Path:
        """Write the certificate of a key that has none yet."""
        file = self._place(name) / "certificate.pem"
        pem = b"".join(one.public_bytes(Encoding.PEM) for one in (chain.certificate, *chain.chain))
        temporary = file.with_name(f".{file.name}.new")
        try:
            _write(temporary, pem)
            os.link(temporary, file)  # fails when there is one, also when it came just now
        except FileExistsError as error:
            raise KeyRefused(f"{file}: this key has a certificate already; make a new key") from error
        except OSError as error:
            raise KeyRefused(f"{file}: {error.strerror}") from error
        finally:
            temporary.unlink(missing_ok=True)
        return file

    def activate(self, name: str) -> None:
        """From now on this key seals: one step, whoever reads meanwhile sees the old or the new name."""
        self._place(name)
        temporary = self.folder / f".{_ACTIVE}.new"
        try:
            _write(temporary, f"{name}\n".encode())
            temporary.replace(self.folder / _ACTIVE)
        except OSError as error:
            raise KeyRefused(f"{self.folder / _ACTIVE}: {error.strerror}") from error

    def _active(self) -> str:
        name = self.active()
        if name is None:
            raise KeyRefused(f"{self.folder}: no key is active yet; use: blauwe-knop keys rotate NAME")
        return name

    def _place(self, name: str) -> Path:
        if not _NAME.fullmatch(name) or name not in self.names():
            known = ", ".join(self.names()) or "none"
            raise KeyRefused(f"{self.folder}: there is no key {name!r}; there is: {known}")
        return self.folder / name

    def _token(self) -> TokenPlace:
        if self.token is None:
            raise KeyRefused(f"{self.folder}: for keys in a token the settings need a table [seal.pkcs11]")
        return self.token


def _new_key(kind: KeyKind) -> ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey:
    if kind.curve is None:
        return rsa.generate_private_key(public_exponent=65537, key_size=kind.rsa_bits)
    return ec.generate_private_key(ec.SECP256R1() if kind is KeyKind.P256 else ec.SECP384R1())


def _write(file: Path, content: bytes, mode: int = 0o644) -> None:
    """A file that is on disk when this returns, and that nobody else could read in between."""
    file.unlink(missing_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(descriptor)
