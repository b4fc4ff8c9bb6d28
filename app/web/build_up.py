"""How the balance of a claim came about, as a sum that people can follow."""

from __future__ import annotations

from dataclasses import dataclass

from app.documents import formatting, labels
from claims.checks import build_up_difference
from claims.financial_claim import FinancialClaim
from claims.money import ZERO
from claims.overview import balance_to_show


@dataclass(frozen=True, slots=True)
class BuildUpRow:
    """`sign` is plus, minus or empty and stands before the label for the eye; the label alone says it too."""

    sign: str
    label: str
    amount: str


@dataclass(frozen=True, slots=True)
class BuildUp:
    """`remark` says when the parts are not all known or do not add up."""

    rows: tuple[BuildUpRow, ...]
    result: BuildUpRow
    remark: str


def build_up(claim: FinancialClaim) -> BuildUp:
    amounts = claim.amounts
    rows = [
        BuildUpRow("", labels.OPENING, formatting.money(amounts.opening)),
        BuildUpRow("+", labels.COSTS, formatting.money(amounts.costs)),
        BuildUpRow("+", labels.INTEREST, formatting.money(amounts.interest)),
        BuildUpRow("−", labels.PAID, formatting.money(amounts.paid)),
    ]
    if amounts.remitted is not None and amounts.remitted != ZERO:
        rows.append(BuildUpRow("−", labels.REMITTED, formatting.money(amounts.remitted)))
    return BuildUp(tuple(rows), _result(claim), _remark(claim))


def _result(claim: FinancialClaim) -> BuildUpRow:
    balance = balance_to_show(claim)
    if claim.is_overpaid and balance is not None:
        return BuildUpRow("=", labels.OVERPAID, formatting.money(-balance))
    return BuildUpRow("=", labels.BALANCE, formatting.money(balance))


def _remark(claim: FinancialClaim) -> str:
    amounts = claim.amounts
    parts = (amounts.opening, amounts.costs, amounts.interest, amounts.paid, balance_to_show(claim))
    if None in parts:
        return "Niet elk deel van het bedrag is bekend. Vraag ernaar als u belt."
    if build_up_difference(claim) not in {None, ZERO}:
        return labels.FINDING["build_up_differs"]
    return ""
