"""Whom we trust: configured roots and a pinned organisation number, never what a file brings along.

A trust folder has one folder per organisation:

    FOLDER/gemeente-voorbeeld/organisatie.toml     naam = "Gemeente Voorbeeld", organisatie_id = "NTRNL-90000001"
    FOLDER/gemeente-voorbeeld/*.pem                the roots below which its seal certificate must lie
    FOLDER/gemeente-voorbeeld/*.crl                revocation lists (DER or PEM), optional
    FOLDER/gemeente-voorbeeld/zegels/*.pem         seal certificates by fingerprint, for people; trust comes from the root
    FOLDER/gemeente-voorbeeld/tijdstempel/*.pem    the authorities below which its time-stamps must lie, optional
    FOLDER/gemeente-voorbeeld/tijdstempel/*.crl    their revocation lists, optional

`organisatie_id` is the `organizationIdentifier` (OID 2.5.4.97, ETSI EN 319 412-1, 5.1.4) in the certificate's subject.
"""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from signing.errors import TrustRefused

_Parsed = TypeVar("_Parsed")
_MEMBERS = {"naam", "organisatie_id"}
TIME_STAMPS = "tijdstempel"


@dataclass(frozen=True)
class TrustedOrganisation:
    """One organisation whose seals we vouch for. Certificates and revocation lists are DER.

    Without `time_stamp_roots` no time-stamp of this organisation proves anything.
    """

    name: str
    organization_identifier: str
    roots: tuple[bytes, ...] = field(repr=False)
    crls: tuple[bytes, ...] = field(default=(), repr=False)
    time_stamp_roots: tuple[bytes, ...] = field(default=(), repr=False)
    time_stamp_crls: tuple[bytes, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class TrustPolicy:
    """All trusted organisations. An empty policy trusts nobody."""

    organisations: frozenset[TrustedOrganisation]


def load_trust(folder: Path) -> TrustPolicy:
    """Read a trust folder.

    Raises:
        TrustRefused: folder, file or content is missing or wrong, or two organisations share a number.
    """
    if not folder.is_dir():
        raise TrustRefused(f"{folder}: no such folder with trusted organisations")
    organisations = [_organisation(entry) for entry in entries_in(folder)]
    if not organisations:
        raise TrustRefused(f"{folder}: no organisation in it (expected NAME/organisatie.toml)")
    identifiers = [organisation.organization_identifier for organisation in organisations]
    if len(set(identifiers)) != len(identifiers):
        raise TrustRefused(f"{folder}: two organisations have the same organisatie_id")
    return TrustPolicy(frozenset(organisations))


def entries_in(folder: Path) -> list[Path]:
    """The folders of organisations. Names with a point in front are somebody else's: half-made entries, and what
    container platforms put into a mounted folder (`..data`)."""
    return [one for one in sorted(folder.iterdir()) if one.is_dir() and not one.name.startswith(".")]


def folder_of(folder: Path, organization_identifier: str) -> Path:
    """The entry of one organisation in a trust folder. Raises TrustRefused."""
    for entry in entries_in(folder):
        if _description(entry / "organisatie.toml")[1] == organization_identifier:
            return entry
    raise TrustRefused(f"{folder}: no organisation {organization_identifier} in it")


def _organisation(entry: Path) -> TrustedOrganisation:
    name, identifier = _description(entry / "organisatie.toml")
    roots, crls = _anchors(entry)
    if not roots:
        raise TrustRefused(f"{entry}: no root certificate (*.pem)")
    return TrustedOrganisation(name, identifier, roots, crls, *_anchors(entry / TIME_STAMPS))


def _anchors(folder: Path) -> tuple[tuple[bytes, ...], tuple[bytes, ...]]:
    """Roots and revocation lists in a folder; none when there is no such folder."""
    roots = tuple(root for file in sorted(folder.glob("*.pem")) for root in _roots(file))
    return roots, tuple(_crl(file) for file in sorted(folder.glob("*.crl")))


def _description(file: Path) -> tuple[str, str]:
    try:
        members = tomllib.loads(_read(file).decode("utf-8"))
    except ValueError as error:
        raise TrustRefused(f"{file}: not readable as TOML: {error}") from error
    if set(members) != _MEMBERS:
        raise TrustRefused(f"{file}: needs exactly naam and organisatie_id, has {sorted(members)}")
    name, identifier = members["naam"], members["organisatie_id"]
    if not all(isinstance(value, str) and value.strip() for value in (name, identifier)):
        raise TrustRefused(f"{file}: naam and organisatie_id must be texts that are not empty")
    return name, identifier


def _roots(file: Path) -> list[bytes]:
    certificates = _parse(file, x509.load_pem_x509_certificates)
    for certificate in certificates:
        try:
            constraints = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value
        except (x509.ExtensionNotFound, ValueError) as error:
            raise TrustRefused(f"{file}: a root must be a certificate authority") from error
        if not constraints.ca:
            raise TrustRefused(f"{file}: a root must be a certificate authority")
    return [certificate.public_bytes(Encoding.DER) for certificate in certificates]


def _crl(file: Path) -> bytes:
    is_pem = _read(file).lstrip().startswith(b"-----BEGIN")
    crl = _parse(file, x509.load_pem_x509_crl if is_pem else x509.load_der_x509_crl)
    return crl.public_bytes(Encoding.DER)


def _parse(file: Path, parser: Callable[[bytes], _Parsed]) -> _Parsed:
    try:
        return parser(_read(file))
    except ValueError as error:
        raise TrustRefused(f"{file}: not readable: {error}") from error


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise TrustRefused(f"{file}: {error.strerror}") from error
