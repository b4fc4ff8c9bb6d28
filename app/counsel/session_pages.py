"""The page that warns a counsellor before the session ends; see app.web.session_pages."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.counsel.access import Pages
from app.http.session_end import look_only, state_for_scripts
from app.services.counsel import Counsellor


def register(pages: Pages) -> None:
    pages.logged_in("/sessie", "session", _show)
    pages.logged_in("/sessie", "stay", _stay, "POST")
    pages.logged_in("/sessie/stand", "session_state", _state)


def _show(_who: Counsellor) -> ResponseReturnValue:
    return render_template("counsel/session.html", end=look_only())


def _stay(_who: Counsellor) -> ResponseReturnValue:
    return redirect(url_for("counsel.shared"), 303)


def _state(_who: Counsellor) -> ResponseReturnValue:
    return state_for_scripts()
