"""The formats in which an overview can be had. A new format is one module and one line here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType

from app.documents import csv, pdf
from app.ports.seals import JsonSeal, Seal
from app.ports.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Material:
    """Everything that a writer may use. `payload` is the JSON record of `snapshot`."""

    snapshot: Snapshot
    payload: bytes
    seal: Seal
    json_seal: JsonSeal


@dataclass(frozen=True, slots=True)
class Format:
    """`write` gives the finished bytes of the file."""

    media_type: str
    extension: str
    write: Callable[[Material], bytes]

    def file_name(self, number: str) -> str:
        return f"schuldenoverzicht-{number}.{self.extension}"


FORMATS = MappingProxyType(
    {
        "pdf": Format("application/pdf", "pdf", lambda m: pdf.write(m.snapshot, m.payload, m.seal)),
        "json": Format("application/json", "json", lambda m: m.json_seal.seal(m.payload, m.snapshot.made_at)),
        "csv": Format("text/csv; charset=utf-8", "csv", lambda m: csv.write(m.snapshot)),
    }
)
