"""pyHanko can talk to nobody: it got a stand-in for its HTTP client."""

from __future__ import annotations

import subprocess
import sys

import pytest

from signing.without_http import take_http_away

_ASK = """
import app, sys
from pyhanko.sign.timestamps import HTTPTimeStamper
from signing.without_http import NoHttpHere
import aiohttp
for begin in (lambda: HTTPTimeStamper("http://127.0.0.1/", auth=("a", "b")), aiohttp.ClientSession):
    try:
        begin()
    except NoHttpHere:
        print("refused")
print("aiohttp.client" in sys.modules)
"""
_LIBRARY = """
import signing.verifying.examination, sys
import aiohttp
aiohttp.ClientSession.__aenter__
print("aiohttp.client" in sys.modules)
"""


def said(code: str) -> list[str]:
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()


def test_in_our_programs_whatever_would_ask_somebody_refuses() -> None:
    assert said(_ASK) == ["refused", "refused", "False"]


def test_who_uses_signing_as_a_library_keeps_his_own() -> None:
    assert said(_LIBRARY) == ["True"]


def test_who_has_loaded_the_real_one_keeps_it(monkeypatch: pytest.MonkeyPatch) -> None:
    real = object()
    monkeypatch.setitem(sys.modules, "aiohttp", real)
    take_http_away()
    assert sys.modules["aiohttp"] is real
