"""A real seal under a throw-away authority, and a stand-in that is always the same."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.ports.seals import LongTerm, Seal
from signing.keys.software import load_software_key
from signing.policy import TrustPolicy, load_trust
from signing.sealing.pdf import PdfSeal
from simulators.authority import DEMO_IDENTIFIER, create_authority

ORGANISATION = "Gemeente Voorbeeldstad"


@dataclass(frozen=True)
class Sealer:
    """A real seal, and the trust that recognises it."""

    seal: Seal
    trust: TrustPolicy
    root: Path


def new_sealer(folder: Path) -> Sealer:
    """A fresh authority and key in this folder."""
    authority = create_authority(folder / "ca")
    files = authority.issue_seal(ORGANISATION, DEMO_IDENTIFIER).write(folder, "zegel")
    key = load_software_key(files.key_file, files.certificate_file, files.chain_file)
    entry = authority.write_trust(folder / "trust", ORGANISATION, DEMO_IDENTIFIER)
    return Sealer(PdfSeal(key), load_trust(folder / "trust"), entry / "root.pem")


class ConstantSeal:
    """A port stand-in that always gives the same bytes: shows that nothing else varies."""

    reserved_size = 4000
    organisation = ORGANISATION
    level = "B-B"
    long_term: LongTerm | None = None
    key_id = "00" * 32

    def __init__(self, cms: bytes = b"\x30\x03\x02\x01\x00") -> None:
        self._cms = cms
        self.digests: list[bytes] = []

    def cms(self, digest: bytes) -> bytes:
        self.digests.append(digest)
        return self._cms
