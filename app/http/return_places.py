"""Where visitors may be sent back to: addresses of the settings, and what is below them. Nothing else is a link of ours.

An address is compared as text and never taken apart, so that no two programs can read it in two ways: it begins with an
address of the list, letter by letter, and goes on with plain letters only (RFC 3986, without what browsers mend: backslashes,
dots, spaces).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

LONGEST_ADDRESS = 500
_SEGMENT = r"(?!\.{1,2}(?:[/?]|$))[A-Za-z0-9._~-]+"
_BELOW = re.compile(rf"(?:{_SEGMENT}(?:/{_SEGMENT})*/?)?", re.ASCII)
_QUERY = re.compile(r"(?:[A-Za-z0-9._~=&-]|%(?![01][0-9A-Fa-f]|7[Ff])[0-9A-Fa-f]{2})*", re.ASCII)


@dataclass(frozen=True, slots=True)
class ReturnPlace:
    """`name`: as visitors read it, after "Terug naar". `address`: https, with or without a path; what is below belongs to
    it."""

    name: str
    address: str

    def includes(self, address: str) -> bool:
        """Whether this unverified address is this place, or a page below it."""
        base = self.address.rstrip("/")
        rest = address.removeprefix(base)
        if not address.startswith(base) or len(address) > LONGEST_ADDRESS:
            return False
        path, _, query = rest.partition("?")
        if path and not path.startswith("/"):
            return False
        return bool(_BELOW.fullmatch(path.removeprefix("/")) and _QUERY.fullmatch(query))


def place_of(unverified_address: str, places: Iterable[ReturnPlace]) -> ReturnPlace | None:
    """The most precise place that this address belongs to."""
    fitting = (place for place in places if place.includes(unverified_address))
    return max(fitting, key=lambda place: len(place.address), default=None)
