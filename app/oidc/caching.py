"""How long a provider lets us keep what it published (RFC 9111, sections 4.2 and 5.2)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Fetched(Generic[T]):
    """What stood at an address. `etag` lets us ask whether it is still so."""

    value: T
    fresh_for_s: float
    etag: str | None
    address: str


Fetch = Callable[[Fetched[T] | None], Fetched[T]]


def fresh_for_s(headers: Mapping[str, str], without_directive_s: float, at_most_s: float) -> float:
    """Seconds that an answer with these headers may be used without asking again; headers compare without case."""
    stated = _stated_s(headers)
    if stated is None:
        return min(without_directive_s, at_most_s)
    return max(0.0, min(stated - _seconds(headers.get("Age", "0")), at_most_s))


def _stated_s(headers: Mapping[str, str]) -> float | None:
    """None when the provider says nothing. What cannot be understood counts as not fresh at all."""
    directives = dict(_directive(part) for part in headers.get("Cache-Control", "").split(","))
    if "no-store" in directives or "no-cache" in directives:
        return 0
    if "max-age" in directives:
        return _seconds(directives["max-age"])
    return _until_expiry_s(headers) if "Expires" in headers else None


def _directive(part: str) -> tuple[str, str]:
    name, _, value = part.partition("=")
    return name.strip().lower(), value.strip().strip('"')


def _seconds(text: str) -> float:
    return float(text) if text.isascii() and text.isdecimal() and len(text) < 12 else 0


def _until_expiry_s(headers: Mapping[str, str]) -> float:
    try:
        expires, sent = (parsedate_to_datetime(headers[name]) for name in ("Expires", "Date"))
        return (expires - sent).total_seconds()
    except (KeyError, TypeError, ValueError, OverflowError):
        return 0
