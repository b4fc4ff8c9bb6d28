"""The service below a path of a municipality's own host, behind Debian's nginx with deploy/nginx-path.conf, in a real browser."""

from __future__ import annotations

import contextlib
import http.client
import json
import re
import shutil
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from simulators.authority import Authority
from tests.e2e.conftest import CHROMIUM_ARGUMENTS
from tests.e2e.steps import ANNA, download, new_context
from tests.support.demo import RunningDemo, free_port_range, run_demo
from tests.support.nginx import BEHIND, HOST, MAIN, changed, running_nginx
from tests.support.pdf_reading import plain_text

pytestmark = [pytest.mark.conformance, pytest.mark.timeout(600)]

PATH = "/blauwe-knop"


@dataclass(frozen=True)
class SharedHost:
    """The municipality's own site at `origin`, and ours below PATH of it. `folder` holds the logs of nginx."""

    origin: str
    folder: Path
    demo: RunningDemo

    @property
    def url(self) -> str:
        return self.origin + PATH

    def ask(self, path: str) -> tuple[int, str]:
        context = ssl.create_default_context(cafile=str(self.folder / "root.pem"))
        connection = http.client.HTTPSConnection(
            self.origin.removeprefix("https://"), timeout=60, context=context
        )
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read().decode()


class MunicipalSite(BaseHTTPRequestHandler):
    """Shows what it was sent, as a site might log it."""

    def do_GET(self) -> None:
        body = f"<title>Gemeente</title><h1>Koekjes: {self.headers.get('Cookie', '')}</h1>".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Set-Cookie", "eigen=koekje; Path=/")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing on standard error."""


@contextlib.contextmanager
def municipal_site() -> Iterator[int]:
    server = ThreadingHTTPServer((HOST, 0), MunicipalSite)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


@contextlib.contextmanager
def nginx(folder: Path, port: int, service_port: int, municipal_port: int) -> Iterator[None]:
    authority = Authority.create()
    authority.write_tls_root(folder / "root.pem")
    identity = authority.issue_server((HOST,)).write(folder, "site")
    site = changed(
        "nginx-path.conf",
        {
            "server 127.0.0.1:8000;": f"server 127.0.0.1:{service_port};",
            "server 127.0.0.1:8080;": f"server 127.0.0.1:{municipal_port};",
            "listen 443 ssl http2;": f"listen {HOST}:{port} ssl http2;",
            # Forms are compared with the host that the browser names, with its port where that is not 443.
            "proxy_set_header Host $host;": f"proxy_set_header Host $host:{port};",
            "server_name www.gemeente.example;": f"server_name {HOST};",
            "/etc/ssl/www.gemeente.example.pem": str(identity.certificate_file),
            "/etc/ssl/private/www.gemeente.example.key": str(identity.key_file),
            "access_log /dev/stdout": f"access_log {folder}/access.log",
            "error_log /dev/stderr": f"error_log {folder}/error.log",
        },
    )
    (folder / "nginx.conf").write_text(MAIN.format(folder=folder), "utf-8")
    (folder / "site.conf").write_text(site, "utf-8")
    with running_nginx(folder, port):
        yield


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SharedHost]:
    folder, port = tmp_path_factory.mktemp("shared"), free_port_range()
    origin = f"https://{HOST}:{port}"

    def change(text: str) -> str:
        own = f'public_url = "{origin}{PATH}"'
        return re.sub(r'^public_url = "[^"]*"', own, text, count=1, flags=re.M) + BEHIND

    with (
        run_demo(folder / "instance", change, origin + PATH) as demo,
        municipal_site() as municipal_port,
        nginx(folder, port, demo.instance.port, municipal_port),
    ):
        yield SharedHost(origin, folder, demo)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=CHROMIUM_ARGUMENTS
        )
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, shared: SharedHost) -> Iterator[Page]:
    context = new_context(browser, shared.origin, ignore_https_errors=True)
    page = context.new_page()
    yield page
    context.close()


def log_in(page: Page) -> None:
    page.goto(PATH)
    page.get_by_role("main").get_by_role("link", name="Inloggen met DigiD").click()
    page.get_by_role("button", name=ANNA).click()
    page.wait_for_url(f"**{PATH}/overzicht")


def watch(page: Page, shared: SharedHost) -> tuple[list[str], list[str]]:
    """What the browser complains of, and what it asks of our host outside our path."""
    complaints: list[str] = []
    outside: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on(
        "request",
        lambda request: (
            outside.append(request.url)
            if request.url.startswith(shared.origin) and not request.url.startswith(shared.url)
            else None
        ),
    )
    return complaints, outside


def test_a_citizen_logs_in_looks_downloads_verifies_and_logs_out(
    shared: SharedHost, page: Page, tmp_path: Path
) -> None:
    complaints, outside = watch(page, shared)
    log_in(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Wat u moet betalen")
    file = download(page, "Overzicht downloaden (pdf)", tmp_path)
    assert f"{shared.url}/controleren" in "".join(plain_text(file).split())
    page.goto(f"{PATH}/controleren")
    page.get_by_label("Een of meer bestanden").set_input_files(file)
    page.get_by_role("button", name="Controleren").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("echt")
    page.goto(f"{PATH}/uitloggen")
    page.get_by_role("main").get_by_role("button", name="Uitloggen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("U bent uitgelogd")
    page.get_by_role("link", name="Ook uitloggen bij DigiD").click()
    page.wait_for_url(f"{shared.url}/")
    assert complaints == [], "style sheets, letters, scripts and forms all fit in the policy"
    assert outside == [], "nothing leads out of our path"
    assert "inloggen/terug" in (shared.folder / "access.log").read_text("utf-8")
    assert "code=" not in (shared.folder / "access.log").read_text("utf-8")


@pytest.mark.threat("T-46")
def test_the_rest_of_the_host_gets_its_own_cookies_and_none_of_ours(shared: SharedHost, page: Page) -> None:
    page.goto("/")
    log_in(page)
    names = {one.get("name", "") for one in page.context.cookies()}
    assert {"eigen", "__Host-bk_sessie"} <= names
    page.goto("/")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_contain_text("eigen=koekje")
    expect(heading).not_to_contain_text("__Host-bk_")
    page.goto(f"{PATH}/overzicht")
    expect(heading).to_have_text("Wat u moet betalen")


def test_programs_find_everything_by_the_address_with_the_path(shared: SharedHost) -> None:
    status, text = shared.ask(f"/.well-known/oauth-authorization-server{PATH}")
    described = json.loads(text)
    assert (status, described["issuer"]) == (200, shared.url)
    assert described["token_endpoint"] == f"{shared.url}/oauth/token"
    contract = json.loads(shared.ask(f"{PATH}/api/v1/openapi.json")[1])
    assert contract["servers"][0]["url"] == f"{shared.url}/api/v1"
    assert shared.ask(f"{PATH}/api/v1/bronnen")[0] == 200
    assert shared.ask(f"{PATH}/inloggen/sleutels")[0] == 200
    assert shared.ask(f"{PATH}/_health/live")[0] == 404
    assert "Gemeente" in shared.ask("/blauwe-knopen")[1]
