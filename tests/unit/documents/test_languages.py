"""In whatever language somebody reads: files for programs stay Dutch, dates and amounts keep their digits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from app.documents import csv, formatting, json, summary_csv, summary_json, summary_xlsx
from app.documents.summary_json import Summary
from app.language import DUTCH, LANGUAGES, speaking
from claims.merge import merge
from claims.merged import GivenOverview, MergedFile
from claims.money import Money
from claims.overview import Overview
from claims.partial_date import PartialDate
from claims.totals import Total
from tests.support import snapshots

OVERVIEW = replace(snapshots.snapshot(snapshots.partial_outcomes()), requested_by="123")


def summary() -> Summary:
    file = MergedFile("BK-2026-0000000001", "Gemeente X", "code", snapshots.NOW, ("ab" * 32,))
    given = GivenOverview(file, snapshots.BSN, Overview(snapshots.NOW, snapshots.partial_outcomes()))
    return Summary("BS-2026-0123456789", "0" * 32, snapshots.NOW, merge([given]))


WRITERS: dict[str, Callable[[], bytes]] = {
    "csv": lambda: csv.write(OVERVIEW),
    "json": lambda: json.write_payload(OVERVIEW),
    "summary csv": lambda: summary_csv.write(summary()),
    "summary xlsx": lambda: summary_xlsx.write(summary()),
    "summary json": lambda: summary_json.write_payload(summary(), snapshots.ISSUER),
}


@pytest.mark.parametrize("code", [code for code in LANGUAGES if code != DUTCH])
@pytest.mark.parametrize("name", WRITERS)
def test_what_programs_read_is_the_same_in_every_language(name: str, code: str) -> None:
    dutch = WRITERS[name]()
    with speaking(code):
        assert WRITERS[name]() == dutch


@pytest.mark.parametrize(
    ("code", "day", "month"),
    [
        ("nl", "3 december 2026", "december 2026"),
        ("en", "3 December 2026", "December 2026"),
        ("ar", "3 ديسمبر 2026", "ديسمبر 2026"),
        ("pl", "3 grudnia 2026", "grudzień 2026"),
        ("tr", "3 Aralık 2026", "Aralık 2026"),
        ("uk", "3 грудня 2026", "грудень 2026"),
    ],
)
def test_a_date_has_the_months_of_the_language_and_our_digits(code: str, day: str, month: str) -> None:
    with speaking(code):
        assert formatting.day(date(2026, 12, 3)) == formatting.day(PartialDate(2026, 12, 3)) == day
        assert formatting.day(PartialDate(2026, 12)) == month
        assert formatting.day(PartialDate(2026)) == "2026"
        assert day in formatting.moment(datetime(2026, 12, 3, 12, 0, tzinfo=UTC))


@pytest.mark.parametrize("code", LANGUAGES)
def test_an_amount_is_written_as_on_dutch_letters(code: str) -> None:
    with speaking(code):
        assert formatting.money(Money(123456)) == "€ 1.234,56"
        assert "€ 1.234,56" in formatting.total(Total(Money(123456), is_at_least=True))
