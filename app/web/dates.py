"""The dates that matter, of all claims together: first what has passed, then month by month."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from app.documents import formatting, labels, sentences
from app.documents.payments import is_waiting, payments, per_month
from app.language import N_
from app.language import gettext as _
from app.web.bars import Bar, bar
from claims.financial_claim import FinancialClaim
from claims.money import ZERO, Money
from claims.overview import balance_to_show, is_settled
from claims.partial_date import PartialDate

MOST_DATES = 100
PASSED = N_("Al voorbij")


@dataclass(frozen=True, slots=True)
class ComingDate:
    """`anchor`: of the card, or empty when the claim has none."""

    on: str
    what: str
    title: str
    anchor: str


@dataclass(frozen=True, slots=True)
class DateGroup:
    heading: str
    dates: tuple[ComingDate, ...]


@dataclass(frozen=True, slots=True)
class MonthRow:
    """What is to be paid in one month; the same numbers as in the list of dates."""

    month: str
    amount: str
    bar: Bar | None


@dataclass(frozen=True, slots=True)
class _Found:
    on: PartialDate
    what: str
    claim: FinancialClaim
    anchor: str


def coming_dates(
    claims: Iterable[tuple[str, FinancialClaim]], today: date
) -> tuple[tuple[DateGroup, ...], int]:
    """Groups of at most MOST_DATES dates, and how many more there are. `claims`: each with the anchor of its card."""
    every = [
        found for anchor, claim in claims if not is_settled(claim) for found in _of(anchor, claim, today)
    ]
    every.sort(key=lambda found: (found.on.latest >= today, found.on.earliest, found.claim.reference))
    shown = every[:MOST_DATES]
    return tuple(_groups(shown, today)), len(every) - len(shown)


def month_rows(claims: Iterable[FinancialClaim], today: date, *, has_gaps: bool) -> tuple[MonthRow, ...]:
    """For the picture of the dates; late is what stands before today."""
    sums = per_month(claims, today, has_gaps=has_gaps)
    longest = max((one.total.amount for one in sums if one.total.amount), default=ZERO)
    return tuple(
        MonthRow(
            _(PASSED) if one.month is None else _month(one.month),
            formatting.total(one.total),
            bar(one.total.amount if one.month is None else ZERO, one.total.amount, longest),
        )
        for one in sums
    )


def _of(anchor: str, claim: FinancialClaim, today: date) -> Iterator[_Found]:
    for urgency in claim.urgencies:
        if urgency.on is not None:
            yield _Found(urgency.on, _(labels.URGENCY[urgency.kind]), claim, anchor)
    for on, amount in payments(claim):
        yield _Found(on, _amount(claim, amount), claim, anchor)
    until = claim.objection_until_on
    if until is not None and until.latest >= today:
        yield _Found(until, _("Bezwaar maken kan tot deze dag"), claim, anchor)


def _amount(claim: FinancialClaim, amount: Money | None) -> str:
    if is_waiting(claim):
        shown = balance_to_show(claim) if amount is None else amount
        return f"{_(labels.STATUS[claim.status])}: {formatting.money(shown)}"
    if amount is not None:
        return _("%(amount)s betalen", amount=formatting.money(amount))
    return f"{_(labels.BALANCE)}: {formatting.money(balance_to_show(claim))}"


def _groups(found: Sequence[_Found], today: date) -> Iterator[DateGroup]:
    for heading, group in groupby(found, key=lambda one: _heading(one.on, today)):
        yield DateGroup(
            heading,
            tuple(
                ComingDate(formatting.day(f.on), f.what, sentences.claim_title(f.claim), f.anchor)
                for f in group
            ),
        )


def _heading(on: PartialDate, today: date) -> str:
    if on.latest < today:
        return _(PASSED)
    return _month(on)


def _month(on: PartialDate) -> str:
    text = formatting.day(PartialDate(on.year, on.month))
    return text[:1].upper() + text[1:]
