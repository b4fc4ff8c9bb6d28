"""What every site keeps between sending a browser to the log-in provider and its return."""

from __future__ import annotations

from typing import Any

from flask import redirect, request
from flask.typing import ResponseReturnValue

from app.http.session_interface import current_session
from app.ports.login import LoginStart, ReplayedCallback

_FLOW = "login_flow"
_PURPOSE = "login_purpose"


def leave(start: LoginStart, purpose: dict[str, Any] | None = None) -> ResponseReturnValue:
    """Keep what belongs to the log-in that begins now, and send the browser away; an earlier log-in that was not finished
    is dropped. `purpose`: what the citizen logs in for, when it is not to look around here; JSON."""
    session = current_session()
    session[_FLOW] = start.flow
    session.pop(_PURPOSE, None)
    if purpose is not None:
        session[_PURPOSE] = purpose
    return redirect(start.redirect_url)


def take_flow() -> dict[str, str] | None:
    """The flow of this browser, once."""
    flow = current_session().pop(_FLOW, None)
    return flow if isinstance(flow, dict) else None


def take_purpose() -> dict[str, Any] | None:
    """What this browser went away for, once."""
    purpose = current_session().pop(_PURPOSE, None)
    return purpose if isinstance(purpose, dict) else None


def callback_parameters() -> dict[str, str]:
    """What the log-in provider sent along with the browser. Raises ReplayedCallback for a parameter that is there twice
    (RFC 6749, 3.1): we and somebody before us could each read another one (ASVS 5.0, 15.3.7)."""
    if any(len(values) > 1 for values in request.args.listvalues()):
        raise ReplayedCallback("parameter_twice")
    return request.args.to_dict()
