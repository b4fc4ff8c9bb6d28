"""The published JSON Schema of the whole record: that of `claims.record.schema`, with the members that only the document has.

`python -m app.documents.schema docs/schemas` writes the files; a test keeps them equal to what this makes.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from app.documents.case_member import CASE, CASE_MEMBERS, STATED_BY_LINK
from app.documents.json import REQUESTED_BY, REQUESTED_BY_MEMBERS
from app.ports.case_reference import LONGEST
from claims.record import schema


def document_schema() -> dict[str, Any]:
    """Schema of `schuldenoverzicht`. The members are optional: without the first the person asked for it themselves."""
    made = schema.document_schema()
    made["properties"] = {**made["properties"], REQUESTED_BY: _requested_by(), CASE: _case()}  # type: ignore[dict-item]
    return made


def _requested_by() -> dict[str, Any]:
    role, ending = REQUESTED_BY_MEMBERS["role"], REQUESTED_BY_MEMBERS["last_three"]
    return {
        "type": "object",
        "properties": {
            role: {"const": "gemachtigde", "description": "Iemand met een machtiging in DigiD Machtigen."},
            ending: {
                "type": "string",
                "pattern": "^[0-9]{3}$",
                "description": "De laatste drie cijfers van het burgerservicenummer van de gemachtigde.",
            },
        },
        "required": [role, ending],
        "description": "Wie dit opvroeg namens de betrokkene. Ontbreekt dit, dan deed de betrokkene dat zelf.",
    }


def _case() -> dict[str, Any]:
    number, stated_by = CASE_MEMBERS["number"], CASE_MEMBERS["stated_by"]
    return {
        "type": "object",
        "properties": {
            number: {
                "type": "string",
                "maxLength": LONGEST,
                "pattern": "^[A-Za-z0-9]([A-Za-z0-9._/-]*[A-Za-z0-9])?$",
                "description": "Het nummer van de zaak bij de organisatie van wie de site is. Wij hebben dit niet gecontroleerd.",
            },
            stated_by: {
                "const": STATED_BY_LINK,
                "description": "De site waar de betrokkene vandaan kwam, in een link. Iedereen kan zo'n link maken.",
            },
        },
        "required": [number, stated_by],
        "description": "Waarover dit gaat, volgens een ander. Ontbreekt dit, dan heeft niemand iets opgegeven.",
    }


def files() -> dict[str, str]:
    """File name -> text."""
    whole = json.dumps(document_schema(), indent=2, ensure_ascii=False) + "\n"
    return {**schema.files(), "schuldenoverzicht-v1.json": whole}


if __name__ == "__main__":
    for _name, _text in files().items():
        (Path(sys.argv[1]) / _name).write_text(_text, encoding="utf-8")
