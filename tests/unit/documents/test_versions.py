"""Two sources, one reference: where they contradict each other nothing of either disappears, in any file."""

import csv
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.documents import csv as csv_file
from app.documents import formatting, json, labels, pdf
from app.documents import versions as side_by_side
from app.documents.versions import Versions, notes, total_doubt
from claims.financial_claim import Amounts, Arrears, ClaimStatus, FinancialClaim, Finding
from claims.money import ZERO, Money
from claims.organisation import PaymentDetails
from claims.outcome import SourceAnswer
from claims.overview import Overview, balance_to_show
from claims.partial_date import PartialDate
from claims.record import names
from claims.stated import owed
from claims.strict_json import loads_strict
from tests.support import snapshots as made
from tests.support.pdf_reading import plain_text
from tests.support.sealing import ConstantSeal

PARKING = FinancialClaim(
    reference="Z-1",
    creditor=made.TAXES,
    title="Parkeerbon",
    amounts=Amounts(balance=Money(12000)),
    status=ClaimStatus.OPEN,
    arrears=Arrears(amount=ZERO),
)


def overview(*claims: FinancialClaim) -> Overview:
    answers = [made.answer(made.BANK, f"s{number}", claim) for number, claim in enumerate(claims)]
    return Overview(made.NOW, tuple(answers))


def other(**fields: Any) -> FinancialClaim:
    return replace(PARKING, **fields)


CONTRADICTIONS = (
    other(amounts=Amounts(balance=Money(7000))),
    other(amounts=Amounts()),
    other(amounts=Amounts(balance=Money(12000), opening=Money(1)), title="Bon"),
    other(title="Te veel bijstand"),
    other(status=ClaimStatus.OVERDUE),
    other(due_on=PartialDate(2026, 5, 1)),
)


@pytest.mark.parametrize("claim", CONTRADICTIONS)
def test_what_both_sources_say_stands_side_by_side_and_the_doubt_is_told(claim: FinancialClaim) -> None:
    versions = Versions(overview(PARKING, claim))
    (reported,) = overview(PARKING, claim).reported
    assert [one.claim for one in versions.of(reported)] == [PARKING, claim]
    assert total_doubt(versions) is not None


@pytest.mark.parametrize(
    ("field", "here", "there"),
    [
        ("originated_on", PartialDate(2024, 1, 1), PartialDate(2025, 1, 1)),
        ("period_from", PartialDate(2024), PartialDate(2025)),
        ("period_until", PartialDate(2024), PartialDate(2025)),
        ("decision_numbers", ("B-1",), ("B-2",)),
        ("customer_number", "K 1", "K 2"),
        ("payment", PaymentDetails(reference="1"), PaymentDetails(reference="2")),
        ("payment", PaymentDetails(iban="NL91ABNA0417164300"), PaymentDetails(iban="NL69INGB0123456789")),
    ],
)
def test_what_one_debt_has_only_one_of_is_a_contradiction_when_both_state_it(
    field: str, here: object, there: object
) -> None:
    """Also with equal amounts: a debt of 2024 and one of 2025 may have the same height."""
    both = overview(other(**{field: here}), other(**{field: there}))
    assert Versions(both).of(both.reported[0])
    nothing = () if field == "decision_numbers" else None
    one = overview(other(**{field: here}), other(**{field: nothing}))
    assert not Versions(one).of(one.reported[0])


def test_sources_that_agree_raise_no_doubt() -> None:
    same = overview(PARKING, other(title="  parkeerBON "))
    assert not Versions(same).of(same.reported[0])
    assert total_doubt(Versions(same)) is None
    assert notes(same) == ()


@pytest.mark.threat("T-04")
@pytest.mark.parametrize("cents", [12000, None, 0])
def test_an_equal_number_and_amount_alone_do_not_prove_one_debt(cents: int | None) -> None:
    """Two systems that both count from one and ask the same fee: they agree in everything that they state."""
    balance = None if cents is None else Money(cents)
    shared = PaymentDetails(iban="NL91ABNA0417164300", reference=None)
    bare = other(title=None, amounts=Amounts(balance=balance), customer_number="K1", payment=shared)
    said = overview(bare, bare)
    (reported,) = said.reported
    versions = Versions(said)
    assert len(versions.of(reported)) == 2
    told = total_doubt(versions)
    assert told is not None
    assert "zeggen bronnen te weinig" in told
    if cents:
        assert told.endswith("Dan is het totaal € 240,00.")
        assert "Dan moet u € 120,00 meer betalen." in side_by_side.doubt(versions, reported)


@pytest.mark.parametrize(
    "fact",
    [
        {"title": "Bon"},
        {"kind_id": "gm.leges"},
        {"decision_numbers": ("B-1",)},
        {"originated_on": PartialDate(2024, 1, 1)},
        {"payment": PaymentDetails(reference="1")},
    ],
)
def test_one_fact_that_both_state_shows_that_it_is_one_debt(fact: dict[str, Any]) -> None:
    same = overview(other(**{"title": None, **fact}), other(**{"title": None, **fact}))
    assert not Versions(same).of(same.reported[0])


