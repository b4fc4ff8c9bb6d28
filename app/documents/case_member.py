"""The member `zaak` of our records: the number of a case, always with who stated it, because nobody verified it."""

from __future__ import annotations

from typing import Any

from app.ports.case_reference import CaseReference
from claims.record.codec import Json, Place

CASE = "zaak"
CASE_MEMBERS = {"number": "nummer", "stated_by": "opgegeven_door"}
STATED_BY_LINK = "verwijzende_site"


def write_case(case: CaseReference) -> dict[str, str]:
    return {CASE_MEMBERS["number"]: case.text, CASE_MEMBERS["stated_by"]: STATED_BY_LINK}


def read_case(stated: object) -> CaseReference:
    """Present and not understood must not pass for absent: raises ValueError, without the text."""
    if not isinstance(stated, dict) or stated.get(CASE_MEMBERS["stated_by"]) != STATED_BY_LINK:
        raise ValueError("stated by somebody whom we do not know")
    number = stated.get(CASE_MEMBERS["number"])
    if not isinstance(number, str):
        raise ValueError("a text was expected")
    return CaseReference(number)


class CaseCodec:
    """The same for a shape of `claims.record`, as the bare text."""

    def read(self, value: object, at: Place) -> str:
        try:
            return read_case(value).text
        except ValueError as error:
            raise at.error(str(error)) from None

    def write(self, value: str) -> object:
        return write_case(CaseReference(value))

    def schema(self) -> Json:
        words: dict[str, Any] = {name: {"type": "string"} for name in CASE_MEMBERS.values()}
        return {"type": "object", "required": [*words], "properties": words}
