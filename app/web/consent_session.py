"""A citizen who logged in to answer a question of an app. That is not being logged in here: this session opens no other
page, and ends with the answer."""

from __future__ import annotations

from dataclasses import dataclass

from app.http.session_interface import current_session
from app.ports.consents import AuthorizationRequest, principal_members, principal_of
from app.ports.login import Principal

_QUESTION = "question_of_app"


@dataclass(frozen=True, slots=True)
class Question:
    """What an app asks, and whom."""

    request: AuthorizationRequest
    principal: Principal


def remember_question(request: AuthorizationRequest, principal: Principal) -> None:
    """In a session with a new id and owner."""
    session = current_session()
    session.rotate()
    session.provider_session = principal.provider_session
    session[_QUESTION] = {"request": request.members(), "principal": principal_members(principal)}


def current_question() -> Question | None:
    """The question of this session. A record that cannot be read counts as none."""
    record = current_session().get(_QUESTION)
    if not isinstance(record, dict):
        return None
    try:
        return Question(AuthorizationRequest.of(record["request"]), principal_of(record["principal"]))
    except (KeyError, TypeError, ValueError):
        return None
