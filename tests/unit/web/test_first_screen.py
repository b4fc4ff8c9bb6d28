"""What stands first, dates, bars, groups and the sum: the same figures in other shapes, and never more than is known."""

from dataclasses import replace
from datetime import date

import pytest

from app.documents.versions import Versions
from app.web.bars import Bar, bar
from app.web.build_up import NOT_EXPLAINED, build_up
from app.web.claim_card import claim_card
from app.web.dates import MOST_DATES, PASSED, DateGroup, coming_dates
from app.web.first_things import first_things, heading
from claims.financial_claim import Amounts, ClaimStatus, FinancialClaim
from claims.money import ZERO, Money
from claims.outcome import FailureCause, SourceFailure
from claims.overview import Overview, ReportedClaim
from tests.support import web_claims as given
from tests.unit.web.conftest import MakeSite

TODAY = date(2026, 11, 22)


def dates_of(*claims: FinancialClaim) -> tuple[DateGroup, ...]:
    return coming_dates([("rekening-1", claim) for claim in claims], TODAY)[0]


def test_dates_that_have_passed_stand_first_and_the_rest_month_by_month() -> None:
    groups = dates_of(given.benefit_recovery(), given.parking_fine(), given.property_tax(), given.paid())
    assert [group.heading for group in groups] == [PASSED, "December 2026"]
    assert [one.on for one in groups[0].dates] == ["15 augustus 2026", "31 oktober 2026"]
    assert [(one.on, one.what) for one in groups[1].dates] == [
        ("1 december 2026", "€ 50,00 betalen"),
        ("3 december 2026", "Beslag"),
    ]


def test_a_month_without_a_day_and_a_year_without_a_month_keep_their_own_words() -> None:
    months = dates_of(replace(given.property_tax(), due_on=given.day("2026-11")))
    years = dates_of(replace(given.property_tax(), due_on=given.day("2027")))
    assert [group.heading for group in (*months, *years)] == ["November 2026", "2027"]
    assert months[0].dates[0].on == "november 2026"


def test_a_date_without_an_amount_does_not_invent_one() -> None:
    [group] = dates_of(replace(given.property_tax(), amounts=Amounts()))
    assert group.dates[0].what == "Nog te betalen: niet bekend"


def test_very_many_dates_are_counted_and_not_lost_silently() -> None:
    claims = [("", replace(given.property_tax(), reference=str(number))) for number in range(MOST_DATES + 7)]
    groups, more = coming_dates(claims, TODAY)
    assert (sum(len(group.dates) for group in groups), more) == (MOST_DATES, 7)


def first_of(*claims: FinancialClaim) -> tuple[str, list[str], list[bool]]:
    versions = Versions(Overview(given.NOW, ()))
    source = given.source("x", given.TAXES)
    cards = [claim_card(ReportedClaim(claim, (source,)), 1, TODAY, versions) for claim in claims]
    things = first_things(list(zip(claims, cards, strict=True)), TODAY)
    return heading(things), [thing.line for thing in things], [thing.call is not None for thing in things]


def test_what_threatens_stands_first_with_whom_to_call() -> None:
    assert first_of(given.parking_fine(), given.property_tax()) == (
        "Doe dit vandaag",
        ["Beslag: 3 december 2026."],
        [True],
    )


def test_without_a_threat_it_is_what_is_late_and_then_what_comes_first() -> None:
    assert first_of(given.property_tax(), given.benefit_recovery())[0] == "Doe dit eerst"
    assert first_of(given.benefit_recovery(), given.disputed())[::2] == ("Dit komt eerst", [False])


@pytest.mark.parametrize(
    "claims",
    [
        (),
        (given.paid(),),
        (given.disputed(),),
        (replace(given.property_tax(), status=ClaimStatus.PAUSED, arrears=None),),
    ],
)
def test_where_nothing_has_a_date_nothing_is_put_first(claims: tuple[FinancialClaim, ...]) -> None:
    assert first_of(*claims)[1] == []


def test_a_sum_that_does_not_add_up_has_a_row_with_the_difference_so_that_it_does() -> None:
    amounts = replace(given.property_tax().amounts, balance=Money(50_000))
    built = build_up(replace(given.property_tax(), amounts=amounts))
    assert (built.rows[-1].sign, built.rows[-1].label, built.rows[-1].amount) == (
        "+",
        NOT_EXPLAINED,
        "€ 40,50",
    )
    less = replace(amounts, balance=Money(40_000), interest=None)
    built = build_up(replace(given.property_tax(), amounts=less))
    assert (built.rows[-1].sign, built.rows[-1].amount) == ("−", "€ 59,50")
    assert built.rows[2].amount == "niet bekend"


def test_what_is_known_and_adds_up_is_called_so_beside_what_is_not_known() -> None:
    built = build_up(
        replace(given.property_tax(), amounts=replace(given.property_tax().amounts, interest=None))
    )
    assert "telt op tot dit bedrag" in built.remark
    assert NOT_EXPLAINED not in [row.label for row in built.rows]


def test_bars_have_the_lengths_of_the_amounts() -> None:
    assert bar(Money(25), Money(50), Money(100)) == Bar(25, 25)
    assert bar(None, Money(50), Money(100), open_end=True) == Bar(0, 50, open_end=True)
    assert bar(Money(1), Money(1), Money(1_000_000)) == Bar(1, 0), "little is not nothing"
    assert bar(Money(90), Money(50), Money(50)) == Bar(100, 0), "never longer than the whole"


@pytest.mark.parametrize(("whole", "longest"), [(None, Money(5)), (ZERO, Money(5)), (Money(5), ZERO)])
def test_nothing_known_is_no_bar(whole: Money | None, longest: Money) -> None:
    assert bar(None, whole, longest) is None


def test_the_four_answers_come_in_order_and_before_everything_else(make: MakeSite) -> None:
    failed = SourceFailure(
        source=given.source("parkeren", given.PARKING), failed_at=given.NOW, cause=FailureCause.TOO_SLOW
    )
    browser = make(
        given.answer("x", given.TAXES, given.property_tax(), given.parking_fine()), failed
    ).browser()
    browser.log_in()
    page = browser.get("/overzicht").text
    words = [
        "gaf een volledig antwoord",
        "minstens €\xa0606,82",
        "Doe dit vandaag",
        "tel:08008115",
        "downloaden",
    ]
    places = [page.index(word) for word in words]
    assert places == sorted(places)
    assert "Er kunnen meer en eerdere data zijn" in page
    assert 'class="bar__open"' in page, "a bar of a sum that may be higher has no end"


def test_claims_are_grouped_by_organisation_when_somebody_asks(make: MakeSite) -> None:
    claims = (given.property_tax(), given.parking_fine(), replace(given.disputed(), reference="2"))
    browser = make(given.answer("x", given.TAXES, *claims)).browser()
    browser.log_in()
    page = browser.get("/overzicht?volgorde=organisatie").text
    assert page.count('group-heading">') == 2
    assert page.count('<article class="claim"') == 3
    assert page.index("Gemeente Voorbeeldstad, Parkeren</h3>") < page.index(
        "Gemeente Voorbeeldstad, Belastingen</h3>"
    )
    assert 'group-heading">' not in browser.get("/overzicht?volgorde=iets").text
