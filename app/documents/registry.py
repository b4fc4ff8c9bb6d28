"""The formats in which an overview can be had. A new format is one module and one line here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType

from app.documents import csv, pdf
from app.language import DUTCH, speaking
from app.ports.seals import JsonSeal, Seal
from app.ports.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Material:
    """Everything that a writer may use. `payload` is the JSON record of `snapshot`; `language`: of who will read it."""

    snapshot: Snapshot
    payload: bytes
    seal: Seal
    json_seal: JsonSeal
    language: str = DUTCH


@dataclass(frozen=True, slots=True)
class Format:
    """`write` gives the finished bytes of the file. `is_for_people`: made in the language of the reader."""

    media_type: str
    extension: str
    write: Callable[[Material], bytes]
    is_for_people: bool = False

    def file_name(self, number: str, language: str = DUTCH) -> str:
        """Somebody who has the file in two languages must see which is which."""
        suffix = f"-{language}" if self.is_for_people and language != DUTCH else ""
        return f"schuldenoverzicht-{number}{suffix}.{self.extension}"


def _write_pdf(material: Material) -> bytes:
    with speaking(material.language):
        return pdf.write(material.snapshot, material.payload, material.seal)


FORMATS = MappingProxyType(
    {
        "pdf": Format("application/pdf", "pdf", _write_pdf, is_for_people=True),
        "json": Format("application/json", "json", lambda m: m.json_seal.seal(m.payload, m.snapshot.made_at)),
        "csv": Format("text/csv; charset=utf-8", "csv", lambda m: csv.write(m.snapshot)),
    }
)
