"""The service behind nginx with deploy/nginx.conf, before other people's judges of TLS and headers."""

from __future__ import annotations

import http.client
import json
import os
import re
import ssl
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from app.persistence.client_store import SqlClientStore
from app.persistence.engine import open_database
from app.ports.clients import Binding, ClientAuthentication
from tests.conformance.pages import Visit, pages_document
from tests.support.apps import App
from tests.support.nginx import HOST, BehindTls, run_behind_nginx
from tests.support.visitor import Visitor
from tests.support.waiting import wait_until

pytestmark = [pytest.mark.conformance, pytest.mark.timeout(600)]

ROOT = Path(__file__).parents[2]
TOOLS = ROOT / ".venv-tools" / "bin"
OBSERVATORY = Path(__file__).parent / "observatory" / "node_modules" / "@mdn" / "mdn-http-observatory"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BehindTls]:
    with run_behind_nginx(tmp_path_factory.mktemp("tls") / "site") as running:
        yield running


def ask(site: BehindTls, path: str, **headers: str) -> http.client.HTTPResponse:
    context = ssl.create_default_context(cafile=str(site.root))
    connection = http.client.HTTPSConnection(HOST, site.port, timeout=60, context=context)
    connection.request(
        "GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()}
    )
    response = connection.getresponse()
    response.body = response.read()  # type: ignore[attr-defined]
    return response


@dataclass(frozen=True)
class Program:
    """An app back end with a client certificate, that was registered; `folder` holds its files."""

    app: App
    folder: Path

    def push(self, site: BehindTls, port: int, *, shows: bool, told: str | None = None) -> int:
        """Status of a pushed request, without any other proof of who it is. `told`: the header, as a visitor sends it."""
        context = ssl.create_default_context(cafile=str(site.root))
        if shows:
            context.load_cert_chain(self.folder / "app.pem", self.folder / "app.key")
        connection = http.client.HTTPSConnection(HOST, port, timeout=60, context=context)
        form = self.app.push_form(redirect_uri=site.demo.instance.app_redirect_uri, dpop_jkt=None)
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        if told is not None:
            headers["X-Client-Certificate"] = told
        connection.request("POST", "/oauth/par", urlencode(form), headers)
        return connection.getresponse().status


class Now:
    """Implements app.ports.clock.Clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


def new_program(site: BehindTls, folder: Path, client_id: str) -> Program:
    folder.mkdir()
    program = Program(App(Now(), client_id), folder)
    certificate = x509.load_der_x509_certificate(program.app.certificate).public_bytes(Encoding.PEM)
    (folder / "app.pem").write_bytes(certificate)
    (folder / "app.key").write_bytes(program.app.key.as_pem(private=True))
    return program


@pytest.mark.threat("T-33")
def test_a_program_is_known_by_the_certificate_of_its_connection_and_by_nothing_that_it_says(
    site: BehindTls, tmp_path: Path
) -> None:
    mine = new_program(site, tmp_path / "mine", "app-met-certificaat")
    stranger = Program(mine.app, new_program(site, tmp_path / "stranger", "x").folder)
    by_certificate = mine.app.client(
        authentication=ClientAuthentication.CERTIFICATE,
        binding=Binding.CERTIFICATE,
        redirect_uris=(site.demo.instance.app_redirect_uri,),
    )
    database = open_database(f"sqlite:///{site.demo.instance.database_file}")
    SqlClientStore(database).add(by_certificate, None, replace=False)
    database.close()
    told = quote((mine.folder / "app.pem").read_text())
    door, other_door = site.certificate_port, site.port
    assert mine.push(site, door, shows=True) == 201
    assert mine.push(site, door, shows=False) == 401
    assert stranger.push(site, door, shows=True) == 401
    for port in (door, other_door):
        assert mine.push(site, port, shows=False, told=told) == 401
        assert stranger.push(site, port, shows=True, told=told) == 401
    assert mine.push(site, other_door, shows=True) == 401, "nobody asks for a certificate there"


@pytest.mark.threat("T-31")
def test_sslyze_finds_mozillas_intermediate_configuration(site: BehindTls, tmp_path: Path) -> None:
    """Newer than the NCSC's words, and no weaker: TLS 1.2 and 1.3, forward secrecy, authenticated encryption only."""
    report = tmp_path / "sslyze.json"
    command = [str(TOOLS / "sslyze"), "--certinfo_ca_file", str(site.root), "--json_out", str(report)]
    command += ["--mozilla_config", "intermediate", "--early_data", "--reneg", "--compression"]
    result = subprocess.run(
        [*command, f"{HOST}:{site.port}"], capture_output=True, text=True, check=False, timeout=300
    )
    assert "OK - Compliant" in result.stdout, result.stdout
    scan = json.loads(report.read_text("utf-8"))["server_scan_results"][0]["scan_result"]
    assert scan["tls_compression"]["result"]["supports_compression"] is False
    assert scan["session_renegotiation"]["result"]["is_vulnerable_to_client_renegotiation_dos"] is False
    assert scan["tls_1_3_early_data"]["result"]["supports_early_data"] is False


