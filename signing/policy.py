"""Whom we trust: configured roots and a pinned organisation number, never what a file brings along.

A trust folder has one folder per organisation:

    FOLDER/gemeente-voorbeeld/organisatie.toml     naam = "Gemeente Voorbeeld", organisatie_id = "NTRNL-90000001"
    FOLDER/gemeente-voorbeeld/*.pem                the roots below which its seal certificate must lie
    FOLDER/gemeente-voorbeeld/*.crl                revocation lists (DER or PEM), optional
    FOLDER/gemeente-voorbeeld/zegels/*.pem         seal certificates by fingerprint, for people; trust comes from the root
    FOLDER/gemeente-voorbeeld/tijdstempel/*.pem    the authorities below which its time-stamps must lie, optional
    FOLDER/gemeente-voorbeeld/tijdstempel/*.crl    their revocation lists, optional

Or everything in one file, for whoever only verifies; files of several organisations may be pasted together:

    [[organisaties]]
    naam = "Gemeente Voorbeeld"
    organisatie_id = "NTRNL-90000001"
    wortels = ''' certificates in PEM '''
    lijsten, tijdstempel, tijdstempel_lijsten = the same for the rest, optional

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
_PEM_MEMBERS = {"wortels", "lijsten", "tijdstempel", "tijdstempel_lijsten"}
TIME_STAMPS = "tijdstempel"
_CRL_END = b"-----END X509 CRL-----"


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


def load_trust(place: Path) -> TrustPolicy:
    """Read a trust folder, or a trust file.

    Raises:
        TrustRefused: folder, file or content is missing or wrong, or two organisations share a number.
    """
    organisations = _in_file(place) if place.is_file() else _in_folder(place)
    identifiers = [organisation.organization_identifier for organisation in organisations]
    if len(set(identifiers)) != len(identifiers):
        raise TrustRefused(f"{place}: two organisations have the same organisatie_id")
    return TrustPolicy(frozenset(organisations))


def _in_folder(folder: Path) -> list[TrustedOrganisation]:
    if not folder.is_dir():
        raise TrustRefused(f"{folder}: no such folder or file with trusted organisations")
    organisations = [_organisation(entry) for entry in entries_in(folder)]
    if not organisations:
        raise TrustRefused(f"{folder}: no organisation in it (expected NAME/organisatie.toml)")
    return organisations


def _in_file(file: Path) -> list[TrustedOrganisation]:
    tables = _toml(file).get("organisaties")
    if not isinstance(tables, list) or not tables:
        raise TrustRefused(f"{file}: no organisation in it (expected [[organisaties]])")
    return [_stated(file, table) for table in tables]


def _stated(file: Path, table: object) -> TrustedOrganisation:
    if not isinstance(table, dict) or not table.keys() <= _MEMBERS | _PEM_MEMBERS:
        raise TrustRefused(f"{file}: an organisation may have only {sorted(_MEMBERS | _PEM_MEMBERS)}")
    name, identifier = _named(file, {key: table[key] for key in table.keys() & _MEMBERS})
    content = {key: _pem(file, table, key) for key in _PEM_MEMBERS}
    if not content["wortels"]:
        raise TrustRefused(f"{file}: {name} has no root certificate (wortels)")
    return TrustedOrganisation(
        name,
        identifier,
        tuple(_roots(file, content["wortels"])),
        tuple(_crls(file, content["lijsten"])),
        tuple(_roots(file, content["tijdstempel"])) if content["tijdstempel"] else (),
        tuple(_crls(file, content["tijdstempel_lijsten"])),
    )


def _pem(file: Path, table: dict[str, object], key: str) -> bytes:
    text = table.get(key, "")
    if not isinstance(text, str) or (key in table and not text.isascii()):
        raise TrustRefused(f"{file}: {key} must be text in PEM")
    return text.encode("ascii")


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
    roots = tuple(root for file in sorted(folder.glob("*.pem")) for root in _roots(file, _read(file)))
    return roots, tuple(_crl(file) for file in sorted(folder.glob("*.crl")))


def _description(file: Path) -> tuple[str, str]:
    return _named(file, _toml(file))


def _toml(file: Path) -> dict[str, object]:
    try:
        return tomllib.loads(_read(file).decode("utf-8"))
    except ValueError as error:
        raise TrustRefused(f"{file}: not readable as TOML: {error}") from error


def _named(file: Path, members: dict[str, object]) -> tuple[str, str]:
    if set(members) != _MEMBERS:
        raise TrustRefused(f"{file}: needs exactly naam and organisatie_id, has {sorted(members)}")
    name, identifier = members["naam"], members["organisatie_id"]
    for value in (name, identifier):
        if not isinstance(value, str) or not value.strip():
            raise TrustRefused(f"{file}: naam and organisatie_id must be texts that are not empty")
    return str(name), str(identifier)


def _roots(file: Path, content: bytes) -> list[bytes]:
    certificates = _parse(file, x509.load_pem_x509_certificates, content)
    for certificate in certificates:
        try:
            constraints = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value
        except (x509.ExtensionNotFound, ValueError) as error:
            raise TrustRefused(f"{file}: a root must be a certificate authority") from error
        if not constraints.ca:
            raise TrustRefused(f"{file}: a root must be a certificate authority")
    return [certificate.public_bytes(Encoding.DER) for certificate in certificates]


def _crl(file: Path) -> bytes:
    content = _read(file)
    is_pem = content.lstrip().startswith(b"-----BEGIN")
    crl = _parse(file, x509.load_pem_x509_crl if is_pem else x509.load_der_x509_crl, content)
    return crl.public_bytes(Encoding.DER)


def _crls(file: Path, content: bytes) -> list[bytes]:
    """As many as there are: the parser reads one."""
    texts = [text + _CRL_END for text in content.split(_CRL_END)[:-1]]
    if content.rsplit(_CRL_END, 1)[-1].strip():
        raise TrustRefused(f"{file}: not readable: no revocation list in PEM")
    return [_parse(file, x509.load_pem_x509_crl, text.lstrip()).public_bytes(Encoding.DER) for text in texts]


def _parse(file: Path, parser: Callable[[bytes], _Parsed], content: bytes) -> _Parsed:
    try:
        return parser(content)
    except ValueError as error:
        raise TrustRefused(f"{file}: not readable: {error}") from error


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise TrustRefused(f"{file}: {error.strerror}") from error
