"""Checks on what a source states. A check never changes or hides a value: it only tells what is odd."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from claims.events import PaymentObligationImposed
from claims.financial_claim import FinancialClaim, Finding
from claims.money import ZERO, Money
from claims.overview import contradicts_itself

_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")


def build_up_difference(claim: FinancialClaim) -> Money | None:
    """The stated balance minus what its parts add up to (opening + costs + interest - paid - remitted).

    None when there is nothing to compare: balance or opening amount is not known. A part that is not stated counts
    for nothing here, so a difference means "not wholly explained", not "wrong". Zero: it adds up."""
    amounts = claim.amounts
    if amounts.balance is None or amounts.opening is None:
        return None
    plus = (amounts.opening, amounts.costs, amounts.interest)
    minus = (amounts.paid, amounts.remitted)
    built_up = sum((part for part in plus if part), ZERO) - sum((part for part in minus if part), ZERO)
    return amounts.balance - built_up


def is_valid_iban(text: str) -> bool:
    """Form and check digits (ISO 13616, mod 97). Spaces and small letters are allowed."""
    iban = "".join(text.split()).upper()
    if not _IBAN.fullmatch(iban):
        return False
    digits = "".join(str(int(character, 36)) for character in iban[4:] + iban[:4])
    return int(digits) % 97 == 1


def claim_findings(claim: FinancialClaim) -> tuple[Finding, ...]:
    """What is odd about one claim, besides what reading it already found."""
    return tuple(_odd(claim))


def with_findings(claim: FinancialClaim) -> FinancialClaim:
    """The claim with these findings added once; a second time changes nothing."""
    new = [finding for finding in claim_findings(claim) if finding not in claim.findings]
    return replace(claim, findings=(*claim.findings, *new)) if new else claim


def build_up_differs(claim: FinancialClaim) -> bool:
    """The parts do not add up to the balance, and no part that the source left out can be the reason: a payment when
    the balance is lower, costs or interest when it is higher."""
    difference, amounts = build_up_difference(claim), claim.amounts
    if difference is None or difference == ZERO:
        return False
    reasons = (amounts.paid,) if difference < ZERO else (amounts.costs, amounts.interest)
    return None not in reasons


def _odd(claim: FinancialClaim) -> Iterator[Finding]:
    if build_up_differs(claim):
        yield Finding("build_up_differs")
    if contradicts_itself(claim):
        yield Finding("status_or_arrears_differ")
    if any(not is_valid_iban(iban) for iban in _ibans(claim)):
        yield Finding("iban_check_digits")


def _ibans(claim: FinancialClaim) -> Iterator[str]:
    if claim.payment is not None and claim.payment.iban is not None:
        yield claim.payment.iban
    for event in claim.events:
        if isinstance(event, PaymentObligationImposed) and event.iban is not None:
            yield event.iban
