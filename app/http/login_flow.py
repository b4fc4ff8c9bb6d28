"""What every site keeps between sending a browser to the log-in provider and its return."""

from __future__ import annotations

from flask import redirect
from flask.typing import ResponseReturnValue

from app.http.session_interface import current_session
from app.ports.login import LoginStart

_FLOW = "login_flow"


def leave(start: LoginStart) -> ResponseReturnValue:
    """Keep what belongs to the log-in that begins now, and send the browser away; an earlier log-in that was not finished
    is dropped."""
    current_session()[_FLOW] = start.flow
    return redirect(start.redirect_url)


def take_flow() -> dict[str, str] | None:
    """The flow of this browser, once."""
    flow = current_session().pop(_FLOW, None)
    return flow if isinstance(flow, dict) else None
