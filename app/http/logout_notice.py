"""Where the log-in provider tells that a log-in ended (OpenID Connect Back-Channel Logout 1.0, sections 2.5 and 2.8).

No browser comes here: no cookie, no form token. The signature on the token is the proof.
"""

from __future__ import annotations

from collections.abc import Callable

import structlog
from flask import jsonify, request
from flask.typing import ResponseReturnValue

from app.http.routes import Pace, Terms
from app.http.session_interface import end_sessions
from app.ports.login import BackChannel, LoginRefused, ProviderUnavailable
from app.ports.sessions import NoticeUsedBefore

PATH = "/uitloggen/melding"
# All notices come from the few addresses of one provider; each costs a signature, so nobody may send them without end.
TERMS = Terms(Pace.NOTICES, own_form=False)
_log = structlog.stdlib.get_logger(__name__)


def receiver(login: BackChannel) -> Callable[[], ResponseReturnValue]:
    """The view: 200 when the sessions are gone, also when there were none; 400 for a token that is not right."""

    def receive() -> ResponseReturnValue:
        tokens = request.form.getlist("logout_token")
        if len(tokens) > 1:
            return _refuse("given_twice")
        try:
            notice = login.logout_notice(tokens[0] if tokens else "")
            ended = end_sessions(notice)
        except LoginRefused as refusal:
            return _refuse(refusal.reason)
        except NoticeUsedBefore:
            return _refuse("used_before")
        except ProviderUnavailable as trouble:
            _log.warning("logout notice could not be checked", reason=trouble.reason)
            return "", 503
        _log.info("ended by the log-in provider", sessions=ended)
        return "", 200

    return receive


def _refuse(reason: str) -> ResponseReturnValue:
    _log.warning("logout notice refused", reason=reason)
    return jsonify(error="invalid_request"), 400
