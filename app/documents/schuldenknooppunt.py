"""The columns of the answer part of "CSV Saldoverzoek Antwoord" of the Schuldenknooppunt, in its order: letters L to V.

Source: a stored copy of schuldenknooppunt.atlassian.net, page 5741946, which broke off behind column V. **Not confirmed**: the
exact spelling of headings in a real file, the columns after V, and whether the knooppunt takes such a file from a
counsellor. So this order serves people who type or paste; all names stand in this file and nowhere else.
What we do not know is empty: a contact person, `Klant onbekend` and `Standaard akkoord` are for the creditor to fill in.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from app.documents import formatting
from claims.financial_claim import ClaimStatus, FinancialClaim
from claims.money import Money
from claims.organisation import ContactKind, ContactOption
from claims.outcome import Source
from claims.stated import is_settled

Cell = str | Money | None

COLUMNS = (
    "Klantnummer SE",
    "Contactpersoon SE.Naam",
    "Contactpersoon SE.Email",
    "Contactpersoon SE.Telefoon",
    "Klant onbekend",
    "Standaard akkoord",
    "Datum",
    "Schuldtype",
    "FactuurnummerSE",
    "openstaand.Ontstaansdatum",
    "openstaand.Orginele vordering",  # spelled so at the source
)
_OPEN, _HANDED_OVER = "openstaande schuld", "overgedragen schuld"


def cells(claim: FinancialClaim, source: Source, said_at: datetime) -> tuple[Cell, ...]:
    """One claim. `said_at`: the date where the claim states none."""
    contact = (*claim.contact, *source.contact)
    return (
        claim.customer_number,
        None,
        _first(contact, ContactKind.EMAIL),
        _first(contact, ContactKind.PHONE),
        None,
        None,
        formatting.short_day(claim.amounts.as_of or said_at),
        debt_type(claim),
        claim.reference,
        formatting.short_day(claim.originated_on),
        claim.amounts.opening,
    )


def debt_type(claim: FinancialClaim) -> str | None:
    """None for what is settled: the knooppunt asks for debts."""
    if is_settled(claim):
        return None
    handed_over = claim.collector is not None or claim.status is ClaimStatus.TRANSFERRED
    return _HANDED_OVER if handed_over else _OPEN


def _first(options: Iterable[ContactOption], kind: ContactKind) -> str | None:
    return next((option.value for option in options if option.kind is kind), None)
