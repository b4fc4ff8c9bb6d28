"""What nginx answers by itself (deploy/) has the headers and the words of the service."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from werkzeug.exceptions import (
    BadRequest,
    Forbidden,
    HTTPException,
    MethodNotAllowed,
    NotFound,
    RequestEntityTooLarge,
    ServiceUnavailable,
    TooManyRequests,
)

from app.http.error_table import explain
from app.http.errors import NO_EXTRA
from app.http.security_headers import HEADERS

DEPLOY = Path(__file__).parents[3] / "deploy"
SITE = (DEPLOY / "nginx.conf").read_text("utf-8")
SHARED = (DEPLOY / "nginx-shared.conf").read_text("utf-8")


def words(name: str) -> dict[str, str]:
    """What one `map $status` gives, by status; others are "default"."""
    block = SITE.split(f"map $status $blauwe_knop_{name} {{", 1)[1].split("}", 1)[0]
    found = dict(re.findall(r'(\d{3}|default|"[^"]+") "?([^";]*)"?;', block))
    return {key.replace('"~^50[0234]$"', "503"): value for key, value in found.items()}


@pytest.mark.parametrize(
    "kind", [Forbidden, NotFound, MethodNotAllowed, RequestEntityTooLarge, TooManyRequests, ServiceUnavailable, BadRequest]
)  # fmt: skip
def test_nginx_says_it_in_the_same_words(kind: type[HTTPException]) -> None:
    expected, status = explain(kind(), NO_EXTRA), str(kind.code)
    title, following, wait = words("title"), words("next"), words("wait")
    assert title.get(status, title["default"]) == expected.title
    assert following.get(status, following["default"]) == expected.text
    assert wait.get(status, wait["default"]) == str(expected.retry_after_s or "")


def test_nginx_adds_the_same_headers() -> None:
    added = dict(re.findall(r'add_header (\S+) "?([^"]+?)"? always;', SHARED))
    assert added.pop("Content-Security-Policy").startswith("default-src 'none'; base-uri 'none'; form-action")
    assert added.pop("Cache-Control") == "no-store"
    assert added.pop("Retry-After") == "$blauwe_knop_wait"
    assert added == {name: value for name, value in HEADERS.items() if name != "Content-Security-Policy"}
