"""Every failure becomes a page in plain Dutch with a reference number, or the same for a program as JSON; details go to
the log only."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import structlog
from flask import Flask, Response, current_app, request
from markupsafe import escape
from werkzeug.exceptions import HTTPException, InternalServerError, ServiceUnavailable

from app.http.error_table import Explanation, explain
from app.http.program_errors import for_programs
from app.http.request_context import reference
from app.ports.login import LoginError

_log = structlog.stdlib.get_logger(__name__)
_HTML, _PROBLEM = "text/html", "application/problem+json"
NO_EXTRA: Mapping[type[Exception], Explanation] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """What a page about an error needs. `reference` is what the citizen quotes to the help desk."""

    status: int
    title: str
    text: str
    reference: str


Render = Callable[[ErrorPage], str]


def install(app: Flask, render: Render, extra: Mapping[type[Exception], Explanation] = NO_EXTRA) -> None:
    """Answer every error of `app` with `render(page)` as HTML. `extra` explains errors of use cases."""
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.config["TRAP_HTTP_EXCEPTIONS"] = False
    app.register_error_handler(Exception, lambda error: _answer(error, render, extra))


def plain_page(page: ErrorPage, home: str = "/") -> str:
    """The page of last resort: needs no templates, no session and no database. `home`: the start page."""
    return (
        f'<!DOCTYPE html><html lang="nl"><head><meta charset="utf-8"><title>{escape(page.title)}</title></head>'
        f"<body><main><h1>{escape(page.title)}</h1><p>{escape(page.text)}</p>"
        f'<p>Referentienummer: {escape(page.reference)}</p><p><a href="{escape(home)}">Naar de startpagina</a></p>'
        "</main></body></html>"
    )


def _answer(
    error: Exception, render: Render, extra: Mapping[type[Exception], Explanation]
) -> Response | HTTPException:
    error = _cause(error)
    if isinstance(error, HTTPException) and (error.response is not None or (error.code or 0) < 400):
        return error  # a redirect, or an answer that a view made itself
    explanation = for_programs(error) or explain(error, extra)
    _write_down(error, explanation.status)
    page = ErrorPage(explanation.status, explanation.title, explanation.text, reference())
    response = _problem(page) if _is_program() else _page(page, render)
    _copy_headers(error, explanation, response)
    return response


def _cause(error: Exception) -> Exception:
    """Flask wraps what it did not expect."""
    original = error.original_exception if isinstance(error, InternalServerError) else None
    return original if isinstance(original, Exception) else error


def _write_down(error: Exception, status: int) -> None:
    if isinstance(
        error, ServiceUnavailable
    ):  # our own limits: a flood must not become a flood of stack traces too
        _log.warning("refused", status=status, kind=type(error).__name__, reason=None)
    elif status >= 500:
        _log.error("failed", status=status, exc_info=error)
    else:
        reason = error.reason if isinstance(error, LoginError) else None
        _log.info("refused", status=status, kind=type(error).__name__, reason=reason)


def _is_program() -> bool:
    """Whoever asks for JSON rather than for a page, and everybody who asks the API."""
    if request.path.startswith("/api/"):
        return True
    return request.accept_mimetypes.best_match([_HTML, _PROBLEM, "application/json"], _HTML) != _HTML


def _problem(page: ErrorPage) -> Response:
    """RFC 9457; the reference number is a member of our own."""
    members = {
        "type": "about:blank",
        "title": page.title,
        "status": page.status,
        "detail": page.text,
        "referentienummer": page.reference,
    }
    return Response(json.dumps(members, ensure_ascii=False), page.status, mimetype=_PROBLEM)


def _page(page: ErrorPage, render: Render) -> Response:
    return Response(_rendered(page, render), page.status, mimetype=_HTML)


def _rendered(page: ErrorPage, render: Render) -> str:
    try:
        return render(page)
    except Exception as error:  # noqa: BLE001 -- the page about an error must not fail
        _log.error("error page failed", exc_info=error)
        return plain_page(page, current_app.config["PUBLIC_ADDRESS"] + "/")


def _copy_headers(error: Exception, explanation: Explanation, response: Response) -> None:
    if explanation.retry_after_s is not None:
        response.headers["Retry-After"] = str(explanation.retry_after_s)
    given = dict(error.get_headers()) if isinstance(error, HTTPException) else {}
    for name in ("Allow", "Retry-After"):
        if name in given:
            response.headers[name] = given[name]
