"""`blauwe-knop trust import-list`: authorities from an EU trusted list into the trust folder, for one organisation.

An authority alone makes nobody trusted: the entry names the organisation by the number in its seal certificates.
"""

from __future__ import annotations

import json
import os
import re
import sys
import tempfile
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from app.cli.account import account_of_command
from app.cli.settings import load_settings
from app.cli.verify_output import printable
from app.cli.written_down import written_down
from app.ports.audit import Event
from app.ports.storage import StorageUnavailable
from app.services import audit_facts
from app.settings import SettingsError
from app.settings.loading import DEFAULT_FILE, FILE_VARIABLE
from signing.errors import SigningError, TrustRefused
from signing.policy import TrustPolicy, entries_in, folder_of, load_trust
from signing.trusted_list import ListedAuthority, TrustedList, read_trusted_list

FAILED = 1
_NUMBER = "EU-lijst nummer "
_IDENTIFIER = re.compile(r"(?:[A-Z]{3}[A-Z]{2}|[A-Z]{2}:[A-Z]{2})-[A-Za-z0-9.]{1,60}")  # EN 319 412-1, 5.1.4


@dataclass(frozen=True)
class Wish:
    """What the operator asks: which file, signed by whom, for which organisation. `provider` narrows the authorities
    to those of providers with this text in their name."""

    file: Path
    signer: Path
    identifier: str
    name: str
    provider: str | None
    trust: Path


def run(wish: Wish) -> int:
    """Write the entry, or change nothing and say why. Returns an exit code."""
    try:
        listed = read_trusted_list(wish.file.read_bytes(), _signers(wish.signer), datetime.now(UTC))
        chosen = _chosen(listed.authorities, wish.provider)
        with _written_down_if_ours(wish, listed):
            written = _write(wish, listed, chosen)
        load_trust(wish.trust)
    except (SigningError, OSError, SettingsError, StorageUnavailable) as error:
        sys.stderr.write(printable(f"blauwe-knop trust import-list: {error}") + "\n")
        return FAILED
    _tell(listed, chosen, written)
    return 0


def _written_down_if_ours(wish: Wish, listed: TrustedList) -> AbstractContextManager[None]:
    """Who only verifies has a trust folder and no settings, and so no audit log. The folder of the service is another
    matter: whom it trusts is written down."""
    file = Path(os.environ.get(FILE_VARIABLE) or DEFAULT_FILE)
    if not file.exists():
        return nullcontext()
    settings = load_settings()
    if settings.trust_folder.resolve() != wish.trust.resolve():
        return nullcontext()
    detail = f"eu-list-{listed.territory}-{listed.sequence_number}".lower()
    fact = audit_facts.by_operator(Event.TRUST_CHANGED, account_of_command(), wish.identifier, detail)
    return written_down(settings, fact)


def _signers(file: Path) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(file.read_bytes())
    except ValueError as error:
        raise TrustRefused(f"{file}: no certificate in PEM") from error


def _chosen(authorities: Sequence[ListedAuthority], provider: str | None) -> list[ListedAuthority]:
    wanted = (provider or "").casefold()
    chosen = [one for one in authorities if wanted in one.provider.casefold()]
    if not chosen:
        known = ", ".join(sorted({one.provider for one in authorities})) or "none at all"
        raise TrustRefused(f"the list has no such authority for qualified seals; it has those of: {known}")
    return chosen


def _write(wish: Wish, listed: TrustedList, chosen: Sequence[ListedAuthority]) -> Path:
    if not _IDENTIFIER.fullmatch(wish.identifier):
        raise TrustRefused(f"{wish.identifier!r} is no organizationIdentifier, such as NTRNL-90000001")
    if not wish.name.strip() or not wish.name.isprintable():
        raise TrustRefused("the name of the organisation must be a text on one line")
    entry = _entry(wish)
    file = entry / f"eu-lijst-{listed.territory.lower()}.pem"
    certificates = b"".join(one.certificate.public_bytes(Encoding.PEM) for one in chosen)
    content = f"{_NUMBER}{listed.sequence_number}\n".encode("ascii") + certificates
    if not entry.exists():
        _make(entry, wish, {file.name: content})
        return file
    _refuse_older(file, listed.sequence_number)
    unfinished = file.with_suffix(".new")
    unfinished.write_bytes(content)
    unfinished.replace(file)
    return file


def _make(entry: Path, wish: Wish, files: dict[str, bytes]) -> None:
    """In one step: an entry without authorities would keep every other one from being read."""
    entry.parent.mkdir(parents=True, exist_ok=True)
    text = f"naam = {json.dumps(wish.name, ensure_ascii=False)}\norganisatie_id = {json.dumps(wish.identifier)}\n"
    with tempfile.TemporaryDirectory(dir=entry.parent, prefix=".nieuw-") as unfinished:
        whole = Path(unfinished) / "whole"
        whole.mkdir()
        for name, content in {"organisatie.toml": text.encode("utf-8"), **files}.items():
            (whole / name).write_bytes(content)
        whole.rename(entry)


def _refuse_older(file: Path, number: int) -> None:
    """An older list may hold an authority that has lost its status since."""
    first = file.read_bytes().partition(b"\n")[0].decode("utf-8", "replace") if file.exists() else ""
    known = first.removeprefix(_NUMBER)
    if first.startswith(_NUMBER) and known.isdigit() and int(known) > number:
        raise TrustRefused(f"{file}: is from list number {known}; this one is older, number {number}")


def _entry(wish: Wish) -> Path:
    """The folder of this organisation: the one that has its number already, or a new one."""
    policy = load_trust(wish.trust) if _has_entries(wish.trust) else TrustPolicy(frozenset())
    known = {one.organization_identifier: one.name for one in policy.organisations}
    if wish.identifier not in known:
        entry = wish.trust / re.sub(r"[^a-z0-9]+", "-", wish.identifier.lower())
        if entry.exists():
            raise TrustRefused(f"{entry}: is there already, for another organisation")
        return entry
    if known[wish.identifier] != wish.name:
        raise TrustRefused(
            f"{wish.identifier} is in the trust folder as {known[wish.identifier]!r}: use that name"
        )
    return folder_of(wish.trust, wish.identifier)


def _has_entries(trust: Path) -> bool:
    return trust.is_dir() and bool(entries_in(trust))


def _tell(listed: TrustedList, chosen: Sequence[ListedAuthority], written: Path) -> None:
    print(
        f"Lijst van {listed.territory}, nummer {listed.sequence_number}, van {listed.issued_at:%Y-%m-%d}, "
        f"geldig tot {listed.next_update_at:%Y-%m-%d}."
    )
    for one in chosen:
        print(printable(f"  {one.provider}: {one.certificate.subject.rfc4514_string()}"))
        print(f"    SHA-256 {one.certificate.fingerprint(SHA256()).hex()}")
    if listed.left_out:
        print(f"  {listed.left_out} certificaten overgeslagen: niet van een certificaatautoriteit")
    print(f"Geschreven: {written}. Alleen zegels met het nummer van deze organisatie worden vertrouwd.")
