"""The tables [[sharing.organisations]]: counselling organisations whose employees log in with their own provider."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from pydantic import AfterValidator, Field

from app.persistence.cipher import parse_key_lines
from app.ports.shares import RegisteredOrganisation
from app.settings.kinds import SecretFile
from app.settings.staff import StaffProviderSettings
from claims.identity import Oin


def _printable(text: str) -> str:
    if not text.isprintable() or not text.strip():
        raise ValueError("a name is one line of text")
    return text.strip()


class CounsellingSettings(StaffProviderSettings):
    """`id`: a word for addresses and the audit log, never to be used again for another organisation. `key_ring_file`: lines of
    `key-id base64(32 bytes)`, oldest first, for this organisation alone; the last one closes, all open."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
    name: Annotated[str, Field(max_length=70), AfterValidator(_printable)]
    oin: Annotated[str, AfterValidator(lambda digits: Oin(digits).digits)] | None = None
    key_ring_file: SecretFile

    @property
    def organisation(self) -> RegisteredOrganisation:
        return RegisteredOrganisation(self.id, self.name, self.oin)

    @property
    def of_organisation(self) -> str | None:
        return self.id

    def key_lines(self) -> list[tuple[str, bytes]]:
        """Raises ValueError or OSError when the file is no key ring."""
        return parse_key_lines(self.key_ring_file.read_text())


def refuse_doubles(organisations: Iterable[CounsellingSettings]) -> None:
    """Two with one name, one key file or one client at one provider could not be told apart. Raises ValueError."""
    seen: set[tuple[str, ...]] = set()
    for one in organisations:
        own = {
            ("id", one.id),
            ("name", one.name.casefold()),
            ("key_ring_file", str(one.key_ring_file.resolve())),
            ("client_id at one issuer", one.issuer, one.client_id),
        }
        if doubles := own & seen:
            raise ValueError(f"two organisations have the same {min(doubles)[0]}")
        seen |= own
