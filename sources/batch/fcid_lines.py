"""A file with one Financial Claims Information Document (version 3 or 4.1) per line: JSON lines.

The closing line is `{"type": "EINDE", "aantal": 2, "peilmoment": "2026-09-30T23:59:59+02:00"}`.
"""

from __future__ import annotations

from claims.checks import with_findings
from claims.fcid.reader import FcidError, WrongPersonError, read_document
from claims.identity import Bsn
from claims.organisation import Organisation
from claims.strict_json import StrictJsonError, loads_strict
from sources.batch.record import BadRecord, Closing, Record, read_closing

CLOSING_TYPE = "EINDE"


class FcidLines:
    def __init__(self, creditor: Organisation, max_record_bytes: int) -> None:
        self._creditor = creditor
        self._max_bytes = max_record_bytes

    def read(self, line: bytes) -> tuple[Bsn, Record] | Closing:
        """Raises BadRecord."""
        try:
            document = loads_strict(line, self._max_bytes)
        except StrictJsonError:
            raise BadRecord("not JSON that we accept") from None
        if not isinstance(document, dict):
            raise BadRecord("not a JSON object")
        if document.get("type") == CLOSING_TYPE:
            return _closing(document)
        return self._document(document)

    def _document(self, document: dict[str, object]) -> tuple[Bsn, Record]:
        try:
            read = read_document(document, self._creditor)
        except WrongPersonError:
            raise BadRecord("about more than one person") from None
        except FcidError:
            raise BadRecord("not a document that we can read", _stated_person(document)) from None
        claims = tuple(with_findings(claim) for claim in read.claims)
        return read.bsn, Record(claims, read.partial, as_of=read.created_at)


def _closing(document: dict[str, object]) -> Closing:
    try:
        return read_closing(document)
    except ValueError:
        raise BadRecord("a closing line without a good aantal and peilmoment") from None


def _stated_person(document: dict[str, object]) -> Bsn | None:
    body = document.get("body")
    try:
        return Bsn(str(body.get("bsn"))) if isinstance(body, dict) else None
    except ValueError:
        return None
