"""What nginx answers by itself, with the files of deploy/ and no service behind it: our headers, a page with a next step, and a
number that stands in its log."""

from __future__ import annotations

import http.client
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.http.security_headers import HEADERS
from tests.conformance.raw_https import converse, statuses
from tests.support.demo import free_port_range
from tests.support.nginx import HOST, Nginx, run_nginx
from tests.support.waiting import PATIENCE_S, wait_until

pytestmark = [pytest.mark.conformance, pytest.mark.timeout(600)]

CLOSE = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nginx]:
    port = free_port_range()
    with run_nginx(tmp_path_factory.mktemp("nginx"), port, port + 10) as running:
        yield running


def head_of(answer: bytes) -> tuple[int, dict[str, str], str]:
    head, _, body = answer.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines)
    return int(first.split()[1]), headers, body.decode()


REFUSED = {
    "nothing behind it": (b"GET /inloggen/terug?code=geheim-woord HTTP/1.1\r\nHost: x\r\n", 502),
    "a file over the limit": (b"POST /controleren HTTP/1.1\r\nHost: x\r\nContent-Length: 99000000\r\n", 413),
    "health": (b"GET /_health/ready HTTP/1.1\r\nHost: x\r\n", 404),
    "health, written otherwise": (b"GET /a/..//%5fhealth/live HTTP/1.1\r\nHost: x\r\n", 404),
    "metrics": (b"GET /metrics HTTP/1.1\r\nHost: x\r\n", 404),
    "its own page": (b"GET /_antwoord HTTP/1.1\r\nHost: x\r\n", 404),
    "trace": (b"TRACE / HTTP/1.1\r\nHost: x\r\n", 405),
    "no host": (b"GET / HTTP/1.1\r\n", 400),
    "no such version": (b"GET / HTTP/9.9\r\nHost: x\r\n", 505),
    "headers that are too long": (b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 9000 + b"\r\n", 400),
    "an address that is too long": (b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: x\r\n", 414),
}


@pytest.mark.parametrize("name", REFUSED)
def test_its_own_answers_have_our_headers_and_a_next_step(alone: Nginx, name: str) -> None:
    request, expected = REFUSED[name]
    status, headers, body = head_of(converse(alone.port, alone.root, request + b"Connection: close\r\n\r\n"))
    assert status == expected
    looked_at_apart = {"Content-Security-Policy"}
    assert {one: headers.get(one) for one in HEADERS if one not in looked_at_apart} == {
        one: value for one, value in HEADERS.items() if one not in looked_at_apart
    }
    assert headers["Content-Security-Policy"].startswith("default-src 'none'; base-uri 'none'; ")
    assert headers["Cache-Control"] == "no-store"
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert ("Retry-After" in headers) == (status == 502)
    assert '<a href="/">Naar de startpagina</a>' in body
    number = re.search(r"Referentienummer: ([0-9a-f]{32})<", body)
    assert number is not None
    wait_until(lambda: number.group(1) in alone.log(), "the number is not in the log")
    assert "nginx" not in body
    assert "geheim-woord" not in alone.log() + alone.errors()


def test_who_comes_too_often_reads_how_long_to_wait(tmp_path: Path) -> None:
    port = free_port_range()

    def slower(text: str) -> str:
        return text.replace("rate=20r/s", "rate=1r/m")

    with run_nginx(tmp_path, port, port + 10, slower) as running:
        asked = converse(running.port, running.root, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" * 70 + CLOSE)
        last = converse(running.port, running.root, CLOSE)
    assert set(statuses(asked)) == {502, 429}
    status, headers, body = head_of(last)
    assert (status, headers["Retry-After"]) == (429, "300")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "Wacht 5 minuten" in body


def plain(alone: Nginx, method: str, path: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection(HOST, alone.plain_port, timeout=PATIENCE_S)
    connection.request(method, path, headers={"Host": "kwaad.example"})
    answer = connection.getresponse()
    answer.read()
    return answer


@pytest.mark.threat("T-14")
def test_plain_http_leads_people_to_our_own_name_and_tells_programs_that_it_is_wrong(alone: Nginx) -> None:
    for method, path in (("GET", "/controleren?a=b"), ("HEAD", "/"), ("GET", "/zegel")):
        answer = plain(alone, method, path)
        assert (answer.status, answer.headers["Location"]) == (301, f"https://{HOST}{path}")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    programs = ("/metrics", "/_health/live", "/uitloggen/melding", "/inloggen/sleutels", "/api/v1/x")
    refused = [("GET", path) for path in (*programs, "/inloggen/terug?code=a")]
    for method, path in (*refused, ("POST", "/controleren"), ("PUT", "/")):
        answer = plain(alone, method, path)
        assert (answer.status, answer.headers["Location"]) == (404, None), path
        assert answer.headers["X-Frame-Options"] == "DENY"


def test_the_operator_site_is_for_its_own_networks_only(alone: Nginx) -> None:
    for path in (b"/", b"/metrics", b"/bronnen/x"):
        request = b"GET " + path + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        status, _, body = head_of(converse(alone.operator_port, alone.root, request))
        assert status == 403
        assert "U mag deze pagina niet zien" in body


def test_plain_http_on_the_port_of_tls_is_answered_too(alone: Nginx) -> None:
    connection = http.client.HTTPConnection(HOST, alone.port, timeout=PATIENCE_S)
    connection.request("GET", "/")
    answer = connection.getresponse()
    assert answer.status == 400
    assert "Dit verzoek klopt niet" in answer.read().decode()
    assert answer.headers["X-Frame-Options"] == "DENY"
