"""Moments on the wire: RFC 3339 with a time zone, never without."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from claims.partial_date import PartialDate

_RFC_3339 = re.compile(
    r"(\d{4}-\d{2}-\d{2})[Tt](\d{2}:\d{2}:\d{2})(?:\.(\d+))?([Zz]|[+-]\d{2}:\d{2})", re.ASCII
)

Moment = datetime | PartialDate


def parse_instant(text: str) -> datetime:
    """An RFC 3339 date-time, returned in UTC; digits beyond microseconds are cut off.

    Raises ValueError, without the text, also for a date-time without a zone."""
    match = _RFC_3339.fullmatch(text)
    if match is None:
        raise ValueError("not a date-time with a time zone")
    day, time, fraction, zone = match.groups()
    micro = (fraction or "0")[:6].ljust(6, "0")
    try:
        offset = "+00:00" if zone in "Zz" else zone
        return datetime.fromisoformat(f"{day}T{time}.{micro}{offset}").astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError("not an existing date-time") from None


def format_instant(moment: datetime) -> str:
    """In UTC with "Z"; fractions only when there are any. Raises ValueError for a naive date-time."""
    if moment.utcoffset() is None:
        raise ValueError("a date-time without a time zone")
    utc = moment.astimezone(UTC)
    return utc.replace(tzinfo=None).isoformat() + "Z"


def parse_moment(text: str) -> Moment:
    """A date-time (see `parse_instant`) or a whole or partial date. Raises ValueError, without the text."""
    return parse_instant(text) if "T" in text.upper() else PartialDate.parse(text)


def format_moment(moment: Moment) -> str:
    return format_instant(moment) if isinstance(moment, datetime) else str(moment)
