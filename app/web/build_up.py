"""How the balance of a claim came about, as a sum that people can follow."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.documents import formatting, labels
from app.language import N_
from app.language import gettext as _
from app.web.bars import Bar, bar
from claims.checks import build_up_difference
from claims.financial_claim import FinancialClaim
from claims.money import ZERO
from claims.overview import balance_to_show

NOT_EXPLAINED = N_("Verschil, niet uitgelegd")


@dataclass(frozen=True, slots=True)
class BuildUpRow:
    """`sign` is plus, minus or empty and stands before the label for the eye; the label alone says it too."""

    sign: str
    label: str
    amount: str


@dataclass(frozen=True, slots=True)
class BuildUp:
    """`remark` says when the parts are not all known or do not add up; then a row of its own holds the difference, so that
    the sum can be followed. `paid` shows what is paid beside what is left."""

    rows: tuple[BuildUpRow, ...]
    result: BuildUpRow
    remark: str
    paid: Bar | None


def build_up(claim: FinancialClaim) -> BuildUp:
    amounts = claim.amounts
    rows = [
        BuildUpRow("", _(labels.OPENING), formatting.money(amounts.opening)),
        BuildUpRow("+", _(labels.COSTS), formatting.money(amounts.costs)),
        BuildUpRow("+", _(labels.INTEREST), formatting.money(amounts.interest)),
        BuildUpRow("−", _(labels.PAID), formatting.money(amounts.paid)),
    ]
    if amounts.remitted is not None and amounts.remitted != ZERO:
        rows.append(BuildUpRow("−", _(labels.REMITTED), formatting.money(amounts.remitted)))
    rows.extend(_difference(claim))
    return BuildUp(tuple(rows), _result(claim), _remark(claim), _paid(claim))


def _difference(claim: FinancialClaim) -> Iterator[BuildUpRow]:
    difference = build_up_difference(claim)
    if difference is not None and difference != ZERO and balance_to_show(claim) is not None:
        sign = "+" if difference > ZERO else "−"
        shown = difference if difference > ZERO else -difference
        yield BuildUpRow(sign, _(NOT_EXPLAINED), formatting.money(shown))


def _paid(claim: FinancialClaim) -> Bar | None:
    paid, left = claim.amounts.paid, balance_to_show(claim)
    if paid is None or left is None or paid <= ZERO or left <= ZERO:
        return None
    return bar(paid, paid + left, paid + left)


def _result(claim: FinancialClaim) -> BuildUpRow:
    balance = balance_to_show(claim)
    if claim.is_overpaid and balance is not None:
        return BuildUpRow("=", _(labels.OVERPAID), formatting.money(-balance))
    return BuildUpRow("=", _(labels.BALANCE), formatting.money(balance))


def _remark(claim: FinancialClaim) -> str:
    amounts = claim.amounts
    parts = (amounts.opening, amounts.costs, amounts.interest, amounts.paid, balance_to_show(claim))
    difference = build_up_difference(claim)
    if None in parts:
        return (
            _(
                "Niet elk deel van het bedrag is bekend. Wat wij wel weten, telt op tot dit bedrag. Vraag ernaar als u belt."
            )
            if difference == ZERO
            else _("Niet elk deel van het bedrag is bekend. Vraag ernaar als u belt.")
        )
    if difference not in {None, ZERO}:
        differs = labels.FINDING["build_up_differs"]
        return _(differs)
    return ""
