"""The page that warns before a session ends. It works without JavaScript: pages open it by themselves in time."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.http.session_end import look_only, state_for_scripts
from app.web.access import Pages
from app.web.citizen import Citizen


def register(pages: Pages) -> None:
    pages.logged_in("/sessie", "session", _show)
    pages.logged_in("/sessie", "stay", _stay, "POST")
    pages.logged_in("/sessie/stand", "session_state", _state)


def _show(_citizen: Citizen) -> ResponseReturnValue:
    return render_template("pages/session.html", end=look_only())


def _state(_citizen: Citizen) -> ResponseReturnValue:
    return state_for_scripts()


def _stay(_citizen: Citizen) -> ResponseReturnValue:
    """The request itself is the activity that puts the end off."""
    return redirect(url_for("web.overview"), 303)
