"""How long what a provider published may be used (RFC 9111)."""

import pytest
from requests.structures import CaseInsensitiveDict

from app.oidc.caching import fresh_for_s

DEFAULT_S, CEILING_S = 300.0, 3600.0


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, DEFAULT_S),
        ({"Cache-Control": "max-age=60"}, 60),
        ({"cache-control": 'Public, MAX-AGE="60", must-revalidate'}, 60),
        ({"Cache-Control": "max-age=60", "Age": "45"}, 15),
        ({"Cache-Control": "max-age=60", "Age": "90"}, 0),
        ({"Cache-Control": "max-age=86400"}, CEILING_S),
        ({"Cache-Control": "max-age=86400, no-cache"}, 0),
        ({"Cache-Control": "no-store"}, 0),
        ({"Cache-Control": "max-age=morgen"}, 0),
        ({"Cache-Control": "max-age=-5"}, 0),
        ({"Cache-Control": "max-age=" + "9" * 40}, 0),
        ({"Cache-Control": "private"}, DEFAULT_S),
        ({"Date": "Sun, 22 Nov 2026 12:00:00 GMT", "Expires": "Sun, 22 Nov 2026 12:02:00 GMT"}, 120),
        ({"Date": "Sun, 22 Nov 2026 12:00:00 GMT", "Expires": "0"}, 0),
        ({"Expires": "Sun, 22 Nov 2026 12:02:00 GMT"}, 0),
        ({"Cache-Control": "max-age=60", "Expires": "0"}, 60),
    ],
)
def test_headers_say_how_long(headers: dict[str, str], expected: float) -> None:
    assert fresh_for_s(CaseInsensitiveDict(headers), DEFAULT_S, CEILING_S) == expected


def test_the_ceiling_also_holds_where_the_provider_says_nothing() -> None:
    assert fresh_for_s({}, 300, 60) == 60
