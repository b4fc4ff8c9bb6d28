"""How the balance of a claim came about, as a sum that people can follow."""

from __future__ import annotations

from dataclasses import dataclass

from app.documents import formatting, labels
from claims.financial_claim import Amounts, FinancialClaim
from claims.money import ZERO, Money


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
    return BuildUp(tuple(rows), _result(claim), _remark(amounts))


def _result(claim: FinancialClaim) -> BuildUpRow:
    balance = claim.amounts.balance
    if claim.is_overpaid and balance is not None:
        return BuildUpRow("=", labels.OVERPAID, formatting.money(-balance))
    return BuildUpRow("=", labels.BALANCE, formatting.money(balance))


def _remark(amounts: Amounts) -> str:
    difference = _difference(amounts)
    if difference is None:
        return "Niet elk deel van het bedrag is bekend. Vraag ernaar als u belt."
    if difference != ZERO:
        return "Deze bedragen tellen niet precies op. Vraag de organisatie om uitleg."
    return ""


def _difference(amounts: Amounts) -> Money | None:
    """Stated balance minus the sum of the parts; None when a part is not known. Remission counts only when stated."""
    parts = (amounts.opening, amounts.costs, amounts.interest, amounts.paid, amounts.balance)
    opening, costs, interest, paid, balance = parts
    if opening is None or costs is None or interest is None or paid is None or balance is None:
        return None
    return balance - (opening + costs + interest - paid - (amounts.remitted or ZERO))
