from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Response, jsonify, redirect, request
from werkzeug.test import TestResponse
from werkzeug.wrappers import Response as AnyResponse

from app.http.security_headers import clear_site_data
from app.http.session_interface import COOKIE, current_session
from tests.support.site import Site, make_site


def add_views(site: Site) -> None:
    app = site.app

    @app.get("/")
    def start() -> str:
        return "start"

    @app.get("/log-in")
    def log_in() -> Response:
        session = current_session()
        session.rotate()
        session["who"] = request.args["who"]
        return jsonify(owner=session.owner)

    @app.get("/who")
    def who() -> Response:
        session = current_session()
        return jsonify(who=session.get("who"), expired=session.was_expired, owner=session.owner)

    @app.get("/set/<name>/<value>")
    def set_value(name: str, value: str) -> str:
        current_session()[name] = value
        return "set"

    @app.get("/all")
    def everything() -> Response:
        return jsonify(dict(current_session()))

    @app.get("/log-out")
    def log_out() -> AnyResponse:
        current_session().destroy()
        return clear_site_data(Response("bye"))

    @app.get("/away")
    def away() -> AnyResponse:
        return redirect("/")


class Browser:
    """Keeps the cookie by hand, so that a test can bring an old one back."""

    def __init__(self, site: Site) -> None:
        self._client = site.app.test_client(use_cookies=False)
        self._base = site.base_url
        self.cookie: str | None = None

    def get(self, path: str, cookie: str | None = None) -> TestResponse:
        value = cookie or self.cookie
        headers = {"Cookie": f"{COOKIE}={value}"} if value else {}
        answer = self._client.get(path, base_url=self._base, headers=headers)
        for line in answer.headers.getlist("Set-Cookie"):
            self.cookie = line.split(";")[0].split("=", 1)[1] or None
        return answer


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = make_site(tmp_path)
    add_views(made)
    yield made
    made.database.close()


@pytest.fixture
def browser(site: Site) -> Browser:
    return Browser(site)
