"""The small values: money, dates, moments and identities refuse what they cannot mean."""

import copy
import pickle
from datetime import date, datetime

import pytest
from hypothesis import given

from claims.identity import Bsn, Oin
from claims.instant import format_instant, format_moment, parse_instant, parse_moment
from claims.money import Money
from claims.partial_date import PartialDate
from tests.support import strategies


@pytest.mark.parametrize("cents", [1.0, True, "1", None])
def test_money_is_whole_cents(cents: object) -> None:
    with pytest.raises(TypeError):
        Money(cents)  # type: ignore[arg-type]


def test_absurd_amounts_are_refused() -> None:
    with pytest.raises(ValueError, match="out of range"):
        Money(10**18 + 1)


@given(strategies.instants)
def test_instants_survive_the_wire(instant: datetime) -> None:
    assert parse_instant(format_instant(instant)) == instant


@given(strategies.partial_dates)
def test_partial_dates_survive_the_wire(day: PartialDate) -> None:
    assert parse_moment(format_moment(day)) == day
    assert day.earliest <= day.latest


@pytest.mark.parametrize(
    "text",
    [
        "2026-04-01T10:00:00",
        "2026-04-01 10:00:00Z",
        "2026-04-01",
        "2026-02-30T10:00:00Z",
        "2026-04-01T24:00:00Z",
        "2026-04-01T10:00Z",
        "0001-01-01T00:00:00+14:00",
        "２026-04-01T10:00:00Z",
        "2026-04-01T10:00:00+0200",
        "",
    ],
)
def test_a_moment_without_zone_or_sense_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(ValueError, match="date-time") as refused:
        parse_instant(text)
    assert not text or text not in str(refused.value)


def test_a_naive_moment_is_never_written() -> None:
    with pytest.raises(ValueError, match="time zone"):
        format_instant(datetime(2026, 4, 1))  # noqa: DTZ001


@pytest.mark.parametrize(
    "text", ["2026-13", "2026-02-30", "26-01-01", "2026-1-1", "2026-01-01T", "0000", "٢٠٢٦"]
)
def test_dates_that_cannot_be(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the reason is the calendar's
        PartialDate.parse(text)


def test_the_last_day_of_a_partial_date() -> None:
    assert PartialDate(2028, 2).latest == date(2028, 2, 29)
    assert PartialDate(2026).latest == date(2026, 12, 31)


@pytest.mark.parametrize("digits", ["99999001", "999990018", "000000000", "99999001٩", "", None])
def test_what_is_no_bsn_is_refused_without_repeating_it(digits: object) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011
        Bsn(digits)  # type: ignore[arg-type]
    assert not digits or str(digits) not in str(refused.value)


def test_a_bsn_hides_itself() -> None:
    bsn = Bsn("999990019")
    assert "9999" not in f"{bsn} {bsn!r} {[bsn]}"
    assert bsn.last_three == "019"
    for leak in (pickle.dumps, copy.deepcopy):
        with pytest.raises(TypeError):
            leak(bsn)


def test_an_oin_has_twenty_digits() -> None:
    with pytest.raises(ValueError, match="twenty"):
        Oin("1" * 19)
