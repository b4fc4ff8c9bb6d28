"""What one claim, as it is stated, means for what is still owed. Nothing here may hide a debt."""

from __future__ import annotations

from claims.financial_claim import ClaimStatus, FinancialClaim
from claims.money import ZERO, Money
from claims.organisation import Organisation

SETTLED = frozenset({ClaimStatus.PAID, ClaimStatus.REMITTED})
_LATE = frozenset({ClaimStatus.OVERDUE, ClaimStatus.ARRANGEMENT_BROKEN})


def is_settled(claim: FinancialClaim) -> bool:
    """Nothing is to be paid any more on this claim, as the source states it, or the citizen gets money back. A claim
    on which the source contradicts itself ("paid" beside a balance) is not settled: nothing may be hidden by it."""
    balance = claim.amounts.balance
    if balance == ZERO:
        return claim.status in SETTLED
    if balance is not None and balance > ZERO:
        return False
    return (claim.status in SETTLED or claim.is_overpaid) and not asks_money(claim)


def contradicts_itself(claim: FinancialClaim) -> bool:
    """Called settled beside a balance, or late or to be paid beside nothing to pay, or late by less than nothing."""
    balance, arrears = claim.amounts.balance, claim.arrears
    if arrears is not None and arrears.amount is not None and arrears.amount < ZERO:
        return True
    if asks_money(claim) and balance is not None and balance <= ZERO:
        return True
    return claim.status in SETTLED and not is_settled(claim)


def balance_to_show(claim: FinancialClaim) -> Money | None:
    """The stated balance; None, not known, where that balance does not tell what is owed: after a hand-over with
    nothing left here, or when the source asks for money beside it."""
    balance = claim.amounts.balance
    if balance is None or balance > ZERO or is_settled(claim):
        return balance
    return None if _is_owed_elsewhere(claim) or asks_money(claim) else balance


def _is_owed_elsewhere(claim: FinancialClaim) -> bool:
    return claim.status is ClaimStatus.TRANSFERRED and claim.amounts.balance == ZERO


def creditor_key(creditor: Organisation) -> tuple[str, str]:
    """Equal for the same creditor: by OIN where known, by name otherwise."""
    return ("oin", creditor.oin.digits) if creditor.oin else ("name", creditor.name.casefold())


def owed(claim: FinancialClaim) -> Money | None:
    """What counts in the total: money back never lowers it."""
    shown = balance_to_show(claim)
    return None if shown is None else max(shown, ZERO)


def asks_money(claim: FinancialClaim) -> bool:
    """The source says that something is late or that an amount is to be paid now. A system that fills in nothing, or a
    minus sign too many, as balance must not make such a claim vanish from the total."""
    is_due = claim.due_amount is not None and claim.due_amount > ZERO
    return states_arrears(claim) or claim.status in _LATE or is_due


def states_arrears(claim: FinancialClaim) -> bool:
    return claim.arrears is not None and (claim.arrears.amount is None or claim.arrears.amount > ZERO)


def late_amount(claim: FinancialClaim) -> Money | None:
    """Less than nothing cannot be late: such an amount is not known, and never lowers what is late elsewhere. Nothing
    late here says nothing about a claim that is owed elsewhere now."""
    amount = None if claim.arrears is None else claim.arrears.amount
    if amount is None or amount < ZERO or (amount == ZERO and _is_owed_elsewhere(claim)):
        return None
    return amount
