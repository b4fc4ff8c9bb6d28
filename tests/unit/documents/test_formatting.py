from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from app.documents import formatting
from claims.financial_claim import Arrears
from claims.identity import Bsn
from claims.money import ZERO, Money
from claims.partial_date import PartialDate
from claims.totals import Total


@pytest.mark.parametrize(
    ("cents", "text"),
    [
        (0, "€ 0,00"),
        (5, "€ 0,05"),
        (123456, "€ 1.234,56"),
        (-5, "€ -0,05"),
        (-123456789, "€ -1.234.567,89"),
    ],
)
def test_money_is_written_the_dutch_way(cents: int, text: str) -> None:
    assert formatting.money(Money(cents)) == text


def test_unknown_is_never_zero() -> None:
    assert formatting.money(None) == formatting.day(None) == formatting.moment(None) == "niet bekend"
    assert formatting.arrears(None) == "niet bekend"
    assert formatting.arrears(Arrears(amount=None)) == "te laat, bedrag niet bekend"
    assert formatting.arrears(Arrears(amount=ZERO)) == "€ 0,00"
    assert formatting.total(Total(None, True)) == "niet bekend"
    assert formatting.total(Total(Money(1), True)) == "minstens € 0,01"


def test_partial_dates_show_only_what_is_known() -> None:
    dates: list[PartialDate | date] = [
        PartialDate(2026, 3, 31),
        PartialDate(2026, 3),
        PartialDate(2026),
        date(2026, 12, 1),
    ]
    assert [formatting.day(d) for d in dates] == ["31 maart 2026", "maart 2026", "2026", "1 december 2026"]
    assert [formatting.short_day(d) for d in dates[:3] if isinstance(d, PartialDate)] == [
        "31-03-2026",
        "03-2026",
        "2026",
    ]


def test_moments_follow_the_dutch_clock_in_summer_and_winter() -> None:
    assert formatting.moment(datetime(2026, 11, 22, 13, 5, tzinfo=UTC)) == "22 november 2026 om 14.05 uur"
    assert formatting.moment(datetime(2026, 6, 30, 22, 30, tzinfo=UTC)) == "1 juli 2026 om 00.30 uur"
    assert formatting.when(datetime(2026, 6, 30, 22, 30, tzinfo=UTC)) == "1 juli 2026"


def test_an_instant_that_means_never_has_a_text() -> None:
    never = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    assert formatting.when(never) == "31 december 9999"
    assert formatting.short_day(never) == "31-12-9999"
    assert formatting.moment(never) == "31 december 9999 om 23.59 uur"


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        formatting.moment(datetime(2026, 1, 1))  # noqa: DTZ001


def test_paper_shows_three_digits_of_the_bsn() -> None:
    assert formatting.masked_bsn(Bsn("999993549")) == "******549"


def test_lists_read_like_a_sentence() -> None:
    assert [formatting.joined(n) for n in ([], ["A"], ["A", "B"], ["A", "B", "C"])] == [
        "",
        "A",
        "A en B",
        "A, B en C",
    ]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (14_400, "4 uur"),
        (3600, "60 minuten"),
        (5400, "90 minuten"),
        (900, "15 minuten"),
        (60, "1 minuut"),
        (90, "90 seconden"),
        (1, "1 seconde"),
    ],
)
def test_a_duration_is_said_in_the_unit_that_fits(seconds: int, words: str) -> None:
    assert formatting.duration(seconds) == words
