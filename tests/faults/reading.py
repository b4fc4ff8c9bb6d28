"""What stands on our pages and in our files, as somebody outside reads it."""

from __future__ import annotations

import csv
import io
import json
import re
import tempfile
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf

from tests.faults.world import SOURCES
from tests.support.pdf_reading import plain_text
from tests.support.visitor import Answer

_STATE = re.compile(r'progress__name">([^<]*)</span>\s*<span class="utrecht-status-badge[^"]*">([^<]*)<')
_HEADLINE = re.compile(r'<h2 id="antwoorden"[^>]*>([^<]*)<')
NONE, FULL, PART, SILENT, BUSY = "no claims", "full", "part", "no answer", "busy"
_WORDS = {
    "Geen rekeningen": NONE,
    "Opgehaald": FULL,
    "Niet volledig": PART,
    "Geen antwoord": SILENT,
    "Wij halen de gegevens op": BUSY,
    "Wordt opnieuw gevraagd": BUSY,
}
STATES = frozenset(_WORDS.values())
_KINDS = {"geen_vorderingen": NONE, "geen_antwoord": SILENT}
ALL_ANSWERED = "aangesloten bronnen hebben geantwoord."


@dataclass(frozen=True)
class Told:
    """What a page or file says of one source. `references` None: it does not tell per source."""

    state: str
    references: frozenset[str] | None


def told_in(payload: Mapping[str, Any]) -> Mapping[str, Told]:
    """By the name of the organisation, from the payload of a sealed file."""
    entries = payload["overzicht"]["bronnen"]
    return {entry["bron"]["organisatie"]["naam"]: _told(entry) for entry in entries}


def _told(entry: Mapping[str, Any]) -> Told:
    references = frozenset(str(claim["kenmerk"]) for claim in entry.get("vorderingen", ()))
    whole = PART if entry.get("onvolledig_omdat") else FULL
    return Told(_KINDS.get(entry["uitkomst"], whole), references)


def states_on(page: Answer) -> Mapping[str, Told]:
    """By the name of the organisation; others than those of the bench are left out by who looks."""
    return {name: Told(_state_of(words), None) for name, words in _STATE.findall(page.text)}


def says_all_answered(page: Answer) -> bool:
    return any(line.startswith("Alle ") and ALL_ANSWERED in line for line in _HEADLINE.findall(page.text))


def _state_of(words: str) -> str:
    return next((state for start, state in _WORDS.items() if words.strip().startswith(start)), words.strip())


@dataclass(frozen=True)
class Table:
    """What a CSV file says. `missing`: the names of the sources without a whole answer, as one text."""

    all_answered: bool
    missing: str
    references: frozenset[str]


def table_in(content: bytes) -> Table:
    """Raises ValueError when its rows do not say the same about the answers."""
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    said = {(row["overzicht_volledig_beantwoord"], row["ontbrekende_bronnen"]) for row in rows}
    ((answered, missing),) = said
    references = frozenset(row["kenmerk"] for row in rows if row["kenmerk"])
    return Table(answered != "nee", missing, references)


def drawn_in(content: bytes) -> str:
    """What people read on the pages of a PDF, without white space: lines may break anywhere."""
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(content)
        file.flush()
        return re.sub(r"\s", "", plain_text(Path(file.name)))


def drawn_all_answered(drawn: str) -> bool:
    return f"Alle{len(SOURCES)}{ALL_ANSWERED}".replace(" ", "") in drawn


def payload_of(content: bytes) -> bytes:
    """What was sealed, of a PDF or JSON file."""
    if content.startswith(b"%PDF"):
        with pikepdf.open(io.BytesIO(content)) as document:
            return bytes(document.attachments["schuldenoverzicht.json"].get_file().read_bytes())
    encoded = json.loads(content)["payload"]
    return urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4))
