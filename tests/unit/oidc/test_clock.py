"""A clock that is wrong stops the start; a provider that cannot be asked does not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import ClassVar

import pytest
from joserfc.jwk import RSAKey

from app.oidc.clock import clock_trouble
from app.oidc.config import OidcConfig
from app.oidc.presets import PRESETS
from tests.support.clock import FrozenClock

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


class Provider(BaseHTTPRequestHandler):
    headers_to_say: ClassVar[dict[str, str]] = {}

    def do_GET(self) -> None:
        self.send_response_only(200)
        for name, value in self.headers_to_say.items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def issuer() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def trouble(issuer: str, said: dict[str, str]) -> str | None:
    Provider.headers_to_say = said
    pem = RSAKey.generate_key(3072).as_pem(private=True).decode()
    config = OidcConfig(issuer=issuer, client_id="ons", signing_key_pem=pem, profile=PRESETS["keycloak"])
    return clock_trouble(config, FrozenClock(NOW), allow_loopback_http=True)


def date(offset: float) -> str:
    return format_datetime(NOW + timedelta(seconds=offset), usegmt=True)


@pytest.mark.parametrize("offset", [0, 59, -59])
def test_less_than_a_minute_is_well(issuer: str, offset: float) -> None:
    assert trouble(issuer, {"Date": date(offset)}) is None


@pytest.mark.parametrize("offset", [3600, -3600])
def test_more_than_a_minute_is_told_in_one_line(issuer: str, offset: float) -> None:
    found = trouble(issuer, {"Date": date(offset)})
    assert found is not None
    assert "differs 3600 seconds" in found
    assert "\n" not in found


def test_an_answer_that_a_cache_kept_is_as_old_as_it_says(issuer: str) -> None:
    assert trouble(issuer, {"Date": date(-3600), "Age": "3600"}) is None


@pytest.mark.parametrize("said", [{}, {"Date": "gisteren"}, {"Date": date(0), "Age": "lang"}])
def test_who_does_not_say_the_time_stops_nobody(issuer: str, said: dict[str, str]) -> None:
    assert trouble(issuer, said) is None


def test_who_cannot_be_reached_stops_nobody(issuer: str) -> None:
    assert trouble("http://127.0.0.1:1", {}) is None
