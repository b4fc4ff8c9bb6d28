"""Our own record must hold everything that the models hold, and a wrong record must be refused without a leak."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from claims.events import UnrecognisedEvent
from claims.financial_claim import Amounts, ClaimStatus, FinancialClaim, Finding
from claims.money import Money
from claims.organisation import Organisation
from claims.outcome import FailureCause, SourceAnswer, SourceFailure, SourceOutcome
from claims.overview import Overview
from claims.record.reader import RecordError, read_claim, read_outcome, read_overview
from claims.record.writer import write_claim, write_outcome, write_overview
from claims.strict_json import canonical_json, loads_strict
from tests.support import strategies

relaxed = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
TOWN = Organisation("Gemeente Brugstad")
SMALLEST = {"kenmerk": "A-1", "saldo": 1250}


def over_the_wire(record: object) -> object:
    return loads_strict(canonical_json(record), max_bytes=10**7)


@relaxed
@given(strategies.outcomes)
def test_every_outcome_survives_writing_and_reading(outcome: SourceOutcome) -> None:
    assert read_outcome(over_the_wire(write_outcome(outcome))) == outcome


@relaxed
@given(strategies.overviews)
def test_every_overview_survives_writing_and_reading(overview: Overview) -> None:
    assert read_overview(over_the_wire(write_overview(overview))) == overview


@relaxed
@given(strategies.claims)
def test_every_claim_survives_writing_and_reading(claim: FinancialClaim) -> None:
    assert read_claim(over_the_wire(write_claim(claim))) == claim


def test_a_municipality_needs_two_members_only() -> None:
    claim = read_claim(SMALLEST, TOWN)
    assert claim == FinancialClaim(reference="A-1", creditor=TOWN, amounts=Amounts(balance=Money(1250)))
    assert claim.status is ClaimStatus.UNKNOWN
    assert claim.arrears is None


def test_an_unknown_balance_is_null_and_stays_unknown() -> None:
    assert read_claim({"kenmerk": "A-1", "saldo": None}, TOWN).amounts.balance is None


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"kenmerk": None}, "kenmerk"),
        ({"kenmerk": " "}, "kenmerk"),
        ({"saldo": 12.5}, "saldo"),
        ({"saldo": True}, "saldo"),
        ({"saldo": "12"}, "saldo"),
        ({"saldo": 10**14}, "saldo"),
        ({"betalen_voor": "31-12-2026"}, "betalen_voor"),
        ({"betalen_voor": "2026-02-30"}, "betalen_voor"),
        ({"peilmoment": "2026-02-03T09:00:00"}, "peilmoment"),
        ({"gezamenlijk": 1}, "gezamenlijk"),
        ({"schuldeiser": {"naam": ""}}, "schuldeiser.naam"),
        ({"schuldeiser": {"naam": "X", "oin": "123"}}, "schuldeiser.oin"),
        ({"contact": [{"soort": "telefoon"}]}, "contact[0].waarde"),
        ({"contact": {}}, "contact"),
        ({"gebeurtenissen": [{"soort": "betaling_verwerkt", "bedrag": 1.0}]}, "gebeurtenissen[0].bedrag"),
        ({"gebeurtenissen": [{}]}, "gebeurtenissen[0].soort"),
        ({"achterstand": {}}, "achterstand.bedrag"),
        ({"status": 3}, "status"),
    ],
)
def test_a_wrong_value_is_refused_at_its_place(change: dict[str, Any], path: str) -> None:
    with pytest.raises(RecordError) as refused:
        read_claim(SMALLEST | change, TOWN)
    assert refused.value.path == path


def test_a_missing_balance_is_not_an_unknown_balance() -> None:
    with pytest.raises(RecordError, match="saldo: is missing"):
        read_claim({"kenmerk": "A-1"}, TOWN)


def test_a_claim_without_any_creditor_is_refused() -> None:
    with pytest.raises(RecordError, match="schuldeiser: is missing"):
        read_claim(SMALLEST)


def test_an_error_never_holds_a_value() -> None:
    with pytest.raises(RecordError) as refused:
        read_claim(SMALLEST | {"betalen_voor": "999993549"}, TOWN)
    assert "999993549" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_what_we_do_not_know_is_a_finding_not_an_error() -> None:
    extra = {
        "kleur": "rood",
        "999993549": "x",
        "status": "gekleurd",
        "contact": [{"soort": "fax", "waarde": "1"}],
    }
    claim = read_claim(SMALLEST | extra, TOWN)
    assert claim.status is ClaimStatus.UNKNOWN
    assert set(claim.findings) == {
        Finding("unknown_member", "kleur"),
        Finding("unknown_member", "(?)"),
        Finding("unknown_word", "status"),
        Finding("unknown_word", "contact[0].soort"),
    }


def test_an_event_of_an_unknown_type_is_kept_whole() -> None:
    event = {"soort": "beslag_gelegd", "kenmerk": "e1", "op": "loon"}
    claim = read_claim(SMALLEST | {"gebeurtenissen": [event]}, TOWN)
    [kept] = claim.events
    assert isinstance(kept, UnrecognisedEvent)
    assert (kept.key, kept.type_name) == ("e1", "beslag_gelegd")
    assert json.loads(kept.content) == event
    assert read_claim(write_claim(claim)) == claim


def test_an_event_without_a_key_gets_the_same_one_every_time() -> None:
    obj = SMALLEST | {"gebeurtenissen": [{"soort": "betaling_verwerkt", "bedrag": 100}]}
    first, second = read_claim(obj, TOWN), read_claim(obj, TOWN)
    assert first.events[0].key == second.events[0].key
    assert len(first.events[0].key) == 64


def _answer(**change: Any) -> dict[str, Any]:
    return {
        "uitkomst": "geen_vorderingen",
        "bron": {"id": "brugstad", "organisatie": {"naam": "Brugstad"}},
        "beantwoord_op": "2026-04-01T10:00:00+02:00",
        "gebaseerd_op": {"soort": "rechtstreeks", "moment": "2026-04-01T08:00:00Z"},
        "onvolledig_omdat": [],
        "vorderingen": [],
    } | change


def test_no_claims_can_only_come_from_a_full_answer() -> None:
    assert isinstance(read_outcome(_answer()), SourceAnswer)
    with pytest.raises(RecordError, match="uitkomst: does not fit the rest"):
        read_outcome(_answer(onvolledig_omdat=["verouderd"]))


def test_a_reason_of_a_later_version_still_makes_the_answer_partial() -> None:
    outcome = read_outcome(_answer(onvolledig_omdat=["iets_nieuws"], uitkomst="geen_antwoord"))
    assert not outcome.is_full


@pytest.mark.parametrize(
    ("word", "cause"),
    [("foutmelding", FailureCause.SOURCE_ERROR), ("oorzaak_van_later", FailureCause.INTERNAL)],
)
def test_a_cause_of_a_later_version_is_still_a_failure(word: str, cause: FailureCause) -> None:
    failure = {"bron": _answer()["bron"], "mislukt_op": "2026-04-01T08:00:00Z", "oorzaak": word}
    outcome = read_outcome(failure | {"uitkomst": "geen_antwoord"})
    assert isinstance(outcome, SourceFailure)
    assert outcome.cause is cause


def test_a_failure_is_never_read_as_no_claims() -> None:
    failure = {"bron": _answer()["bron"], "mislukt_op": "2026-04-01T08:00:00Z", "oorzaak": "te_langzaam"}
    assert isinstance(read_outcome(failure | {"uitkomst": "geen_antwoord"}), SourceFailure)
    with pytest.raises(RecordError):
        read_outcome(failure | {"uitkomst": "geen_vorderingen"})


def test_totals_that_do_not_follow_from_the_claims_are_a_finding() -> None:
    claim = SMALLEST | {"schuldeiser": {"naam": "Brugstad"}}
    answer = read_outcome(_answer(vorderingen=[claim], uitkomst="vorderingen"))
    assert isinstance(answer, SourceAnswer)
    record = write_overview(Overview(answer.answered_at, (answer,)))
    assert record["totalen"]["saldo"] == {"bedrag": 1250, "is_minimum": False, "aantal_onbekend": 0}
    record["totalen"] = {**record["totalen"], "saldo": {"bedrag": 0}}
    assert read_overview(record).findings == (Finding("derived_values_differ"),)


def test_a_record_that_is_not_an_object_is_refused() -> None:
    records: list[object] = [None, [], "x", 1]
    for record in records:
        for read in (read_claim, read_outcome, read_overview):
            with pytest.raises(RecordError):
                read(record)
