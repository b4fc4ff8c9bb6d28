"""A request hidden in another one (CWE-444), through nginx to gunicorn, with real bytes. What is hidden asks for a page that
nobody else asks for here, so that the log of the service tells when one got through."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.conformance.raw_https import HEADERS, ask_http2, converse, statuses
from tests.support.nginx import HOST, BehindTls, run_behind_nginx

pytestmark = [pytest.mark.conformance, pytest.mark.timeout(600), pytest.mark.threat("T-14")]

HIDDEN = b"GET /woorden HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
LENGTH = str(len(HIDDEN)).encode()
POST = b"POST /controleren HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/plain\r\n"
CHUNKED = f"{len(HIDDEN):x}\r\n".encode() + HIDDEN + b"\r\n0\r\n\r\n"
LAST = b"GET /hulp HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"


def chunked(header: bytes, body: bytes = b"0\r\n\r\n" + HIDDEN) -> bytes:
    return POST + header + b"\r\n" + body


ATTACKS = {
    "CL.TE": chunked(b"Content-Length: " + LENGTH + b"\r\nTransfer-Encoding: chunked\r\n"),
    "TE.CL": chunked(b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n", CHUNKED),
    "TE.TE": chunked(b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n"),
    "TE twice": chunked(b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"),
    "TE list": chunked(b"Transfer-Encoding: identity, chunked\r\nContent-Length: 5\r\n"),
    "TE xchunked": chunked(b"Transfer-Encoding: xchunked\r\nContent-Length: 5\r\n"),
    "TE with a tab": chunked(b"Transfer-Encoding:\tchunked\r\nContent-Length: 5\r\n"),
    "TE with a vertical tab": chunked(b"Transfer-Encoding: \x0bchunked\r\nContent-Length: 5\r\n"),
    "TE with a space before the colon": chunked(b"Transfer-Encoding : chunked\r\nContent-Length: 5\r\n"),
    "TE with an underscore": chunked(b"Transfer_Encoding: chunked\r\nContent-Length: 5\r\n"),
    "TE behind a bare line feed": chunked(b"X: a\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n"),
    "TE behind a bare return": chunked(b"X: a\rTransfer-Encoding: chunked\r\nContent-Length: 5\r\n"),
    "TE of HTTP/1.0": chunked(b"Transfer-Encoding: chunked\r\n").replace(b"HTTP/1.1", b"HTTP/1.0", 1),
    "folded line": chunked(b"X: a\r\n Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"),
    "folded TE": chunked(b"Transfer-Encoding:\r\n chunked\r\nContent-Length: 5\r\n"),
    "chunk extension": chunked(b"Transfer-Encoding: chunked\r\n", b"0;a=b\r\n\r\n" + HIDDEN),
    "chunk extension with a line feed": chunked(b"Transfer-Encoding: chunked\r\n", b"2;\nxx\r\n0\r\n\r\n"),
    "chunk size with 0x": chunked(b"Transfer-Encoding: chunked\r\n", b"0x0\r\n\r\n" + HIDDEN),
    "chunk size that is negative": chunked(b"Transfer-Encoding: chunked\r\n", b"-1\r\n\r\n" + HIDDEN),
    "chunk size that overflows": chunked(
        b"Transfer-Encoding: chunked\r\n", b"10000000000000000\r\n" + HIDDEN
    ),
    "chunk ended by line feeds": chunked(b"Transfer-Encoding: chunked\r\n", b"0\n\n" + HIDDEN),
    "trailer": chunked(b"Transfer-Encoding: chunked\r\n", b"0\r\nContent-Length: 40\r\n\r\n" + HIDDEN),
    "CL twice": POST + b"Content-Length: 0\r\nContent-Length: " + LENGTH + b"\r\n\r\n" + HIDDEN,
    "CL list": POST + b"Content-Length: 0, " + LENGTH + b"\r\n\r\n" + HIDDEN,
    "CL with a plus": POST + b"Content-Length: +0\r\n\r\n" + HIDDEN,
    "CL with a space before the colon": POST + b"Content-Length : 0\r\n\r\n" + HIDDEN,
    "CL with other digits": POST + b"Content-Length: \xd9\xa0\r\n\r\n" + HIDDEN,
    "CL of a GET": b"GET /hulp HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: " + LENGTH + b"\r\n\r\n" + HIDDEN,
    "expect": POST + b"Expect: 100-continue\r\nContent-Length: " + LENGTH + b"\r\n\r\n" + HIDDEN,
    "upgrade": POST + b"Connection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: " + LENGTH + b"\r\n\r\n" + HIDDEN,
    "name of a header that goes": POST + b"Connection: Content-Length\r\nContent-Length: " + LENGTH
    + b"\r\n\r\n" + HIDDEN,
}  # fmt: skip
# What RFC 9112 lets be one whole request: the hidden bytes are then a second one on the same connection, sent openly.
# nginx drops a name with an underscore, takes a line feed for the end of a line, and passes every body on with its length.
OPEN = {"TE with a tab", "TE with an underscore", "chunk extension", "chunk ended by line feeds", "trailer"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BehindTls]:
    def without_limit(text: str) -> str:
        assert "rate=20r/s" in text
        return text.replace("rate=20r/s", "rate=10000r/s")

    with run_behind_nginx(tmp_path_factory.mktemp("smuggling") / "site", without_limit) as running:
        yield running


def asked(site: BehindTls, rule: str) -> int:
    """How often the service itself answered this page, by its own log."""
    lines = [line for line in site.demo.logs().splitlines() if '"answered"' in line]
    return sum(json.loads(line).get("rule") == rule for line in lines)


def others_get_their_own_answers(site: BehindTls) -> None:
    """On more connections than nginx keeps open to the service: a remainder would answer, or spoil, one of them."""
    for _ in range(20):
        answer = converse(site.port, site.root, LAST)
        assert statuses(answer) == [200]
        assert b"<title>Hulp" in answer


def seen_by_nginx(site: BehindTls, path: str) -> int:
    return sum(f" {path} " in line for line in site.log().splitlines())


def test_a_page_that_is_asked_for_openly_is_seen(site: BehindTls) -> None:
    """Else the tests below could not fail."""
    before = asked(site, "/woorden")
    assert statuses(converse(site.port, site.root, HIDDEN + LAST)) == [200, 200]
    assert asked(site, "/woorden") == before + 1


@pytest.mark.parametrize("name", ATTACKS)
def test_the_service_answers_what_nginx_saw_and_nothing_else(site: BehindTls, name: str) -> None:
    before = asked(site, "/woorden"), seen_by_nginx(site, "/woorden")
    answers = statuses(converse(site.port, site.root, ATTACKS[name] + LAST))
    others_get_their_own_answers(site)
    after = asked(site, "/woorden"), seen_by_nginx(site, "/woorden")
    assert after[0] - before[0] == after[1] - before[1]
    assert after[0] == before[0] or name in OPEN, answers
    assert answers, "no answer at all"
    assert set(answers) <= {100, 200, 400, 403, 405, 411, 415, 501}


H2 = [(b":method", b"POST"), (b":scheme", b"https"), (b":authority", HOST.encode())]
PATH = (b":path", b"/controleren")
DOWNGRADES = {
    "CL that is too short": ([*H2, PATH, (b"content-length", b"0")], HIDDEN),
    "CL twice": ([*H2, PATH, (b"content-length", b"0"), (b"content-length", LENGTH)], HIDDEN),
    "TE": ([*H2, PATH, (b"transfer-encoding", b"chunked")], b"0\r\n\r\n" + HIDDEN),
    "TE in a value": ([*H2, PATH, (b"x", b"a\r\nTransfer-Encoding: chunked")], b"0\r\n\r\n" + HIDDEN),
    "TE in a name": ([*H2, PATH, (b"x: a\r\ntransfer-encoding", b"chunked")], b"0\r\n\r\n" + HIDDEN),
    "request in a value": ([*H2, PATH, (b"x", b"a\r\n\r\n" + HIDDEN)], b""),
    "request in the path": ([*H2, (b":path", b"/hulp HTTP/1.1\r\nHost: x\r\n\r\n" + HIDDEN)], b""),
    "request in the method": ([(b":method", HIDDEN + b"GET"), *H2[1:], PATH], b""),
    "request in the authority": ([*H2[:2], (b":authority", b"x\r\n\r\n" + HIDDEN), PATH], b""),
    "two hosts": ([*H2, PATH, (b"host", b"kwaad.example")], HIDDEN),
}


@pytest.mark.parametrize("name", DOWNGRADES)
def test_http_2_brings_nothing_along(site: BehindTls, name: str) -> None:
    before = asked(site, "/woorden")
    ask_http2(site.port, site.root, *DOWNGRADES[name])
    others_get_their_own_answers(site)
    assert asked(site, "/woorden") == before


def test_http_2_is_understood(site: BehindTls) -> None:
    """Else the frames above would prove nothing."""
    before = asked(site, "/woorden")
    headers = [(b":method", b"GET"), *H2[1:], (b":path", b"/woorden")]
    assert HEADERS in ask_http2(site.port, site.root, headers, b"")
    assert asked(site, "/woorden") == before + 1
