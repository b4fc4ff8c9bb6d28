"""The JSON record `schuldenoverzicht` version 1: our own complete record, and the truth behind every other file.

The bytes are canonical: the same snapshot always gives the same bytes, and the control code is computed over them.
The JSON Schema is docs/schemas/schuldenoverzicht-v1.json.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.documents import case_words, fcid, labels, on_behalf, sentences, versions
from app.documents.case_member import CASE, read_case, write_case
from app.language import DUTCH, speaking
from app.ports.case_reference import CaseReference
from app.ports.snapshot import Issuer, Snapshot
from claims.identity import Bsn
from claims.instant import format_instant, parse_instant
from claims.names import names_differ
from claims.overview import Overview
from claims.record import names
from claims.record.reader import read_overview
from claims.record.shapes import ORGANISATION
from claims.record.writer import write_overview
from claims.strict_json import canonical_json, loads_strict

LARGEST_PAYLOAD = 64 * 1024 * 1024  # bytes; our own stored record, so only a guard against damage
_DEPTH = 64
# A member of version 1 since DigiD Machtigen came: absent when the person asked for it themselves. A reader that does not know
# it reads the right person all the same, and finds the words in the notes.
REQUESTED_BY = "opgevraagd_door"
REQUESTED_BY_MEMBERS = {"role": "rol", "last_three": "bsn_eindigt_op"}
_ROLE = "gemachtigde"
_LAST_THREE = re.compile("[0-9]{3}")
_NUMBER = re.compile("BK-[0-9]{4}-[0-9A-HJKMNP-TV-Z]{10}")


class NotOurPayload(ValueError):
    """The bytes are not a record that `write_payload` made. The message holds none of the content."""


@speaking(DUTCH)
def write_payload(snapshot: Snapshot) -> bytes:
    """The record of this snapshot. The number of the citizen stands in it in full: it is the data for counsellors."""
    overview = snapshot.overview
    members: dict[str, Any] = {
        "type": names.DOCUMENT_TYPE,
        "version": names.DOCUMENT_VERSION,
        "number": snapshot.number,
        "nonce": snapshot.nonce,
        "made_at": format_instant(snapshot.made_at),
        "person": _person(snapshot),
        "sealed_by": ORGANISATION.write(snapshot.issuer.organisation),
        "overview": write_overview(overview),
        "fcid": fcid.documents(overview, snapshot.bsn, snapshot.made_at),
        "not_included": list(labels.NOT_INCLUDED),
        "notes": [
            *sentences.completeness(overview).sentences,
            *versions.notes(overview),
            *_differing_names(overview),
            *_notes_on_behalf(snapshot),
            *_notes_on_case(snapshot),
        ],
    }
    on_wire = {names.DOCUMENT[key]: value for key, value in members.items()}
    return canonical_json({**on_wire, **_requested_by(snapshot), **_case(snapshot)})


def _requested_by(snapshot: Snapshot) -> dict[str, Any]:
    if snapshot.requested_by is None:
        return {}
    role, last_three = REQUESTED_BY_MEMBERS["role"], REQUESTED_BY_MEMBERS["last_three"]
    return {REQUESTED_BY: {role: _ROLE, last_three: snapshot.requested_by}}


def _case(snapshot: Snapshot) -> dict[str, Any]:
    """Absent mostly: only with a link that brought one."""
    return {} if snapshot.case_reference is None else {CASE: write_case(snapshot.case_reference)}


def _notes_on_case(snapshot: Snapshot) -> list[str]:
    return [] if snapshot.case_reference is None else [case_words.note(snapshot.case_reference)]


def _notes_on_behalf(snapshot: Snapshot) -> list[str]:
    if snapshot.requested_by is None:
        return []
    return [on_behalf.note(snapshot.requested_by, snapshot.bsn.last_three)]


def _differing_names(overview: Overview) -> list[str]:
    return [labels.NAMES_DIFFER] if names_differ(overview) else []


def _person(snapshot: Snapshot) -> dict[str, Any]:
    """Names stand beside the source that states them. Whether they differ is worked out in the overview."""
    source_id, name = names.PERSON_NAME["source_id"], names.PERSON_NAME["name"]
    stated = [{source_id: source, name: text} for source, text in snapshot.overview.stated_names]
    return {names.PERSON["bsn"]: snapshot.bsn.digits, names.PERSON["names"]: stated}


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a stored record says; with the issuer it becomes a snapshot again."""

    number: str
    nonce: str
    made_at: datetime
    bsn: Bsn
    overview: Overview
    requested_by: str | None = None
    case_reference: CaseReference | None = None

    def snapshot(self, issuer: Issuer) -> Snapshot:
        known = (self.number, self.nonce, self.made_at, self.bsn, self.overview)
        return Snapshot(*known, issuer, self.requested_by, self.case_reference)


def read_payload(payload: bytes) -> Recorded:
    """Read a record back that `write_payload` made. Raises NotOurPayload."""
    try:
        document = _object(loads_strict(payload, LARGEST_PAYLOAD, _DEPTH))
        if document.get(names.DOCUMENT["type"]) != names.DOCUMENT_TYPE:
            raise NotOurPayload("another kind of document")
        version = document.get(names.DOCUMENT["version"])
        if type(version) is not int or version != names.DOCUMENT_VERSION:
            raise NotOurPayload("another version: its members may mean something else")
        person = _object(document[names.DOCUMENT["person"]])
        return Recorded(
            number=_number(document[names.DOCUMENT["number"]]),
            nonce=_text(document[names.DOCUMENT["nonce"]]),
            made_at=parse_instant(_text(document[names.DOCUMENT["made_at"]])),
            bsn=Bsn.parse(_text(person[names.PERSON["bsn"]])),
            overview=read_overview(document[names.DOCUMENT["overview"]]),
            requested_by=_read_requested_by(document),
            case_reference=_read_case(document),
        )
    except (KeyError, ValueError) as error:
        raise NotOurPayload(type(error).__name__) from None


def _read_requested_by(document: Mapping[str, object]) -> str | None:
    """Present and not understood must not pass for absent."""
    if REQUESTED_BY not in document:
        return None
    stated = _object(document[REQUESTED_BY])
    last_three = _text(stated[REQUESTED_BY_MEMBERS["last_three"]])
    if stated[REQUESTED_BY_MEMBERS["role"]] != _ROLE or not _LAST_THREE.fullmatch(last_three):
        raise NotOurPayload("asked for by somebody whom we do not know")
    return last_three


def _read_case(document: Mapping[str, object]) -> CaseReference | None:
    return read_case(document[CASE]) if CASE in document else None


def _object(value: object) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise NotOurPayload("an object was expected")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise NotOurPayload("a text was expected")
    return value


def _number(value: object) -> str:
    """It stands in verdicts and file names: nothing but our own form will do."""
    text = _text(value)
    if not _NUMBER.fullmatch(text):
        raise NotOurPayload("not a document number")
    return text
