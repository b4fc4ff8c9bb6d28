"""Which headers of an HTTP request a stanza may set, and what may stand in them.

Not in `sources/transport`, because `sources.config` checks with it before anything is asked.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from pydantic import Field

HeaderName = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9-]{0,59}$")]
# RFC 9110, section 5.5, without obsolete text: visible ASCII, spaces inside only. No line break can begin a new header.
HeaderValue = Annotated[str, Field(pattern=r"^[!-~](?:[ -~]{0,998}[!-~])?$", max_length=1000)]
MOST_HEADERS = 20

AUTHORIZATION = "authorization"
_HOP_BY_HOP = {"connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade"}
_OURS = {
    "accept",
    "accept-encoding",
    "content-encoding",
    "content-length",
    "content-type",
    "cookie",
    "expect",
    "host",
    "soapaction",
    "traceparent",
    "tracestate",
}


def check_names(names: Iterable[str]) -> None:
    """Raises ValueError, in plain words, for a header that is not to be set, or is set twice (case does not count)."""
    seen: set[str] = set()
    for name in map(str.lower, names):
        if name in _OURS or name in _HOP_BY_HOP or name.startswith("proxy-"):
            raise ValueError(f"header {name} is not yours to set")
        if name in seen:
            raise ValueError(f"header {name} is set twice")
        seen.add(name)
    if len(seen) > MOST_HEADERS:
        raise ValueError(f"more than {MOST_HEADERS} headers")
