"""A reference number per request: on every log line, and on the error page for the help desk."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING

import structlog
from flask import Flask, Response, request

from app.observability import new_reference

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_REFERENCE = "blauwe_knop.reference"
_STARTED = "blauwe_knop.started"
_log = structlog.stdlib.get_logger(__name__)


class References:
    """WSGI middleware: before Flask, so that a failure while a session is loaded has a number too. The trace id (W3C Trace
    Context) ties log lines to rows of the audit log. One that a browser sends is not taken over: it could be anybody's."""

    def __init__(self, application: WSGIApplication) -> None:
        self._application = application

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ[_REFERENCE] = new_reference()
        environ[_STARTED] = time.monotonic()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(reference=environ[_REFERENCE], trace_id=secrets.token_hex(16))
        return self._application(environ, start_response)


def install(app: Flask) -> None:
    """Number every request of `app` and log each answer."""
    app.wsgi_app = References(app.wsgi_app)  # type: ignore[method-assign]
    app.after_request(_log_answer)


def reference() -> str:
    """The number of this request."""
    return str(request.environ.get(_REFERENCE, "")) or new_reference()


def _log_answer(response: Response) -> Response:
    """The rule, never the address: addresses carry ids, and the callback of the log-in carries a code. Of a site inside another
    with the path where it is."""
    rule = request.script_root + request.url_rule.rule if request.url_rule else None
    took = time.monotonic() - request.environ.get(_STARTED, time.monotonic())
    _log.info(
        "answered",
        method=request.method if request.method.isalpha() and len(request.method) < 10 else "?",
        rule=rule,
        status=response.status_code,
        milliseconds=round(took * 1000),
    )
    return response
