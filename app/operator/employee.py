"""Which employee is logged in: a small record in the encrypted server-side session of the operator site."""

from __future__ import annotations

from dataclasses import dataclass

from app.http.session_interface import current_session
from app.ports.staff_login import Operator

_OPERATOR = "operator"
_FLOW = "operator_flow"


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


def keep_flow(flow: dict[str, str]) -> None:
    """Keep what belongs to the log-in that begins now; an earlier one that was not finished is dropped."""
    current_session()[_FLOW] = flow


def take_flow() -> dict[str, str] | None:
    """The flow of this browser, once."""
    flow = current_session().pop(_FLOW, None)
    return flow if isinstance(flow, dict) else None
