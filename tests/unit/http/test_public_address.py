"""The service below a path of a host that others share."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import make_response, redirect, url_for
from werkzeug.test import Client

from app.http import public_address
from app.http.public_address import origin_of, path_of, whole
from app.http.security_headers import HEADERS, clear_site_data
from tests.support.site import make_site

HOST = "https://www.gemeente.example"
ADDRESS = f"{HOST}/blauwe-knop"


@pytest.fixture
def client(tmp_path: Path) -> Client:
    site = make_site(tmp_path, public_url=ADDRESS)
    site.app.add_url_rule("/", "home", lambda: "home")
    site.app.add_url_rule("/away", "away", view_func=lambda: redirect(url_for("home")))
    site.app.add_url_rule("/whole", "whole", view_func=lambda: whole(ADDRESS, "home"))
    site.app.add_url_rule("/out", "out", view_func=lambda: clear_site_data(make_response("out")))
    site.app.add_url_rule("/.well-known/<name>", "known", lambda name: name)
    public_address.install(site.app, ADDRESS)
    return site.app.test_client()


def test_an_address_has_an_origin_and_a_path() -> None:
    assert (origin_of(ADDRESS), path_of(ADDRESS)) == (HOST, "/blauwe-knop")
    assert (origin_of(HOST), path_of(f"{HOST}/")) == (HOST, "")


def test_what_is_below_the_path_is_answered_and_leads_below_it(client: Client) -> None:
    for path in ("/blauwe-knop", "/blauwe-knop/"):
        assert client.get(path, base_url=HOST).text == "home"
    assert client.get("/blauwe-knop/away", base_url=HOST).headers["Location"] == "/blauwe-knop/"
    assert client.get("/blauwe-knop/whole", base_url=HOST).text == f"{ADDRESS}/"


@pytest.mark.threat("T-46")
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/away",
        "/blauwe-knopen",
        "/Blauwe-Knop/",
        "//blauwe-knop/",
        "/x/blauwe-knop/",
        "/.well-known/known",
    ],
)
def test_nothing_else_of_the_host_is_ours(client: Client, path: str) -> None:
    answer = client.get(path, base_url=HOST)
    assert answer.status_code == 404
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS


@pytest.mark.threat("T-46")
@pytest.mark.parametrize("header", ["X-Forwarded-Prefix", "X-Script-Name", "Script-Name"])
def test_nobody_who_asks_can_say_below_which_path_we_are(client: Client, header: str) -> None:
    answer = client.get("/blauwe-knop/away", base_url=HOST, headers={header: "//kwaad.example"})
    assert answer.headers["Location"] == "/blauwe-knop/"
    assert client.get("/away", base_url=HOST, headers={header: "/blauwe-knop"}).status_code == 404


def test_what_stands_at_the_root_of_a_host_is_found_there(client: Client) -> None:
    assert client.get("/_health/live", base_url=HOST).status_code == 200
    assert client.get("/.well-known/security.txt", base_url=HOST).text == "security.txt"
    of_us = client.get("/.well-known/oauth-authorization-server/blauwe-knop", base_url=HOST)
    assert of_us.text == "oauth-authorization-server"


@pytest.mark.threat("T-46")
def test_only_what_is_below_the_path_may_run_in_our_pages(client: Client) -> None:
    policy = client.get("/blauwe-knop/", base_url=HOST).headers["Content-Security-Policy"]
    assert f"script-src {ADDRESS}/;" in policy
    assert "'self'" not in policy


def test_logging_out_leaves_alone_what_the_rest_of_the_site_keeps(client: Client) -> None:
    assert client.get("/blauwe-knop/out", base_url=HOST).headers["Clear-Site-Data"] == '"cache"'
