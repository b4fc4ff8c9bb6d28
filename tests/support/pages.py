"""What must stand on pages, whichever site they belong to."""

from __future__ import annotations

import re

_NUMBER = "[0-9A-HJKMNP-TV-Z]{10}"
_PLACES = (
    re.compile(rf'<strong translate="no">({_NUMBER})</strong>'),
    re.compile(rf"Referentienummer: ({_NUMBER})\b"),
    re.compile(rf'"referentienummer": ?"({_NUMBER})"'),
)


def error_number(text: str) -> str | None:
    """What one quotes to the help desk, from a page about an error or an answer to a program; None when there is none."""
    found = (place.search(text) for place in _PLACES)
    return next((match[1] for match in found if match), None)
