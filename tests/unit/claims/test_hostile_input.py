"""Whatever stands in a document, reading it gives an answer or our own error: never a stack trace, never a value of
the document in a message."""

from copy import deepcopy
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claims.fcid.reader import FcidError, read_document
from claims.identity import Bsn
from claims.organisation import Organisation
from claims.overview import Overview
from claims.record.reader import RecordError, read_claim, read_outcome, read_overview
from claims.record.writer import write_claim, write_overview
from tests.support import strategies
from tests.support.fcid import BSN, case, document, imposed, paid, remitted, to_pay, withdrawn

SECRET = "999993549"


def _check_message(text: str) -> None:
    assert SECRET not in text


relaxed = settings(deadline=None, max_examples=150, suppress_health_check=list(HealthCheck))
junk = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.just(SECRET),
    st.just([]),
    st.just({}),
    st.just([SECRET]),
    st.just({SECRET: SECRET}),
    strategies.texts,
    st.sampled_from(["2026-04-01", "9999-12-31T23:59:59-14:00", "onbekend", 10**13, -(10**13)]),
)


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path] * bool(path) + [place for key, part in inside for place in _places(part, (*path, key))]


@st.composite
def spoiled(draw: Any, originals: st.SearchStrategy[Any]) -> Any:
    """A good document in which up to three places hold junk."""
    value = deepcopy(draw(originals))
    for _ in range(draw(st.integers(1, 3))):
        places = _places(value)
        if not places:
            break
        *way, last = draw(st.sampled_from(places))
        target = value
        for step in way:
            target = target[step]
        target[last] = deepcopy(draw(junk))
    return value


GOOD = [imposed(10000), to_pay(5000, "2026-03-01"), paid(4000), withdrawn("b2"), remitted(1)]
CASES = [
    document(case(*GOOD, obliged=10000, settled=4000, achterstanden=["b1"]), case(zaakkenmerk="Z-2")),
    document(
        case(*GOOD, obliged=10000, settled=4001, version="4", contactopties=[{"url": "x"}]), version="4"
    ),
]


@relaxed
@given(spoiled(st.sampled_from(CASES)))
def test_a_spoiled_fcid_is_read_or_refused(unverified: Any) -> None:
    try:
        read = read_document(unverified, Organisation("Brugstad"))
    except FcidError as error:
        _check_message(str(error))
        return
    assert read.bsn in (Bsn(BSN), Bsn(SECRET))
    findings = [*read.findings, *(finding for claim in read.claims for finding in claim.findings)]
    assert SECRET not in repr(findings)
    assert len(read.claims) == len(unverified["body"]["financiele_zaken"]) or read.partial


@relaxed
@given(spoiled(strategies.claims.map(write_claim)))
def test_a_spoiled_claim_is_read_or_refused(unverified: Any) -> None:
    try:
        read_claim(unverified, Organisation("Brugstad"))
    except RecordError as error:
        _check_message(str(error))


@relaxed
@given(spoiled(strategies.overviews.map(write_overview)))
def test_a_spoiled_overview_is_read_or_refused(unverified: Any) -> None:
    try:
        overview = read_overview(unverified)
    except RecordError as error:
        _check_message(str(error))
        return
    assert isinstance(overview, Overview)
    for outcome in unverified["bronnen"]:
        read_outcome(outcome)