@pytest.mark.threat("T-04")
def test_a_claim_that_a_source_sent_twice_is_told_beside_the_total() -> None:
    (answer,) = overview(PARKING).outcomes
    assert isinstance(answer, SourceAnswer)
    repeated = Overview(made.NOW, (replace(answer, findings=(Finding("repeated_claim"),)),))
    assert total_doubt(Versions(repeated)) == labels.SENT_TWICE
    assert notes(repeated) == (labels.SENT_TWICE,)


def test_the_total_says_what_it_is_when_these_are_different_debts() -> None:
    told = total_doubt(Versions(overview(PARKING, other(amounts=Amounts(balance=Money(7000))))))
    assert told is not None
    assert "Wij tellen het hoogste bedrag" in told
    assert told.endswith("Dan is het totaal € 190,00.")


def test_an_amount_that_nobody_knows_is_never_a_number() -> None:
    told = total_doubt(Versions(overview(PARKING, other(amounts=Amounts()))))
    assert told is not None
    assert told.endswith("Dan is het totaal minstens € 120,00.")
    nothing = total_doubt(Versions(overview(other(amounts=Amounts()), other(amounts=Amounts(), title="Bon"))))
    assert nothing is not None
    assert nothing.endswith(labels.TOTAL_MAY_BE_HIGHER)


def test_two_claims_of_one_source_with_one_number_are_two_claims() -> None:
    twice = Overview(made.NOW, (made.answer(made.TAXES, "a", PARKING, PARKING),))
    assert len(twice.claims) == 2
    assert twice.balance.amount == Money(24000)


def test_the_table_for_spreadsheets_tells_it_without_an_amount_that_can_be_added() -> None:
    said = overview(PARKING, other(amounts=Amounts(balance=Money(7000)), title="Te veel bijstand"))
    text = csv_file.write(made.snapshot(said.outcomes)).decode("utf-8-sig")
    (row,) = csv.DictReader(StringIO(text), delimiter=";")
    assert row["nog_te_betalen"] == "120,00"
    assert "Te veel bijstand, € 70,00" in row["bronnen_verschillen"]


def test_the_record_tells_it_beside_what_each_source_said() -> None:
    said = overview(PARKING, other(amounts=Amounts(balance=Money(7000))))
    record = loads_strict(json.write_payload(made.snapshot(said.outcomes)), 10**6, 64)
    assert isinstance(record, dict)
    told = " ".join(record[names.DOCUMENT["notes"]])
    assert f"{labels.PROBABLY_THE_SAME}, kenmerk Z-1." in told
    assert "€ 70,00" in told


@pytest.mark.parametrize("others", [0, 45])
def test_the_pdf_shows_both_amounts_however_many_claims_there_are(tmp_path: Path, others: int) -> None:
    """With very many claims not each has a block of its own: then it stands in the table of all."""
    said = overview(PARKING, other(amounts=Amounts(balance=Money(7000)), title="Te veel bijstand"))
    snapshot = made.snapshot((*said.outcomes, *made.many_outcomes(others)))
    file = tmp_path / "o.pdf"
    file.write_bytes(pdf.write(snapshot, json.write_payload(snapshot), ConstantSeal()))
    text = plain_text(file)
    assert labels.PROBABLY_THE_SAME in text
    assert "Te veel bijstand" in text
    assert "€ 70,00" in text
    assert "Over 1 rekening zeggen bronnen niet hetzelfde." in text


claims = st.builds(
    other,
    amounts=st.builds(Amounts, balance=st.none() | st.integers(-5, 50).map(Money)),
    title=st.sampled_from([None, "A", "B"]),
    status=st.sampled_from(ClaimStatus),
    originated_on=st.none() | st.builds(PartialDate, st.sampled_from([2024, 2025])),
    kind_id=st.sampled_from([None, "gm.parkeerbelasting", "gm.leenbijstand"]),
)


@given(st.lists(st.lists(claims, max_size=2), max_size=3))
def test_no_amount_that_a_source_states_is_hidden(per_source: list[list[FinancialClaim]]) -> None:
    """Every claim of every source is shown by itself, beside the one it was merged with, or says the same as it."""
    answers = [made.answer(made.BANK, f"s{number}", *each) for number, each in enumerate(per_source)]
    overview = Overview(made.NOW, tuple(answers))
    versions = Versions(overview)
    shown = []
    for reported in overview.reported:
        said = [one.claim for one in versions.of(reported)]
        shown += said or [reported.claim] * len(reported.sources)
    stated = [claim for answer in answers for claim in answer.claims]
    assert sorted(map(_told, shown)) == sorted(map(_told, stated))


@given(st.lists(claims, max_size=4))
def test_when_they_are_different_debts_the_total_told_is_the_sum_of_all(each: list[FinancialClaim]) -> None:
    seen = overview(*each)
    apart = Versions(seen).total_if_apart()
    stated = [
        owed(claim) for answer in seen.outcomes if isinstance(answer, SourceAnswer) for claim in answer.claims
    ]
    known = sum((amount for amount in stated if amount), ZERO)
    if apart is not None:
        assert apart.amount == known
        assert apart.is_at_least == (None in stated)


def _told(claim: FinancialClaim) -> tuple[str, str]:
    return formatting.money(balance_to_show(claim)), claim.status
