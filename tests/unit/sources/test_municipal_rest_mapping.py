"""From the municipal interface to claims: what is kept, what is partial and what is dropped."""

from datetime import UTC, datetime
from typing import Any

import pytest

from claims.money import Money
from claims.organisation import Organisation
from claims.outcome import BasisKind, PartialReason
from sources.errors import SourceMalformed, WrongPerson
from sources.municipal_rest.mapping import ReadPage, read_page
from tests.unit.sources.fakes import CITIZEN

TOWN = Organisation("Gemeente Voorbeeld")
CLAIM = {"kenmerk": "A-1", "saldo": 1250}


def page(**changes: Any) -> dict[str, Any]:
    answer = {
        "bsn": CITIZEN.digits,
        "peilmoment": "2026-03-02T09:15:00+01:00",
        "grondslag": "rechtstreeks",
        "volledig": True,
        "vorderingen": [CLAIM],
    }
    return {name: value for name, value in {**answer, **changes}.items() if value is not ...}


def read(answer: dict[str, Any]) -> ReadPage:
    return read_page(answer, CITIZEN, TOWN)


def test_a_full_page_gives_claims_of_the_organisation_with_the_moment_of_the_answer() -> None:
    result = read(page(naam=" A. Bakker "))
    [claim] = result.claims
    assert (claim.reference, claim.creditor, claim.amounts.balance) == ("A-1", TOWN, Money(1250))
    assert claim.amounts.as_of == datetime(2026, 3, 2, 8, 15, tzinfo=UTC)
    assert (result.partial, result.stated_name) == (frozenset(), "A. Bakker")
    assert result.basis.kind is BasisKind.LIVE


def test_a_claim_keeps_its_own_moment() -> None:
    [claim] = read(page(vorderingen=[CLAIM | {"peilmoment": "2026-01-31"}])).claims
    assert str(claim.amounts.as_of) == "2026-01-31"


@pytest.mark.threat("T-03")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Vorderingen", [CLAIM]),
        ("vorderingen_overgedragen", [CLAIM]),
        ("Vordering", CLAIM),
        ("Volledig", False),
        ("Vervolg", "blad-2"),
        ("ver_volg", "blad-2"),
    ],
)
def test_our_members_in_another_spelling_may_hide_debts_and_make_the_page_partial(
    name: str, value: object
) -> None:
    for claims in ([], [CLAIM]):
        result = read(page(vorderingen=claims, **{name: value}))
        assert result.partial == {PartialReason.CLAIM_UNREADABLE}


def test_what_a_source_adds_of_its_own_is_skipped() -> None:
    """As the description of the interface promises."""
    extra = {"aantal_vorderingen": 1, "vorderingen_vervallen": [], "leverancier": {"naam": "x"}, "Naam": None}
    assert read(page(**extra)).partial == frozenset()


def test_an_unknown_balance_is_unknown_and_not_zero() -> None:
    [claim] = read(page(vorderingen=[{"kenmerk": "A-1", "saldo": None}])).claims
    assert claim.amounts.balance is None


def test_one_unreadable_claim_makes_the_page_partial_and_keeps_the_rest() -> None:
    result = read(
        page(vorderingen=[CLAIM, {"kenmerk": "A-2", "saldo": 12.5}, "onzin", CLAIM | {"kenmerk": "A-3"}])
    )
    assert [claim.reference for claim in result.claims] == ["A-1", "A-3"]
    assert result.partial == {PartialReason.CLAIM_UNREADABLE}


def test_a_source_that_says_so_is_partial_also_without_claims() -> None:
    assert read(page(volledig=False, vorderingen=[])).partial == {PartialReason.SOURCE_SAYS_SO}


@pytest.mark.parametrize(
    "bsn", ["111111110", ..., None, 999993549, "", " 999993549", "９９９９９３５４９", ["999993549"]]
)
@pytest.mark.threat("T-02")
def test_anything_but_exactly_this_person_is_the_wrong_person(bsn: Any) -> None:
    with pytest.raises(WrongPerson) as refused:
        read(page(bsn=bsn))
    assert "9999" not in str(refused.value)
    assert "1111" not in str(refused.value)


@pytest.mark.parametrize("name", ["bsn", "BSN", "burgerservicenummer"])
@pytest.mark.parametrize("other", ["111111110", 111111110, ["111111110"]])
def test_a_claim_or_event_that_names_another_person_costs_the_whole_answer(name: str, other: Any) -> None:
    stranger = CLAIM | {name: other}
    event = CLAIM | {"gebeurtenissen": [{"soort": "anders", name: other}]}
    for odd in (stranger, event):
        with pytest.raises(WrongPerson):
            read(page(vorderingen=[CLAIM | {"kenmerk": "A-0"}, odd]))


def test_a_claim_may_repeat_the_person_whom_we_asked_about() -> None:
    same = {"bsn": CITIZEN.digits, "gebeurtenissen": [{"soort": "anders", "bsn": CITIZEN.digits}]}
    assert len(read(page(vorderingen=[CLAIM | same, CLAIM | {"kenmerk": "A-0", "bsn": None}])).claims) == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"vorderingen": ...},
        {"vorderingen": None},
        {"vorderingen": {"0": CLAIM}},
        {"volledig": ...},
        {"volledig": "ja"},
        {"volledig": 1},
        {"grondslag": ...},
        {"grondslag": "gevoel"},
        {"grondslag": ["rechtstreeks"]},
        {"peilmoment": ...},
        {"peilmoment": "2026-03-02T09:15:00"},
        {"peilmoment": "gisteren"},
        {"peilmoment": 1772443200},
    ],
)
def test_an_envelope_that_breaks_the_interface_is_no_answer(changes: dict[str, Any]) -> None:
    with pytest.raises(SourceMalformed):
        read(page(**changes))


def test_the_person_is_checked_before_anything_else() -> None:
    with pytest.raises(WrongPerson):
        read(page(bsn="111111110", vorderingen=None))


def test_events_stand_in_order_and_odd_values_are_told() -> None:
    def paid(key: str, day: str) -> dict[str, Any]:
        return {
            "soort": "betaling_verwerkt",
            "kenmerk": key,
            "geregistreerd_op": f"2026-01-{day}T00:00:00Z",
            "bedrag": 1,
        }

    odd = CLAIM | {
        "gebeurtenissen": [paid("b", "20"), paid("a", "10")],
        "betaalgegevens": {"iban": "NL00TEST0000000000"},
    }
    [claim] = read(page(vorderingen=[odd])).claims
    assert [event.key for event in claim.events] == ["a", "b"]
    assert [finding.code for finding in claim.findings] == ["iban_check_digits"]


@pytest.mark.parametrize("name", ["BSN", "Burgerservicenummer"])
def test_a_page_that_names_two_people_is_the_wrong_person(name: str) -> None:
    with pytest.raises(WrongPerson):
        read(page(**{name: "111111110"}))


def test_a_page_that_cannot_be_read_does_not_hide_whose_it_is() -> None:
    for broken in ({"volledig": "ja"}, {"peilmoment": "gisteren"}):
        with pytest.raises(WrongPerson):
            read(page(vorderingen=[CLAIM | {"bsn": "111111110"}], **broken))
