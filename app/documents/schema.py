"""The published JSON Schema of the whole record: that of `claims.record.schema`, with the members that only the document has.

`python -m app.documents.schema docs/schemas` writes the files; a test keeps them equal to what this makes.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from app.documents.json import REQUESTED_BY, REQUESTED_BY_MEMBERS
from claims.record import schema


def document_schema() -> dict[str, Any]:
    """Schema of `schuldenoverzicht`. The member is optional: without it the person asked for it themselves."""
    made = schema.document_schema()
    made["properties"] = {**made["properties"], REQUESTED_BY: _requested_by()}  # type: ignore[dict-item]
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


def files() -> dict[str, str]:
    """File name -> text."""
    whole = json.dumps(document_schema(), indent=2, ensure_ascii=False) + "\n"
    return {**schema.files(), "schuldenoverzicht-v1.json": whole}


if __name__ == "__main__":
    for _name, _text in files().items():
        (Path(sys.argv[1]) / _name).write_text(_text, encoding="utf-8")
