"""The settings that every command of one run uses."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from app import settings
from app.settings import Settings

_allows_loopback_http = ContextVar("allows_loopback_http", default=False)


@contextmanager
def of_this_run(*, allow_loopback_http: bool) -> Iterator[None]:
    """Inside, commands accept http addresses on this machine or not. Only `simulators/demo` asks for it."""
    token = _allows_loopback_http.set(allow_loopback_http)
    try:
        yield
    finally:
        _allows_loopback_http.reset(token)


def allows_loopback_http() -> bool:
    """Whether this run is one of the demo."""
    return _allows_loopback_http.get()


def load_settings() -> Settings:
    """Raises SettingsError."""
    return settings.load_settings(allow_loopback_http=_allows_loopback_http.get())
