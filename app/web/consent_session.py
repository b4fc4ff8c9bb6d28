"""A citizen who logged in to answer a question of an app. That is not being logged in here: this session opens no other
page, and ends with the answer."""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.http.session_interface import current_session
from app.ports.clients import Client
from app.ports.consents import AuthorizationRequest, principal_members, principal_of
from app.ports.login import Principal, ProviderSession

_QUESTION = "question_of_app"
_SHOWN = "question_shown"


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
    known_as = principal.provider_session
    session[_QUESTION] = {
        "request": request.members(),
        "principal": principal_members(principal),
        "log_in": None if known_as is None else [known_as.issuer, known_as.subject, known_as.sid],
    }


def remember_shown(client: Client) -> None:
    """The registration that stands on the page."""
    current_session()[_SHOWN] = client.registered_at.isoformat()


def was_shown(client: Client) -> bool:
    """Whether the citizen answers what is registered now: name, organisation or purpose may have changed since."""
    return current_session().get(_SHOWN) == client.registered_at.isoformat()


def current_question() -> Question | None:
    """The question of this session. A record that cannot be read counts as none."""
    record = current_session().get(_QUESTION)
    if not isinstance(record, dict):
        return None
    try:
        known_as = None if record["log_in"] is None else ProviderSession(*record["log_in"])
        principal = replace(principal_of(record["principal"]), provider_session=known_as)
        return Question(AuthorizationRequest.of(record["request"]), principal)
    except (KeyError, TypeError, ValueError):
        return None
