"""A file with one claim per line, under headings that the settings name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from claims.checks import with_findings
from claims.financial_claim import Amounts, FinancialClaim
from claims.identity import Bsn
from claims.money import LARGEST_CENTS, Money
from claims.organisation import Organisation
from claims.partial_date import PartialDate
from sources.batch.record import NOT_A_BSN, BadRecord, Closing, Record
from sources.batch.table import Table
from sources.batch_settings import AMOUNT_COLUMNS, DATE_COLUMNS, TEXT_COLUMNS, BatchSettings

_EUROS = re.compile(r"(-?)([0-9]{1,12}|[0-9]{1,3}(?:\.[0-9]{3}){1,3}(?=,))(?:,([0-9]{2}))?")
_CENTS = re.compile(r"-?[0-9]{1,14}")
_DATES = {
    "dutch": re.compile(r"(?P<d>[0-9]{1,2})-(?P<m>[0-9]{1,2})-(?P<y>[0-9]{4})"),
    "iso": re.compile(r"(?P<y>[0-9]{4})(?P<dash>-?)(?P<m>[0-9]{2})(?P=dash)(?P<d>[0-9]{2})"),
}
_BUILD_UP = AMOUNT_COLUMNS - {"due_amount"}
_TEXTS = TEXT_COLUMNS - {"reference"}


class CsvLines:
    def __init__(self, creditor: Organisation, settings: BatchSettings) -> None:
        self._creditor = creditor
        self._settings = settings
        self._ours = tuple(settings.columns)
        self._table = Table(settings.columns, settings.encoding, settings.delimiter)

    def read(self, line: bytes) -> tuple[Bsn, Record] | Closing | None:
        """None: the line with the headings. Raises BadRecord, and DeliveryRefused when headings are missing."""
        cells = self._table.read(line)
        return self._person_and_record(cells) if isinstance(cells, dict) else cells

    def _person_and_record(self, cells: Mapping[str, str]) -> tuple[Bsn, Record]:
        try:
            bsn = Bsn(cells["bsn"])
        except ValueError:
            raise BadRecord(NOT_A_BSN) from None
        try:
            claim = self._claim(cells)
        except ValueError as error:
            raise BadRecord(str(error), bsn) from None
        return bsn, Record((with_findings(claim),), stated_name=cells.get("name") or None)

    def _claim(self, cells: Mapping[str, str]) -> FinancialClaim:
        """An empty cell is "not stated", never zero. Raises ValueError with a fixed phrase."""
        settings, ours = self._settings, self._ours
        build_up: dict[str, Any] = {
            name: _amount(cells[name], settings.amounts) for name in ours if name in _BUILD_UP
        }
        rest: dict[str, Any] = {
            name: _day(cells[name], settings.dates) for name in ours if name in DATE_COLUMNS
        }
        rest |= {name: cells[name] or None for name in ours if name in _TEXTS}
        return FinancialClaim(
            reference=cells["reference"],
            creditor=self._creditor,
            amounts=Amounts(**build_up),
            due_amount=_amount(cells.get("due_amount", ""), settings.amounts),
            **rest,
        )


def _amount(text: str, written: str) -> Money | None:
    if not text:
        return None
    cents = int(text) if written == "cents" and _CENTS.fullmatch(text) else None
    if written == "decimal_comma" and (match := _EUROS.fullmatch(text)):
        sign, euros, rest = match.groups()
        cents = int(f"{sign}{euros.replace('.', '')}{rest or '00'}")
    if cents is None or abs(cents) > LARGEST_CENTS:
        raise ValueError("an amount that we cannot read")
    return Money(cents)


def _day(text: str, written: str) -> PartialDate | None:
    if not text:
        return None
    match = _DATES[written].fullmatch(text)
    try:
        if match is None:
            raise ValueError
        return PartialDate.of(date(int(match["y"]), int(match["m"]), int(match["d"])))
    except ValueError:
        raise ValueError("a date that we cannot read") from None
