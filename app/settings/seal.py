"""The table [seal]: where the sealing key is. In one of three places, and in a token or not."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from cryptography import x509
from pydantic import Field, StringConstraints, model_validator

from app.settings.kinds import FilePath, FolderPath, ListAddress, Part, SecretFile, Text, WebAddress
from signing.keys.backend import KeyBackend
from signing.keys.certificates import CertificateChain, read_chain
from signing.keys.files import read_certificates
from signing.keys.folder import KeyFolder
from signing.keys.pkcs11 import TokenKey, load_pkcs11_key
from signing.keys.software import load_pkcs12_key, load_software_key
from signing.keys.token_module import TokenPlace

_MEMBERS = ("key_folder", "key_file", "certificate_file", "chain_file", "pkcs12_file", "password_file")
_PLACES = {
    frozenset(place.split(" + "))
    for place in (
        "key_folder",
        "key_folder + token",
        "key_file + certificate_file",
        "key_file + certificate_file + chain_file",
        "certificate_file + token key",
        "certificate_file + chain_file + token key",
        "pkcs12_file + password_file",
    )
}


class TokenSettings(Part):
    """A hardware module. `key_label` and `key_id` (hexadecimal) say which key, unless a key folder does."""

    library: FilePath
    token_label: Text
    pin_file: SecretFile
    key_label: Text | None = None
    key_id: Annotated[str, StringConstraints(pattern=r"^([0-9a-fA-F]{2}){1,64}$")] | None = None

    @property
    def place(self) -> TokenPlace:
        return TokenPlace(self.library, self.token_label, self.pin_file)


class SealSettings(Part):
    """`key_folder` (kept by `blauwe-knop keys`), or `certificate_file` with `key_file` or a key in the token, or
    `pkcs12_file` with `password_file`. See docs/keys.md.

    `tsa_url`: time-stamps (level B-T); `long_term`: revocation lists in the document too (B-LT), none older than
    `revocation_max_minutes`. They come from the addresses in the certificates and `revocation_urls`. See docs/sealing.md.
    """

    key_folder: FolderPath | None = None
    key_file: SecretFile | None = None
    certificate_file: FilePath | None = None
    chain_file: FilePath | None = None
    pkcs12_file: SecretFile | None = None
    password_file: SecretFile | None = None
    pkcs11: TokenSettings | None = None

    tsa_url: WebAddress | None = None
    tsa_ca_file: FilePath | None = None
    long_term: bool = True
    revocation_urls: tuple[ListAddress, ...] = ()
    revocation_max_minutes: Annotated[float, Field(gt=0, le=10_080)] = 60

    @property
    def revocation_max_age(self) -> timedelta:
        return timedelta(minutes=self.revocation_max_minutes)

    @model_validator(mode="after")
    def _one_place(self) -> SealSettings:
        if self._stated() not in _PLACES:
            raise ValueError(
                "needs key_folder, or key_file and certificate_file, or pkcs12_file and password_file, or"
                " certificate_file and a key_label or key_id in [seal.pkcs11]; and not more than one of these"
            )
        return self

    def _stated(self) -> frozenset[str]:
        """What is said about the place; the token counts where it names a key."""
        stated = {name for name in _MEMBERS if getattr(self, name) is not None}
        if self.pkcs11 is not None:
            stated.add("token key" if self.pkcs11.key_label or self.pkcs11.key_id else "token")
        return frozenset(stated)

    @property
    def folder(self) -> KeyFolder | None:
        """The key folder, when that is how keys are kept here."""
        place = None if self.pkcs11 is None else self.pkcs11.place
        return None if self.key_folder is None else KeyFolder(self.key_folder, place)

    def load(self, *, at_any_time: bool = False) -> KeyBackend:
        """The key that seals now. Raises KeyRefused. `at_any_time`: also when its certificate is not valid now."""
        folder = self.folder
        if folder is not None:
            return folder.load(at_any_time=at_any_time)
        if self.pkcs12_file is not None and self.password_file is not None:
            return load_pkcs12_key(self.pkcs12_file, self.password_file, at_any_time=at_any_time)
        assert self.certificate_file is not None  # noqa: S101 -- by the validator above
        if self.pkcs11 is not None:
            id_ = bytes.fromhex(self.pkcs11.key_id or "")
            key = TokenKey(self.pkcs11.place, self.pkcs11.key_label, id_ or None)
            return load_pkcs11_key(key, self.certificate_file, self.chain_file, at_any_time=at_any_time)
        assert self.key_file is not None  # noqa: S101 -- by the validator above
        return load_software_key(
            self.key_file, self.certificate_file, self.chain_file, at_any_time=at_any_time
        )

    def stamp(self) -> object:
        """Something that differs once another key is active; always the same without a key folder."""
        return None if self.key_folder is None else KeyFolder(self.key_folder).stamp()

    def certificate(self) -> x509.Certificate:
        """The certificate alone: what is wrong with its chain does not matter here. Raises KeyRefused."""
        if self.certificate_file is not None:
            return read_certificates(self.certificate_file)[0]
        return self.chain().certificate

    def chain(self) -> CertificateChain:
        """The certificate of that key, with its chain; no private key is touched unless both are in one file.

        Raises KeyRefused.
        """
        folder = self.folder
        if folder is not None:
            return folder.certificate()
        if self.certificate_file is not None:
            return read_chain(self.certificate_file, self.chain_file)
        key = self.load()
        return CertificateChain(key.certificate, key.chain)
