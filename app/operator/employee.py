"""Which employee is logged in: a small record in the encrypted server-side session of the operator site."""

from __future__ import annotations

from dataclasses import dataclass

from app.http.session_interface import current_session
from app.ports.staff_login import Operator

_OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Employee:
    """`subject` is the lasting id at the identity provider, for the log; `name` is for the page."""

    subject: str
    name: str


def current_employee() -> Employee | None:
    """The employee of this session. A record that cannot be read counts as not logged in."""
    record = current_session().get(_OPERATOR)
    if not isinstance(record, dict):
        return None
    subject, name = record.get("subject"), record.get("name")
    return Employee(subject, name) if isinstance(subject, str) and isinstance(name, str) else None


def remember(operator: Operator) -> None:
    """Write the employee into a session with a new id."""
    session = current_session()
    session.rotate()
    session.provider_session = operator.provider_session
    session[_OPERATOR] = {"subject": operator.subject, "name": operator.name}


def end_session() -> None:
    """Nobody is logged in any more in this browser."""
    current_session().destroy()
