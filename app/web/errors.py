"""The look of error pages; which error gives which words is decided in `app.http`."""

from __future__ import annotations

from flask import render_template

from app.http.errors import ErrorPage
from app.web.citizen import session_has_expired

_FORM_REFUSED = 400


def render_error(page: ErrorPage) -> str:
    """HTML for an error. A form that came back after its session had ended gets the page that says so."""
    if page.status == _FORM_REFUSED and session_has_expired():
        return render_template("pages/session_expired.html")
    return render_template("pages/error.html", page=page)
