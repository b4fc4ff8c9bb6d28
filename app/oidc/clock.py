"""Does our clock agree with that of the provider? Tokens, sessions and seals all rest on it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

import structlog

from app.oidc.config import Connection
from app.oidc.transport import check_address, get
from app.ports.clock import CLOCKS_MAY_DIFFER, Clock
from app.ports.login import ProviderUnavailable

_log = structlog.stdlib.get_logger(__name__)


def clock_trouble(config: Connection, clock: Clock, *, allow_loopback_http: bool = False) -> str | None:
    """One line for the operator when the two differ by more than a minute. A provider that cannot be reached, or does not
    say what time it is, is no reason not to start: then the log has a warning."""
    address = config.issuer.rstrip("/") + "/.well-known/openid-configuration"
    began = time.monotonic()
    try:
        check_address(address, allow_loopback_http=allow_loopback_http)
        theirs = _moment(get(config, address).headers)
    except (ProviderUnavailable, ValueError) as error:
        _log.warning(
            "the clock could not be compared with that of the login provider", kind=type(error).__name__
        )
        return None
    took = timedelta(seconds=time.monotonic() - began)
    if abs(clock.now() - theirs) <= CLOCKS_MAY_DIFFER + took:
        return None
    return (
        f"the clock of this machine differs {_rounded(clock.now() - theirs)} seconds from that of {config.issuer}:"
        " let it follow a time server (NTP)"
    )


def _moment(headers: Mapping[str, str]) -> datetime:
    """RFC 9110, 6.6.1; an answer that a cache kept says for how long (RFC 9111, 5.1). Raises ValueError."""
    stated = parsedate_to_datetime(headers.get("Date", ""))
    if stated.tzinfo is None:
        raise ValueError("no time zone")
    return stated + timedelta(seconds=int(headers.get("Age", "0")))


def _rounded(difference: timedelta) -> int:
    return round(abs(difference.total_seconds()))
