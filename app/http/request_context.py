"""A reference number per request: on every log line, and on the error page for the help desk. And its span, when somebody wants
traces (docs/monitoring.md)."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import TYPE_CHECKING

import structlog
from flask import Flask, Response, request
from werkzeug.wsgi import ClosingIterator

from app.http.proxy import NO_PROXIES, TrustedProxies
from app.observability import new_reference
from app.tracing import begin_request, caller_of, inside, new_trace_id, note_answer

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_REFERENCE = "blauwe_knop.reference"
_STARTED = "blauwe_knop.started"
_SPAN = "blauwe_knop.span"
_METHODS = frozenset(
    ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT")
)  # RFC 9110, RFC 5789
_log = structlog.stdlib.get_logger(__name__)


class References:
    """WSGI middleware: before Flask, so that a failure while a session is loaded has a number too. The trace id (W3C Trace
    Context) ties log lines to rows of the audit log. One that a browser sends is not taken over: it could be anybody's, and
    would decide what we keep. That of our own proxy is, where the settings say that it makes its own."""

    def __init__(self, application: WSGIApplication, proxies: TrustedProxies = NO_PROXIES) -> None:
        self._application, self._proxies = application, proxies

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ[_REFERENCE] = new_reference()
        environ[_STARTED] = time.monotonic()
        structlog.contextvars.clear_contextvars()
        is_trusted = self._proxies.continues_traces and self._proxies.includes(
            str(environ.get("REMOTE_ADDR"))
        )
        caller = caller_of(environ.get("HTTP_TRACEPARENT"), is_trusted=is_trusted)
        trace_id = caller.ids.trace_id if caller is not None and caller.is_trusted else new_trace_id()
        structlog.contextvars.bind_contextvars(reference=environ[_REFERENCE], trace_id=trace_id)
        environ[_SPAN] = span = begin_request(trace_id, caller)
        try:
            with inside(span):
                return ClosingIterator(self._application(environ, start_response), span.end)
        except BaseException:
            span.end()
            raise


def install(app: Flask, proxies: TrustedProxies = NO_PROXIES) -> None:
    """Number every request of `app` and log each answer. Every template can show the number: `reference()`."""
    app.wsgi_app = References(app.wsgi_app, proxies)  # type: ignore[method-assign]
    app.context_processor(lambda: {"reference": reference})
    app.after_request(_log_answer)


def reference() -> str:
    """The number of this request."""
    return str(request.environ.get(_REFERENCE, "")) or new_reference()


def _log_answer(response: Response) -> Response:
    """The rule, never the address: addresses carry ids, and the callback of the log-in carries a code. Of a site inside another
    with the path where it is. A visitor can call a method anything, so only a known one is repeated."""
    rule = request.script_root + request.url_rule.rule if request.url_rule else None
    took = time.monotonic() - request.environ.get(_STARTED, time.monotonic())
    method = request.method if request.method in _METHODS else "?"
    note_answer(request.environ[_SPAN], (method, rule), response.status_code)
    _log.info(
        "answered",
        method=method,
        rule=rule,
        status=response.status_code,
        milliseconds=round(took * 1000),
    )
    return response
