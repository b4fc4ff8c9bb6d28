"""Which employee is logged in: a small record in the encrypted server-side session of the operator site."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.http.session_interface import current_session
from app.ports.staff_login import Operator
from app.services import audit_facts
from app.services.audit import Fact

_OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Employee:
    """`subject` is the lasting id at the identity provider, for the log; `name` is for the page. `roles`: which of the
    configured ones this person had at log-in."""

    subject: str
    name: str
    roles: frozenset[str] = frozenset()


def current_employee() -> Employee | None:
    """The employee of this session. A record that cannot be read counts as not logged in."""
    return _employee_in(current_session())


def ended_fact(content: Mapping[str, Any], why: str, at: datetime | None) -> Fact | None:
    """For the audit log, of a session with this content; see `app.services.session_ends`."""
    employee = _employee_in(content)
    return None if employee is None else audit_facts.staff_session_ended(employee.subject, why, at)


def _employee_in(content: Mapping[str, Any]) -> Employee | None:
    record = content.get(_OPERATOR)
    if not isinstance(record, dict):
        return None
    subject, name, roles = record.get("subject"), record.get("name"), record.get("roles", [])
    if not isinstance(subject, str) or not isinstance(name, str) or not isinstance(roles, list):
        return None
    return Employee(subject, name, frozenset(roles))


def remember(operator: Operator) -> None:
    """Write the employee into a session with a new id."""
    session = current_session()
    session.rotate()
    session.provider_session = operator.provider_session
    session.person = operator.subject
    session[_OPERATOR] = {
        "subject": operator.subject,
        "name": operator.name,
        "roles": list(operator.roles),
    }


def end_session() -> None:
    """Nobody is logged in any more in this browser."""
    current_session().destroy()
