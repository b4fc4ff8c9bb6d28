"""Whatever comes over SuwiML, reading it ends in an answer or in an error that we foresaw; and what looks like "no
claims" never has a claim in it."""

import copy
from contextlib import suppress
from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claims.identity import Bsn
from claims.organisation import Organisation
from sources.errors import SourceError
from sources.suwi.answer import read_response
from sources.suwi.mapping import ReadingRules
from sources.transport.soap import open_envelope
from sources.transport.xml import Node, to_node
from tests.support.dkd import body_element, message

RULES = ReadingRules("wi", Organisation("Gemeente Voorbeeld"))
CITIZEN = Bsn("111111110")
WHOLE = message("e2")
RESPONSE = body_element(WHOLE)
SIZE = sum(1 for _ in RESPONSE.iter())
relaxed = settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
names = st.sampled_from(
    ["Vordering", "NietsGevonden", "FWI", "Fault", "ClientSuwi", "Iets", "WaardeBedr", "vordering"]
)
texts = st.text(st.characters(codec="utf-8", min_codepoint=32), max_size=30) | st.sampled_from(
    ["0", "-1", "00000000", "99999999", "111111110", "1e5"]
)


def check(body: Node) -> None:
    with suppress(SourceError):
        read = read_response(body, CITIZEN, RULES, date(2026, 3, 2))
        nothing = not read.client.claims and not read.partial
        assert not (nothing and any(body.everywhere("Vordering")))


@relaxed
@given(st.integers(0, SIZE - 1), names | st.none(), texts | st.none(), st.booleans())
def test_any_change_to_one_element(place: int, name: str | None, text: str | None, empty: bool) -> None:
    response = copy.deepcopy(RESPONSE)
    element = list(response.iter())[place]
    if empty:
        for child in list(element):
            element.remove(child)
    if name is not None:
        element.tag = name
    if text is not None and text.isprintable():
        element.text = text
    check(to_node(response))


@relaxed
@given(st.integers(0, len(WHOLE)), st.integers(0, 40), st.binary(max_size=12))
def test_any_change_to_the_bytes(place: int, removed: int, new: bytes) -> None:
    with suppress(SourceError):
        check(to_node(open_envelope(WHOLE[:place] + new + WHOLE[place + removed :]).content))
