"""How often one address may come. Who comes too often is told to wait (RFC 6585, section 4).

An address is counted under a keyed hash that differs per window and per kind of page: the counts say nothing about who
came, to whoever has no key, and cannot be joined over time.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import IPv6Address, IPv6Network, ip_address

import structlog
from flask import Flask, current_app, request
from werkzeug.exceptions import TooManyRequests

from app.http.rate_memory import MemoryRateCounter
from app.http.routes import Pace, current_rule
from app.ports.clock import Clock
from app.ports.rates import RateCounter
from app.ports.storage import StorageUnavailable

_log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `times` in each window of `seconds`."""

    times: int
    seconds: int


@dataclass(frozen=True, slots=True)
class RateLimits:
    """`shared` counts for all processes together; None: each process counts for itself. Plain pages are always
    counted by each process: a flood must not become a flood of writes. A pace without a rate has no limit."""

    rates: Mapping[Pace, Rate]
    secret: bytes
    shared: RateCounter | None = None

    def __repr__(self) -> str:
        return "RateLimits(…)"


class RateLimiter:
    """Safe to share between threads."""

    def __init__(self, limits: RateLimits, clock: Clock) -> None:
        self._limits = limits
        self._clock = clock
        self._memory = MemoryRateCounter(clock)
        self._full = MemoryRateCounter(clock)

    def wait_seconds(self, pace: Pace, address: str) -> int:
        """Count one request; 0 when it may go on, otherwise how long until it may be tried again."""
        rate = self._limits.rates.get(pace)
        if rate is None:
            return 0
        now = self._clock.now()
        window = int(now.timestamp()) // rate.seconds
        ends_at = datetime.fromtimestamp((window + 1) * rate.seconds, UTC)
        if not self._is_over(rate, pace, self._key(pace, window, address), ends_at):
            return 0
        return max(1, int((ends_at - now).total_seconds()) + 1)

    def _is_over(self, rate: Rate, pace: Pace, key: str, ends_at: datetime) -> bool:
        """Who is over the limit stays so until the window ends: a flood must not become a flood of writes, which would keep
        everybody else from the database."""
        if self._full.hits(key) == 0:
            if self._count(pace, key, ends_at) <= rate.times:
                return False
            self._full.hit(key, ends_at)
        return True

    def _key(self, pace: Pace, window: int, address: str) -> str:
        message = f"{pace.value}\n{window}\n{_network(address)}".encode()
        return hmac.new(self._limits.secret, message, hashlib.sha256).hexdigest()

    def _count(self, pace: Pace, key: str, ends_at: datetime) -> int:
        """A database that is away must not open the door: then each process counts for itself."""
        if self._limits.shared is not None and pace is not Pace.PAGES:
            try:
                return self._limits.shared.hit(key, ends_at)
            except StorageUnavailable as error:
                _log.warning("rates are counted per process: the database is away", kind=str(error))
        return self._memory.hit(key, ends_at)


def install(app: Flask, limits: RateLimits, clock: Clock) -> None:
    """Before anything of the body is read: so install this before the form tokens."""
    limiter = RateLimiter(limits, clock)

    def check() -> None:
        rule = current_rule(current_app)
        pace = Pace.PAGES if rule is None else rule.terms.pace
        wait = limiter.wait_seconds(pace, request.remote_addr or "")
        if wait:
            _log.warning("too many requests", pace=pace.value, wait_seconds=wait)
            raise TooManyRequests(retry_after=wait)

    app.before_request(check)


def _network(address: str) -> str:
    """One household or phone has a whole /64 of IPv6. What is no address counts as one visitor."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return "?"
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    mapped = parsed.ipv4_mapped
    return str(mapped) if mapped else str(IPv6Network((int(parsed), 64), strict=False))
