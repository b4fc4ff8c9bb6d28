"""What pages and documents say when somebody else asked for an overview, with DigiD Machtigen.

The words "gemachtigde" and "vertegenwoordigde" are those of DigiD. DigiD gives no names, and a document holds no more of the
number of a representative than its end: nobody who gets it has a ground to use that number.
"""

from __future__ import annotations

REQUESTED_BY = "Opgevraagd door"
WHO_IS_MEANT = (
    "Dit gaat over de vertegenwoordigde. Staat er ‘u’ of ‘uw’? Dan bedoelen wij de vertegenwoordigde."
)


def parties(representative: str, represented: str) -> str:
    """Who asked, and for whom; each by the last three digits of the number."""
    return f"gemachtigde (BSN eindigt op {representative}) namens vertegenwoordigde (BSN eindigt op {represented})"


def note(representative: str, represented: str) -> str:
    """The same as sentences that stand by themselves."""
    who = parties(representative, represented)
    return f"{REQUESTED_BY} {who}, met DigiD Machtigen. {WHO_IS_MEANT}"
