"""The page that warns an employee before the session ends; see app.web.session_pages."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.http.routes import Access
from app.http.session_end import look_only, state_for_scripts
from app.operator.access import Pages


def register(pages: Pages) -> None:
    pages.add(Access.OPERATOR, "/sessie", "session", _show)
    pages.add(Access.OPERATOR, "/sessie", "stay", _stay, "POST")
    pages.add(Access.OPERATOR, "/sessie/stand", "session_state", state_for_scripts)


def _show() -> ResponseReturnValue:
    return render_template("operator/session.html", end=look_only())


def _stay() -> ResponseReturnValue:
    return redirect(url_for("operator.monitor"), 303)
