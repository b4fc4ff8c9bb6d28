"""Headers, hosts, form tokens, sizes and health."""

import functools
import io
from ipaddress import ip_network
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from flask import render_template_string, request

from app.http.client_certificate import current_certificate
from app.http.proxy import TrustedProxies
from app.http.request_body import BodyLimits, BoundedBodies
from app.http.security_headers import HEADERS
from app.ports.storage import StorageUnavailable
from tests.support.apps import App
from tests.support.clock import FrozenClock
from tests.support.site import Site, make_site
from tests.unit.http.conftest import Browser

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment


@pytest.mark.parametrize("path", ["/", "/nowhere", "/away", "/who", "/_health/live", "/static/site.sqlite3"])
def test_every_answer_has_every_header(browser: Browser, path: str) -> None:
    answer = browser.get(path)
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS


@pytest.mark.threat("T-12")
def test_the_content_security_policy_is_strict() -> None:
    policy = HEADERS["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert "*" not in policy
    assert "data:" not in policy
    for part in ("base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'"):
        assert part in policy


@pytest.mark.threat("T-14")
def test_only_static_files_may_be_kept_by_a_browser(browser: Browser) -> None:
    assert browser.get("/").headers["Cache-Control"] == "no-store"
    assert browser.get("/nowhere").headers["Cache-Control"] == "no-store"
    assert browser.get("/static/missing").headers["Cache-Control"] == "no-store"
    assert browser.get("/static/site.sqlite3").headers["Cache-Control"] != "no-store"


@pytest.mark.threat("T-14")
def test_only_the_public_host_is_answered(site: Site) -> None:
    client = site.app.test_client()
    assert client.get("/", base_url="https://schulden.example:8443").status_code == 200
    assert client.get("/", base_url="https://evil.example").status_code == 400


@pytest.mark.threat("T-14")
@pytest.mark.parametrize("path", ["/away//", "/set//name/value", "/set/name//value", "/away/"])
def test_no_spelling_of_a_path_leads_to_the_address_that_a_visitor_named(site: Site, path: str) -> None:
    answer = site.app.test_client().get(path, base_url="https://schulden.example:8443")
    assert (answer.status_code, answer.headers.get("Location")) == (404, None)


@pytest.mark.threat("T-14")
def test_headers_of_a_proxy_count_only_where_one_is_configured(tmp_path: Path) -> None:
    near, far = ip_network("127.0.0.0/8"), ip_network("10.0.0.0/8")
    for number, (hops, networks, expected) in enumerate(
        ((0, (), "http"), (0, (near,), "http"), (1, (far,), "http"), (1, (far, near), "https"))
    ):
        folder = tmp_path / str(number)
        folder.mkdir()
        site = make_site(folder, proxies=TrustedProxies(hops, networks))
        site.app.add_url_rule("/scheme", view_func=lambda: request.scheme)
        answer = site.app.test_client().get(
            "/scheme", base_url="http://schulden.example", headers={"X-Forwarded-Proto": "https"}
        )
        assert answer.text == expected
        site.database.close()


@pytest.mark.threat("T-33")
def test_a_certificate_counts_only_when_our_own_proxy_tells_it(tmp_path: Path) -> None:
    near, far = ip_network("127.0.0.0/8"), ip_network("10.0.0.0/8")
    app = App(FrozenClock())
    told = quote(x509.load_der_x509_certificate(app.certificate).public_bytes(Encoding.PEM))
    for number, (networks, header, counts) in enumerate(
        (
            ((near,), "X-Client-Certificate", True),
            ((near,), "X-Other", False),
            ((near,), None, False),
            ((far,), "X-Client-Certificate", False),
        )
    ):
        folder = tmp_path / str(number)
        folder.mkdir()
        site = make_site(folder, proxies=TrustedProxies(1, networks, header))
        site.app.add_url_rule("/certificate", view_func=lambda: current_certificate() or b"none")
        ask = functools.partial(site.app.test_client().get, "/certificate", base_url=site.base_url)
        answer = ask(headers={"X-Client-Certificate": told})
        assert answer.data == (app.certificate if counts else b"none")
        for broken in ("", "x", told[:200], told * 40):
            assert ask(headers={"X-Client-Certificate": broken}).data == b"none"
        stolen = {"blauwe_knop.client_certificate": told}
        assert ask(environ_base={"REMOTE_ADDR": "192.0.2.1", **stolen}).data == b"none"
        site.database.close()


def add_form(site: Site) -> None:
    @site.app.route("/form", methods=["GET", "POST"])
    def form() -> str:
        if request.method == "POST":
            return "received"
        return render_template_string("{{ csrf_token() }}")


@pytest.mark.threat("T-11")
def test_a_form_needs_the_token_of_its_own_session(site: Site) -> None:
    add_form(site)
    mine, theirs = site.app.test_client(), site.app.test_client()
    token = mine.get("/form", base_url=site.base_url).text
    theirs.get("/form", base_url=site.base_url)
    referer = {"Referer": f"{site.base_url}/form"}
    data = {"csrf_token": token}
    assert mine.post("/form", data=data, base_url=site.base_url, headers=referer).text == "received"
    for client, body in ((mine, {}), (theirs, data)):
        answer = client.post("/form", data=body, base_url=site.base_url, headers=referer)
        assert answer.status_code == 400
        assert "Het formulier is verlopen" in answer.text


ELSEWHERE = (
    {"Referer": "https://evil.example/"},
    {"Referer": "https://schulden.example.evil.example/form"},
    {"Referer": "https://schulden.example@evil.example/form"},
    {"Referer": "http://schulden.example/form"},
    {"Referer": "https://schulden.example:8443/form"},
    {"Referer": "null", "Origin": "null"},
    {"Origin": "https://schulden.example"},
)


@pytest.mark.threat("T-11")
def test_a_form_from_another_site_is_refused_even_with_a_token(site: Site) -> None:
    add_form(site)
    client = site.app.test_client()
    token = client.get("/form", base_url=site.base_url).text
    for headers in ELSEWHERE:
        answer = client.post("/form", data={"csrf_token": token}, base_url=site.base_url, headers=headers)
        assert answer.status_code == 400, headers


def test_a_file_over_the_limit_is_refused_in_words(site: Site) -> None:
    add_form(site)
    for size, expected in ((900_000, 400), (1_100_000, 413)):
        data = {"file": (io.BytesIO(b"x" * size), "a.pdf")}
        answer = site.app.test_client().post("/form", data=data, base_url=site.base_url)
        assert answer.status_code == expected
    assert "te groot" in answer.text


@pytest.mark.parametrize(
    ("length", "taken", "left"),
    [(100, 0, 0), (100, 30, 0), (50, 0, 50), (1_000_000, 0, 999_900), (0, 0, 100)],
)
def test_the_rest_of_a_body_is_read_up_to_a_limit(length: int, taken: int, left: int) -> None:
    stream = io.BytesIO(b"x" * (1_000_000 if length == 1_000_000 else 100))

    def application(environ: "WSGIEnvironment", start_response: object) -> list[bytes]:
        environ["wsgi.input"].read(taken)
        return [b"answer"]

    environ: WSGIEnvironment = {"wsgi.input": stream, "CONTENT_LENGTH": str(length)}
    drained = BoundedBodies(application, BodyLimits(500))(environ, lambda *_: print)
    assert drained == [b"answer"]
    if length == 1_000_000:
        assert stream.tell() == 0
    else:
        assert len(stream.read()) == left


def test_health_tells_which_part_fails_and_nothing_else(tmp_path: Path) -> None:
    def broken() -> bool:
        raise StorageUnavailable("postgresql://secret")

    site = make_site(tmp_path, {"database": broken, "level": lambda: True})
    client = site.app.test_client()
    assert client.get("/_health/live", base_url=site.base_url).get_json() == {"status": "ok"}
    answer = client.get("/_health/ready", base_url=site.base_url)
    assert answer.status_code == 503
    assert answer.get_json() == {
        "status": "failed",
        "checks": {"database": "failed", "level": "ok"},
        "notes": {},
    }
    site.database.close()


def test_health_is_well_when_every_part_is(tmp_path: Path) -> None:
    site = make_site(tmp_path, {"database": lambda: True}, health_notes={"jobs": lambda: False})
    answer = site.app.test_client().get("/_health/ready", base_url=site.base_url)
    assert (answer.status_code, answer.get_json()["status"]) == (200, "ok")
    assert answer.get_json()["notes"] == {"jobs": "failed"}
    site.database.close()
