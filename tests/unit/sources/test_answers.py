"""Rules that hold for every protocol."""

from datetime import date, timedelta

import pytest

from claims.organisation import Organisation
from claims.outcome import Basis, BasisKind, PartialReason
from sources.answers import MOST_CLAIMS, moment_findings, too_old, without_repeats
from sources.errors import TooLarge
from sources.municipal_rest.mapping import read_page
from sources.suwi.answer import RESPONSE, read_response
from sources.suwi.mapping import ReadingRules
from sources.transport.xml import parse_xml, to_node
from tests.support.snapshots import BSN
from tests.unit.sources.fakes import NOON, a_claim

TWO_DAYS = timedelta(days=2)


def batch(age: timedelta) -> Basis:
    return Basis(BasisKind.BATCH, NOON - age)


def test_old_data_make_an_answer_partial() -> None:
    assert too_old(batch(timedelta(days=2, seconds=1)), NOON, TWO_DAYS) == (PartialReason.STALE,)
    assert too_old(batch(TWO_DAYS), NOON, TWO_DAYS) == ()


def test_data_from_the_future_are_a_finding_but_for_small_differences_of_clocks() -> None:
    assert [f.code for f in moment_findings(batch(-timedelta(minutes=6)), NOON)] == ["moment_in_future"]
    assert moment_findings(batch(-timedelta(minutes=4)), NOON) == ()


def test_an_exact_repeat_counts_once() -> None:
    claims, findings = without_repeats([a_claim("1"), a_claim("2"), a_claim("1")])
    assert [claim.reference for claim in claims] == ["1", "2"]
    assert [finding.code for finding in findings] == ["repeated_claim"]


def test_claims_that_differ_under_one_reference_are_all_kept() -> None:
    claims, findings = without_repeats([a_claim("1", 100), a_claim("1", 200), a_claim("1", None)])
    assert len(claims) == 3
    assert [finding.code for finding in findings] == ["reference_used_twice"]


def test_many_different_claims_under_one_reference_cost_no_more_than_others() -> None:
    """Comparing each with each would take far longer than a test may."""
    claims, _ = without_repeats(a_claim("1", cents) for cents in range(MOST_CLAIMS))
    assert len(claims) == MOST_CLAIMS


def test_more_claims_than_anybody_has_are_refused_and_of_pages_the_first_are_kept() -> None:
    """In every way in which a source can answer; else every look at the page would cost a minute."""
    person = f"<Burgerservicenr>{BSN.digits}</Burgerservicenr>"
    client = f"<ClientSuwi>{person}{'<Vordering><SzWet/></Vordering>' * (MOST_CLAIMS + 1)}</ClientSuwi>"
    body = to_node(parse_xml(f"<{RESPONSE}>{client}</{RESPONSE}>".encode()))
    page = {"bsn": BSN.digits, "vorderingen": [None] * (MOST_CLAIMS + 1), "volledig": True}
    many = (a_claim(str(number)) for number in range(MOST_CLAIMS + 1))
    rules = ReadingRules("town", Organisation("Brugstad"))
    for read in (
        lambda: read_response(body, BSN, rules, date(2026, 11, 22)),
        lambda: read_page(page, BSN, Organisation("Brugstad")),
        lambda: without_repeats(many),
    ):
        with pytest.raises(TooLarge):
            read()
