"""The dates that matter, of all claims together: first what has passed, then month by month."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from app.documents import formatting, labels, sentences
from app.language import N_
from app.language import gettext as _
from app.web.next_steps import to_pay
from claims.financial_claim import FinancialClaim
from claims.money import Money
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


def _of(anchor: str, claim: FinancialClaim, today: date) -> Iterator[_Found]:
    for urgency in claim.urgencies:
        if urgency.on is not None:
            yield _Found(urgency.on, _(labels.URGENCY[urgency.kind]), claim, anchor)
    plan, due = claim.payment_plan, claim.due_on
    if due is not None:
        yield _Found(due, _amount(claim, to_pay(claim)[0]), claim, anchor)
    if plan is not None and plan.next_due_on is not None and plan.next_due_on != due:
        yield _Found(plan.next_due_on, _amount(claim, plan.instalment), claim, anchor)
    until = claim.objection_until_on
    if until is not None and until.latest >= today:
        yield _Found(until, _("Bezwaar maken kan tot deze dag"), claim, anchor)


def _amount(claim: FinancialClaim, amount: Money | None) -> str:
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
    return formatting.day(PartialDate(on.year, on.month)).capitalize()
