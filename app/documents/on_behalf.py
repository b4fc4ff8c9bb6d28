"""What pages and documents say when somebody else asked for an overview, with DigiD Machtigen.

The words "gemachtigde" and "vertegenwoordigde" are those of DigiD. DigiD gives no names, and a document holds no more of the
number of a representative than its end: nobody who gets it has a ground to use that number.
"""

from __future__ import annotations

from app.language import N_, _

REQUESTED_BY = N_("Opgevraagd door")
WHO_IS_MEANT = N_(
    "Dit gaat over de vertegenwoordigde. Staat er ‘u’ of ‘uw’? Dan bedoelen wij de vertegenwoordigde."
)


def parties(representative: str, represented: str) -> str:
    """Who asked, and for whom; each by the last three digits of the number."""
    return _(
        "gemachtigde (BSN eindigt op %(representative)s) namens vertegenwoordigde (BSN eindigt op %(represented)s)",
        representative=representative,
        represented=represented,
    )


def parties_at_digid(representative: str, represented: str) -> str:
    """The same, and how we know."""
    return _("%(who)s, met DigiD Machtigen", who=parties(representative, represented))


def requested_by(representative: str, represented: str) -> str:
    """The same behind its label, for the foot of a page."""
    return _("Opgevraagd door %(who)s", who=parties(representative, represented))


def note(representative: str, represented: str) -> str:
    """The same as sentences that stand by themselves."""
    who = parties(representative, represented)
    told = _("Opgevraagd door %(who)s, met DigiD Machtigen.", who=who)
    return f"{told} {_(WHO_IS_MEANT)}"