_ABOUT_THE_TOOL = {"engine_problem"}  # this machine's openssl has no GOST
_LOOKED_AT = {"SSLv3", "TLS1", "TLS1_3", "HSTS_time", "heartbleed", "CRIME_TLS"}


def test_testssl_finds_nothing_above_low(site: BehindTls, tmp_path: Path) -> None:
    report = tmp_path / "testssl.json"
    options = [
        "--quiet",
        "--color",
        "0",
        "--warnings",
        "off",
        "--ip",
        "one",
        "-p",
        "-s",
        "-h",
        "-R",
        "-C",
        "-B",
        "-H",
    ]
    command = [
        "testssl",
        *options,
        "--add-ca",
        str(site.root),
        "--jsonfile",
        str(report),
        f"{HOST}:{site.port}",
    ]
    subprocess.run(command, capture_output=True, text=True, check=False, timeout=500)
    findings = [one for one in json.loads(report.read_text("utf-8")) if one["id"] not in _ABOUT_THE_TOOL]
    assert {one["id"] for one in findings} >= _LOOKED_AT
    assert [one for one in findings if one["severity"] in ("MEDIUM", "HIGH", "CRITICAL", "WARN")] == []


def test_the_observatory_passes_every_header(site: BehindTls) -> None:
    """Not its test of the redirect: that looks at port 80, which is not ours here; see the next test."""
    (OBSERVATORY / "conf" / "hsts-preload.json").write_text("{}", "utf-8")
    result = subprocess.run(
        ["node", str(OBSERVATORY / "src" / "scan.js"), f"{HOST}:{site.port}"],
        env={**os.environ, "NODE_EXTRA_CA_CERTS": str(site.root)},
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    tests = json.loads(result.stdout)["tests"]
    assert len(tests) >= 9
    assert [name for name, one in tests.items() if not one["pass"] and name != "redirection"] == []


def test_plain_http_leads_to_https_on_the_same_host(site: BehindTls) -> None:
    connection = http.client.HTTPConnection(HOST, site.plain_port, timeout=60)
    for host in (HOST, "kwaad.example"):
        connection.request("GET", "/controleren", headers={"Host": host})
        response = connection.getresponse()
        response.read()
        assert response.status == 301
        assert response.headers["Location"] == f"https://{HOST}/controleren"


def test_security_txt_is_one(site: BehindTls) -> None:
    response = ask(site, "/.well-known/security.txt")
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    script = (
        "import sys, sectxt; p = sectxt.Parser(sys.stdin.buffer.read()); "
        "print([e['code'] for e in p.errors]); print(p.is_valid())"
    )
    result = subprocess.run(
        [str(TOOLS / "python"), "-c", script],
        input=response.body,  # type: ignore[attr-defined]
        capture_output=True,
        check=True,
        timeout=60,
    )
    assert result.stdout.decode().split("\n")[:2] == ["[]", "True"]


def test_nobody_names_a_version(site: BehindTls) -> None:
    for path in ("/", "/bestaat-niet", "/%00", "/" + "x" * 9000):
        response = ask(site, path)
        assert not re.search(r"\d", response.headers["Server"] or ""), path
        assert not re.search(rb"(nginx|gunicorn|werkzeug)/?\s*\d", response.body, re.I), path  # type: ignore[attr-defined]


@pytest.mark.threat("T-31")
def test_what_a_visitor_writes_about_himself_is_thrown_away(site: BehindTls) -> None:
    """Else anybody could be another address for the limits on how often one may come, or another host."""
    for _ in range(3):
        forged = ask(
            site,
            "/inloggen",
            X_Forwarded_For="10.9.8.7",
            X_Forwarded_Host="kwaad.example",
            X_Forwarded_Proto="http",
        )
        assert "kwaad.example" not in (forged.headers["Location"] or "")
    other_host = ask(site, "/", Host="kwaad.example")
    assert other_host.status == 400
    assert "10.9.8.7" not in site.demo.logs()


def test_the_log_of_nginx_has_no_queries(site: BehindTls) -> None:
    ask(site, "/inloggen/terug?code=geheim-woord&state=ander-woord")
    wait_until(lambda: "/inloggen/terug" in site.log(), "nginx writes its line after it answered")
    assert "geheim-woord" not in site.log()


def test_schemathesis_breaks_no_page(site: BehindTls, tmp_path: Path) -> None:
    """Every route with every method and any input, without a session: never a 5xx."""
    document = tmp_path / "pages.json"
    pages = pages_document(site.demo.instance.settings_file, Visit("simulators.demo.wsgi"))
    document.write_text(json.dumps(pages), "utf-8")
    assert len(json.loads(document.read_text("utf-8"))["paths"]) > 20
    command = [str(TOOLS / "schemathesis"), "run", str(document), "--url", site.demo.url, "--workers", "2"]
    options = ["--checks", "not_a_server_error", "--max-examples", "15", "--seed", "1", "--warnings", "off"]
    result = subprocess.run(
        [*command, *options], capture_output=True, text=True, check=False, timeout=500, cwd=tmp_path
    )
    assert result.returncode == 0, result.stdout[-4000:]
    visitor = Visitor()
    assert visitor.get(f"{site.demo.url}/_health/ready").status == 200
