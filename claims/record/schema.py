"""The published JSON Schemas (draft 2020-12), made from the same tables that read and write the record.

`python -m claims.record.schema docs/schemas` writes the files; a test keeps them equal to what this makes.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from claims.record import names, shapes
from claims.record.claim_codec import ClaimCodec
from claims.record.codec import INSTANT, NAME, TEXT, Json, ListOf
from claims.record.overview_codec import OverviewCodec
from claims.record.shape import or_null, shapes_in

_DRAFT = "https://json-schema.org/draft/2020-12/schema"


def claim_schema() -> Json:
    """Schema of one `vordering`."""
    return {
        "$schema": _DRAFT,
        "$id": "urn:blauwe-knop:schema:vordering:v1",
        "title": "Vordering, versie 1",
        "$ref": "#/$defs/vordering",
        "$defs": _definitions(ClaimCodec()),
    }


def document_schema() -> Json:
    """Schema of the whole sealed record `schuldenoverzicht`."""
    return {
        "$schema": _DRAFT,
        "$id": "urn:blauwe-knop:schema:schuldenoverzicht:v1",
        "title": "Schuldenoverzicht, versie 1",
        **_document(),
        "$defs": _definitions(OverviewCodec()),
    }


def _definitions(root: Any) -> Json:
    found = {shape.schema()["$ref"].rpartition("/")[2]: shape.definition() for shape in shapes_in(root)}
    return dict(sorted(found.items()))


def _document() -> Json:
    wire = names.DOCUMENT
    members: Json = {
        wire["type"]: _told({"const": names.DOCUMENT_TYPE}, "Soort document."),
        wire["version"]: _told({"const": names.DOCUMENT_VERSION}, "Versie van deze vorm."),
        wire["number"]: _told(NAME.schema(), "Nummer van dit document."),
        wire["nonce"]: _told(NAME.schema(), "Toevallige waarde, zodat de inhoud niet te raden is."),
        wire["made_at"]: _told(INSTANT.schema(), "Moment waarop dit document is gemaakt."),
        wire["person"]: _told(_person(), "Over wie dit document gaat."),
        wire["sealed_by"]: _told(shapes.ORGANISATION.schema(), "De organisatie die dit document verzegelt."),
        wire["overview"]: _told(OverviewCodec().schema(), "Het overzicht zelf."),
        wire["fcid"]: _told(_fcid(), "Per organisatie een Financial Claims Information Document."),
        wire["not_included"]: _told(ListOf(TEXT).schema(), "Wat niet in dit overzicht staat."),
        wire["notes"]: _told(ListOf(TEXT).schema(), "Uitleg voor de lezer."),
    }
    return _object(members, list(members))


def _person() -> Json:
    name = _object(
        {
            names.PERSON_NAME["source_id"]: _told(TEXT.schema(), "Id van de bron die deze naam noemt."),
            names.PERSON_NAME["name"]: _told(TEXT.schema(), "De naam zoals die bron hem heeft."),
        },
        list(names.PERSON_NAME.values()),
    )
    bsn: Json = {"type": "string", "pattern": "^[0-9]{9}$"}
    members: Json = {
        names.PERSON["bsn"]: _told(bsn, "Burgerservicenummer."),
        names.PERSON["names"]: _told(
            {"type": "array", "items": name}, "Namen volgens de bronnen, nooit samengevoegd."
        ),
    }
    return _object(members, list(members))


def _fcid() -> Json:
    entry = _object(
        {
            names.FCID["organisation"]: shapes.ORGANISATION.schema(),
            names.FCID["document"]: _told(
                {"type": ["object", "null"]}, "Het document, of null als het niet zonder verlies kan."
            ),
            names.FCID["reason"]: _told(or_null(TEXT.schema()), "Waarom er geen document is."),
        },
        list(names.FCID.values()),
    )
    return {"type": "array", "items": entry}


def _object(members: Json, required: list[str]) -> Json:
    return {"type": "object", "properties": members, "required": required}


def _told(schema: Json, text: str) -> Json:
    return {**schema, "description": text}


def files() -> dict[str, str]:
    """File name -> text."""
    schemas = {"vordering-v1.json": claim_schema(), "schuldenoverzicht-v1.json": document_schema()}
    return {name: json.dumps(s, indent=2, ensure_ascii=False) + "\n" for name, s in schemas.items()}


if __name__ == "__main__":
    for _name, _text in files().items():
        (Path(sys.argv[1]) / _name).write_text(_text, encoding="utf-8")
