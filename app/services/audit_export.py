"""Rows of the audit log in the shape of "Logboek Dataverwerkingen" (Logius, working draft), one record per action.

Fields and their meaning: github.com/Logius-standaarden/logboek-dataverwerkingen, sections/specificaties.md at 01340ad. Who
acted is left out: the standard wants no user in it. Only what is about a person is a processing of personal data.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from app.ports.audit import AuditEntry, AuditRow, Event, Result

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_STATUS = {Result.OK: "Ok", Result.REFUSED: "Unset", Result.FAILED: "Error"}
_NAMES = {
    Event.LOGGED_IN: "Inloggen",
    Event.LOGGED_OUT: "Uitloggen",
    Event.COLLECTION_STARTED: "Gegevens over schulden opvragen",
    Event.SOURCE_ASKED: "Bron bevragen",
    Event.SOURCE_ANSWERED: "Antwoord van bron verwerken",
    Event.DOCUMENT_MADE: "Schuldenoverzicht vastleggen",
    Event.DOCUMENT_DOWNLOADED: "Schuldenoverzicht verstrekken aan betrokkene",
    Event.DOCUMENT_VERIFIED: "Schuldenoverzicht controleren",
    Event.SUMMARY_MADE: "Gecontroleerde schuldenoverzichten samenvatten",
}


@dataclass(frozen=True, slots=True)
class Application:
    """Who keeps this log. `processing_activity`: address in the register of processing activities (AVG article 30)."""

    name: str
    processing_activity: str


def logboek_record(entry: AuditEntry, application: Application) -> dict[str, Any] | None:
    """None when the row is not about a person."""
    if entry.subject is None:
        return None
    parent = entry.trace.parent_span_id
    return {
        "trace_id": entry.trace.trace_id,
        "span_id": entry.trace.span_id,
        **({} if parent is None else {"parent_span_id": parent}),
        "status": _STATUS[entry.result],
        "name": _NAMES.get(entry.event, str(entry.event)),
        "start_time": _milliseconds(entry.started_at),
        "end_time": _milliseconds(entry.ended_at),
        "resource": {"attributes": {"name": application.name}},
        "attributes": {
            "dpl.core.processing_activity_id": application.processing_activity,
            "dpl.core.data_subject_id": f"{entry.key_id}:{entry.subject}",
            "dpl.core.data_subject_id_type": "BSN",
        },
    }


def plain_record(row: AuditRow) -> dict[str, Any]:
    """Everything that stands in a row, with its hashes: what is needed to count the chain anew elsewhere."""
    entry = row.entry
    place = {"position": row.position, "previous_hash": row.previous_hash, "row_hash": row.row_hash}
    return {**place, "entry": None} if entry is None else {**entry.members(), **place}


def _milliseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(milliseconds=1)
