"""pyHanko can talk to nobody: it got a stand-in for its HTTP client."""

from __future__ import annotations

import sys

import aiohttp
import pytest
from pyhanko.sign.timestamps import HTTPTimeStamper

from signing.without_http import NoHttpHere, take_http_away


@pytest.mark.parametrize(
    "begin",
    [
        lambda: HTTPTimeStamper("http://127.0.0.1/", auth=("a", "b")),
        lambda: aiohttp.ClientSession(),
    ],
)
def test_whatever_would_ask_somebody_refuses(begin: object) -> None:
    assert callable(begin)
    with pytest.raises(NoHttpHere):
        begin()


def test_the_real_one_was_never_loaded() -> None:
    assert "aiohttp.client" not in sys.modules


def test_who_has_loaded_the_real_one_keeps_it(monkeypatch: pytest.MonkeyPatch) -> None:
    real = object()
    monkeypatch.setitem(sys.modules, "aiohttp", real)
    take_http_away()
    assert sys.modules["aiohttp"] is real
