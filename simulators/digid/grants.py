"""What the simulator remembers for seconds: open log-in pages, codes and access tokens. In memory; gone at restart."""

import secrets
import threading
import time
from dataclasses import dataclass, field
from typing import Generic, TypeVar

PAGE_LIFE_S = 900
CODE_LIFE_S = 60
ACCESS_LIFE_S = 60
PUSHED_LIFE_S = 60

T = TypeVar("T")


@dataclass(frozen=True)
class Person:
    """An invented person, and what logging in as this person shows. `represents`: on whose behalf they may log in too."""

    identifier: str
    name: str
    shows: str
    represents: tuple["Person", ...] = field(default=(), kw_only=True)


@dataclass(frozen=True)
class Request:
    """A checked authorization request, waiting for the person's choice."""

    redirect_uri: str
    state: str
    nonce: str
    code_challenge: str
    browser: str  # the value of the cookie of the browser that opened the page
    scope: str = "openid bsn"


@dataclass(frozen=True)
class Grant:
    """A person who logged in, at a level, for one request; `on_behalf_of` somebody else, or for themselves."""

    request: Request
    person: Person
    acr: str
    authenticated_at: int  # seconds since 1970
    sid: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    on_behalf_of: Person | None = None


class Once(Generic[T]):
    """Random names for things; each name works once, or as often as wanted with `get`, until its life ends."""

    def __init__(self, life_s: float) -> None:
        self._life_s = life_s
        self._lock = threading.Lock()
        self._kept: dict[str, tuple[float, T]] = {}

    def put(self, thing: T) -> str:
        name = secrets.token_urlsafe(32)
        now = time.monotonic()
        with self._lock:
            self._kept = {old: kept for old, kept in self._kept.items() if kept[0] > now}
            self._kept[name] = (now + self._life_s, thing)
        return name

    def get(self, name: str) -> T | None:
        with self._lock:
            kept = self._kept.get(name)
        return kept[1] if kept is not None and kept[0] > time.monotonic() else None

    def take(self, name: str) -> T | None:
        with self._lock:
            kept = self._kept.pop(name, None)
        return kept[1] if kept is not None and kept[0] > time.monotonic() else None
