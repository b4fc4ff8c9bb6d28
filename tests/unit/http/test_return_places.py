"""Where visitors may be sent back to, however an address is written."""

from __future__ import annotations

import pytest

from app.http.return_places import LONGEST_ADDRESS, ReturnPlace, place_of

WHOLE = ReturnPlace("de gemeente", "https://www.gemeente.example/")
PART = ReturnPlace("het wijkteam", "https://hulp.example/wijkteam")
PRECISE = ReturnPlace("schulden", "https://www.gemeente.example/schulden")
PLACES = (WHOLE, PART, PRECISE)


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://www.gemeente.example", "de gemeente"),
        ("https://www.gemeente.example/", "de gemeente"),
        ("https://www.gemeente.example/hulp/geld-zorgen_2.html", "de gemeente"),
        ("https://www.gemeente.example/?stap=3&naam=Jos%C3%A9", "de gemeente"),
        ("https://www.gemeente.example/schulden", "schulden"),
        ("https://www.gemeente.example/schulden/klaar?stap=2", "schulden"),
        ("https://www.gemeente.example/schuldenvrij", "de gemeente"),
        ("https://hulp.example/wijkteam", "het wijkteam"),
        ("https://hulp.example/wijkteam/klaar", "het wijkteam"),
    ],
)
def test_a_place_and_what_is_below_it(address: str, name: str) -> None:
    place = place_of(address, PLACES)
    assert place is not None
    assert place.name == name


@pytest.mark.threat("T-48")
@pytest.mark.parametrize(
    "address",
    [
        "",
        "/",
        "//www.gemeente.example/",
        "//kwaad.example",
        "///www.gemeente.example",
        "https:/www.gemeente.example/",
        "https:www.gemeente.example/",
        "http://www.gemeente.example/",
        "HTTPS://www.gemeente.example/",
        "https://WWW.gemeente.example/",
        "https://kwaad.example/https://www.gemeente.example/",
        "https://kwaad.example/?https://www.gemeente.example/",
        "https://www.gemeente.example.kwaad.example/",
        "https://www.gemeente.example@kwaad.example/",
        "https://www.gemeente.example:443@kwaad.example/",
        "https://u:p@www.gemeente.example/",
        "https://www.gemeente.example:8443/",
        "https://www.gemeente.example./",
        "https://www.gemeente.example\\kwaad.example/",
        "https://www.gemeente.example/\\kwaad.example",
        "https://www.gemeente.example//kwaad.example",
        "https:\\\\www.gemeente.example/",
        "https://www.gemeente.example/../../kwaad",
        "https://www.gemeente.example/./x",
        "https://www.gemeente.example/x/..",
        "https://www.gemeente.example/%2e%2e/x",
        "https://www.gemeente.example/x#y",
        "https://www.gemeente.example/\r\nSet-Cookie: a=b",
        "https://www.gemeente.example/%0d%0aSet-Cookie:a=b",
        "https://www.gemeente.example/?x=%0D%0ASet-Cookie",
        "https://www.gemeente.example/?x=%7f",
        "https://www.gemeente.example/?x=\x00",
        "https://www.gemeente.example/\t",
        " https://www.gemeente.example/",
        "https://www.gemeente.example/ ",
        "https://www.gemeente.example/?x=<script>",
        "https://www.gemeente.example/'onclick='x",
        'https://www.gemeente.example/"onclick="x',
        "https://www.gemeente.exаmple/",
        "https://www。gemeente。example/",
        "https://www.gemeente.example/é",
        "https://www.gemeente.example\u2215x/",
        "javascript:alert(1)//https://www.gemeente.example/",
        "data:text/html,https://www.gemeente.example/",
        "https://hulp.example/",
        "https://hulp.example/wijkteamkwaad",
        "https://hulp.example/wijkteam/../x",
        "https://hulp.example/wijkteam%2f..%2fx",
        "https://hulp.example/WIJKTEAM",
        "https://www.gemeente.example/" + "x" * LONGEST_ADDRESS,
    ],
)
def test_nothing_else_is_a_link_of_ours(address: str) -> None:
    assert place_of(address, PLACES) is None
