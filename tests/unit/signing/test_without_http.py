"""pyHanko can talk to nobody: it got a stand-in for its HTTP client."""

from __future__ import annotations

import sys

import pytest
from pyhanko.sign.timestamps import HTTPTimeStamper
from pyhanko_certvalidator.fetchers.aiohttp_fetchers.util import LazySession

from signing.without_http import NoHttpHere, take_http_away


@pytest.mark.parametrize(
    "begin",
    [
        lambda: HTTPTimeStamper("http://127.0.0.1/", auth=("a", "b")),
        lambda: LazySession().get_session(),
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
