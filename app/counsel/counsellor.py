"""Which counsellor is logged in: a small record in an encrypted server-side session that only these pages have."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.counsel.services import Party
from app.http.session_interface import current_session
from app.ports.shares import RegisteredOrganisation
from app.ports.staff_login import Operator
from app.services import audit_facts
from app.services.audit import Fact
from app.services.counsel import Counsellor

_COUNSELLOR = "counsellor"
_PARTS = ("organisation", "subject", "name")


def current_counsellor(parties: Mapping[str, Party]) -> Counsellor | None:
    """Whoever is of an organisation that is not registered any more is not logged in; nor is a record that cannot be read."""
    record = _record_in(current_session())
    party = None if record is None else parties.get(record["organisation"])
    if record is None or party is None:
        return None
    return Counsellor(party.organisation, record["subject"], record["name"])


def ended_fact(content: Mapping[str, Any], why: str, at: datetime | None) -> Fact | None:
    """For the audit log, of a session with this content; see `app.services.session_ends`."""
    record = _record_in(content)
    if record is None:
        return None
    return audit_facts.counsellor_session_ended((record["organisation"], record["subject"]), why, at)


def remember(organisation: RegisteredOrganisation, employee: Operator) -> Counsellor:
    """Write the employee into a session with a new id."""
    session = current_session()
    session.rotate()
    session.provider_session = employee.provider_session
    session.person = f"{organisation.organisation_id}\n{employee.subject}"
    session[_COUNSELLOR] = {
        "organisation": organisation.organisation_id,
        "subject": employee.subject,
        "name": employee.name,
    }
    return Counsellor(organisation, employee.subject, employee.name)


def end_session() -> None:
    """Nobody is logged in any more in this browser."""
    current_session().destroy()


def _record_in(content: Mapping[str, Any]) -> dict[str, str] | None:
    record = content.get(_COUNSELLOR)
    if not isinstance(record, dict) or not all(isinstance(record.get(name), str) for name in _PARTS):
        return None
    return record
